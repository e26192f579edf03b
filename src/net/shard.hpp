// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>

#include "net/loop.hpp"

namespace aula::net {

/// Where objects of type T live on one loop, found by their id. Used on that loop's thread only.
template <class T>
class Directory {
public:
    using Id = typename T::Id;

    T* find(const Id& id) {
        const auto at = residents_.find(id);
        return at == residents_.end() ? nullptr : at->second.get();
    }
    T& add(const Id& id, std::unique_ptr<T> resident) {
        return *residents_.insert_or_assign(id, std::move(resident)).first->second;
    }
    /// Takes the resident out, so that the caller decides when it dies (end of the turn).
    std::unique_ptr<T> remove(const Id& id) {
        const auto at = residents_.find(id);
        if (at == residents_.end()) return nullptr;
        auto resident = std::move(at->second);
        residents_.erase(at);
        return resident;
    }
    std::size_t size() const { return residents_.size(); }
    auto begin() { return residents_.begin(); }
    auto end() { return residents_.end(); }

private:
    std::unordered_map<Id, std::unique_ptr<T>> residents_;
};

/// The name by which other threads reach a T that lives on a loop.
/// It is an address, not a pointer: a message to a T that has gone is dropped.
template <class T>
class Ref {
public:
    Ref() = default;
    Ref(Loop& home, Directory<T>& directory, typename T::Id id)
        : home_(&home), directory_(&directory), id_(std::move(id)) {}

    template <class F>
    void tell(F message) const {
        home_->post([directory = directory_, id = id_, message = std::move(message)]() mutable {
            if (T* resident = directory->find(id)) message(*resident);
        });
    }

    explicit operator bool() const { return home_ != nullptr; }
    const typename T::Id& id() const { return id_; }
    Loop& home() const { return *home_; }

private:
    Loop* home_ = nullptr;
    Directory<T>* directory_ = nullptr;
    typename T::Id id_{};
};

}  // namespace aula::net
