// SPDX-License-Identifier: Apache-2.0
#include "cloud/inventory.hpp"

#include <algorithm>

namespace aula::cloud {
namespace {

constexpr std::size_t least_replaced = 4 << 20;  // a smaller journal is not worth the work

bool is_seen_by(const Object& object, Kind kind, std::string_view owner) {
    return object.kind == kind && (object.owner == owner || object.owner.empty());
}

}  // namespace

Expected<Inventory, Error> Inventory::open(const std::filesystem::path& file) {
    Inventory inventory;
    auto journal = Journal::open(file, [&](std::string_view line) {
        inventory.take(json::parse({line.data(), line.size()}).as_object());
    });
    if (!journal) return fail(journal.error());
    inventory.journal_.emplace(std::move(*journal));
    inventory.put_in_order();
    return inventory;
}

void Inventory::take(const json::object& line) {
    for (const auto& entry : line.at("objects").as_array()) {
        auto object = object_of(entry.as_object());
        auto id = object.id;
        objects_.insert_or_assign(std::move(id), std::move(object));
    }
    for (const auto& entry : line.at("jobs").as_array()) take_job(job_of(entry.as_object()));
    for (const auto& id : line.at("forgotten").as_array()) {
        const std::string name(id.as_string());
        objects_.erase(name);
        jobs_.erase(name);
    }
}

void Inventory::take_job(Job job) {
    auto id = job.id;
    if (!jobs_.contains(id)) job_order_.push_back(id);
    jobs_.insert_or_assign(std::move(id), std::move(job));
}

void Inventory::put_in_order() {
    std::erase_if(job_order_, [this](const std::string& id) { return !jobs_.contains(id); });
    for (const auto& [id, object] : objects_) {
        if (object.deleted) deleted_order_.push_back(id);
        index(object);
    }
    std::sort(deleted_order_.begin(), deleted_order_.end(), [this](const auto& a, const auto& b) {
        return *objects_.at(a).deleted < *objects_.at(b).deleted;
    });
    living_ = objects_.size() - deleted_order_.size();
}

void Inventory::index(const Object& link) {
    if (link.kind != Kind::link) return;
    links_[link.text("server")].insert(link.id);
    links_[link.text("target")].insert(link.id);
}

std::vector<const Object*> Inventory::links(std::string_view end) const {
    std::vector<const Object*> found;
    const auto at = links_.find(end);
    if (at == links_.end()) return found;
    for (const auto& id : at->second) found.push_back(&objects_.at(id));
    return found;
}

const Object* Inventory::find(std::string_view id) const {
    const auto at = objects_.find(id);
    return at == objects_.end() || at->second.deleted ? nullptr : &at->second;
}

const Object* Inventory::find(std::string_view id, Kind kind, std::string_view owner) const {
    const auto* object = find(id);
    return object && is_seen_by(*object, kind, owner) ? object : nullptr;
}

std::vector<const Object*> Inventory::all(Kind kind, std::string_view owner) const {
    std::vector<const Object*> found;
    for (const auto& [id, object] : objects_) {
        if (!object.deleted && is_seen_by(object, kind, owner)) found.push_back(&object);
    }
    return found;
}

std::vector<const Object*> Inventory::all(Kind kind) const {
    std::vector<const Object*> found;
    for (const auto& [id, object] : objects_) {
        if (!object.deleted && object.kind == kind) found.push_back(&object);
    }
    return found;
}

std::vector<const Object*> Inventory::deleted(Kind kind, std::string_view owner) const {
    std::vector<const Object*> found;
    for (const auto& [id, object] : objects_) {
        if (object.deleted && object.kind == kind && object.owner == owner)
            found.push_back(&object);
    }
    return found;
}

void Inventory::each(Kind kind, const std::function<void(const Object&)>& visit) const {
    for (const auto& [id, object] : objects_) {
        if (object.kind == kind) visit(object);
    }
}

Object* Inventory::change(std::string_view id) {
    const auto at = objects_.find(id);
    if (at == objects_.end() || at->second.deleted) return nullptr;
    changed_objects_.insert(at->first);
    return &at->second;
}

Object& Inventory::put(Object object) {
    auto id = object.id;
    ++living_;
    changed_objects_.insert(id);
    auto& kept = objects_.insert_or_assign(std::move(id), std::move(object)).first->second;
    index(kept);
    return kept;
}

void Inventory::remove(std::string_view id, WallTime now) {
    auto* object = change(id);
    if (!object) return;
    object->deleted = object->changed = now;
    object->meter.stop(now);
    object->guest.reset();
    object->fields.erase("user_data");  // it may hold a private key
    deleted_order_.push_back(object->id);
    --living_;
}

void Inventory::forget(std::string_view id) {
    const auto at = objects_.find(id);
    if (at == objects_.end()) return;
    if (!at->second.deleted) --living_;
    changed_objects_.erase(at->first);
    forgotten_.insert(at->first);
    if (at->second.kind == Kind::link) {
        links_[at->second.text("server")].erase(at->first);
        links_[at->second.text("target")].erase(at->first);
    }
    objects_.erase(at);
}

const Job* Inventory::job(std::string_view id) const {
    const auto at = jobs_.find(id);
    return at == jobs_.end() ? nullptr : &at->second;
}

Job* Inventory::change_job(std::string_view id) {
    const auto at = jobs_.find(id);
    if (at == jobs_.end()) return nullptr;
    changed_jobs_.insert(at->first);
    return &at->second;
}

Job& Inventory::put_job(Job job) {
    const auto id = job.id;
    changed_jobs_.insert(id);
    take_job(std::move(job));
    return jobs_.at(id);
}

void Inventory::forget_oldest() {
    while (job_order_.size() > most_jobs) {
        changed_jobs_.erase(job_order_.front());
        forgotten_.insert(job_order_.front());
        jobs_.erase(job_order_.front());
        job_order_.pop_front();
    }
    while (deleted_order_.size() > most_deleted) {
        forget(deleted_order_.front());
        deleted_order_.pop_front();
    }
}

std::string Inventory::changes() {
    json::array objects, jobs, forgotten;
    for (const auto& id : changed_objects_) objects.push_back(stored(objects_.at(id)));
    for (const auto& id : changed_jobs_) jobs.push_back(stored(jobs_.at(id)));
    for (const auto& id : forgotten_) forgotten.push_back(json::string(id));
    return json::serialize(json::object{{"objects", std::move(objects)},
                                        {"jobs", std::move(jobs)},
                                        {"forgotten", std::move(forgotten)}});
}

std::string Inventory::whole() const {
    std::string lines;
    const auto add = [&](json::array objects, json::array jobs) {
        lines += json::serialize(json::object{{"objects", std::move(objects)},
                                              {"jobs", std::move(jobs)},
                                              {"forgotten", json::array{}}}) +
                 '\n';
    };
    for (const auto& [id, object] : objects_) add({stored(object)}, {});
    for (const auto& id : job_order_) add({}, {stored(jobs_.at(id))});
    return lines;
}

Expected<void, Error> Inventory::commit() {
    forget_oldest();
    if (changed_objects_.empty() && changed_jobs_.empty() && forgotten_.empty()) return {};
    if (const auto written = journal_->append(changes()); !written) return written;
    changed_objects_.clear();
    changed_jobs_.clear();
    forgotten_.clear();
    if (journal_->size() < std::max(least_replaced, 2 * size_after_replace_)) return {};
    const auto replaced = journal_->replace(whole());
    size_after_replace_ = journal_->size();
    return replaced;
}

}  // namespace aula::cloud
