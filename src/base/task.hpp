// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace aula {

template <class Signature>
class UniqueFunction;

/// A callable that may own move-only things (gcc 12 lacks std::move_only_function in C++20).
template <class Result, class... Arguments>
class UniqueFunction<Result(Arguments...)> {
public:
    UniqueFunction() = default;

    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, UniqueFunction> &&
             std::is_invocable_r_v<Result, std::remove_cvref_t<F>&, Arguments...>)
        UniqueFunction(
            F&& callable)  // NOLINT(google-explicit-constructor): stands where a lambda stands
        : callable_(std::make_unique<Holder<std::remove_cvref_t<F>>>(std::forward<F>(callable))) {}

    Result operator()(Arguments... arguments) {
        return callable_->call(std::forward<Arguments>(arguments)...);
    }
    explicit operator bool() const { return callable_ != nullptr; }

private:
    struct Callable {
        virtual ~Callable() = default;
        virtual Result call(Arguments... arguments) = 0;
    };
    template <class F>
    struct Holder final : Callable {
        explicit Holder(F f) : function(std::move(f)) {}
        Result call(Arguments... arguments) override {
            return function(std::forward<Arguments>(arguments)...);
        }
        F function;
    };

    std::unique_ptr<Callable> callable_;
};

using Task = UniqueFunction<void()>;

}  // namespace aula
