// SPDX-License-Identifier: Apache-2.0
#include "bbb/hook_queue.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace aula::bbb {
namespace {

// bbb-webhooks' own pauses between tries.
constexpr std::array<std::chrono::milliseconds, 13> pauses = {100ms, 500ms, 1s,  2s,  4s,  8s, 10s,
                                                              30s,   60s,   60s, 60s, 60s, 60s};

}  // namespace

const Hook* HookQueue::add(Hook hook) {
    if (hooks_.size() >= most_hooks) return nullptr;
    auto& waiting = hooks_[hook.id];
    waiting.hook = std::move(hook);
    return &waiting.hook;
}

bool HookQueue::remove(const std::string& id) { return hooks_.erase(id) > 0; }

const Hook* HookQueue::find(const std::string& id) const {
    const auto at = hooks_.find(id);
    return at == hooks_.end() ? nullptr : &at->second.hook;
}

const Hook* HookQueue::find_url(const std::string& callback_url) const {
    const auto at = std::find_if(hooks_.begin(), hooks_.end(), [&](const auto& entry) {
        return entry.second.hook.callback_url == callback_url;
    });
    return at == hooks_.end() ? nullptr : &at->second.hook;
}

std::vector<const Hook*> HookQueue::list(std::string_view meeting_id) const {
    std::vector<const Hook*> out;
    for (const auto& [id, waiting] : hooks_) {
        const auto& of = waiting.hook.meeting_id;
        if (meeting_id.empty() || of.empty() || of == meeting_id) out.push_back(&waiting.hook);
    }
    return out;
}

void HookQueue::publish(std::string_view event_id, std::string_view meeting_id,
                        const std::string& body) {
    for (auto& [id, waiting] : hooks_) {
        if (!waiting.hook.wants(event_id, meeting_id)) continue;
        if (waiting.bodies.size() == most_waiting) {
            // The front one may be under way, and then finished() takes it.
            waiting.bodies.erase(waiting.bodies.begin() + (waiting.under_way ? 1 : 0));
            ++dropped_;
        }
        waiting.bodies.push_back(body);
    }
}

std::vector<HookQueue::Delivery> HookQueue::due(Time now) {
    std::vector<Delivery> out;
    for (auto& [id, waiting] : hooks_) {
        if (waiting.under_way || waiting.bodies.empty() || waiting.next > now) continue;
        waiting.under_way = true;
        out.push_back({id, waiting.bodies.front()});
    }
    return out;
}

std::optional<Time> HookQueue::next_due() const {
    std::optional<Time> next;
    for (const auto& [id, waiting] : hooks_) {
        if (waiting.under_way || waiting.bodies.empty()) continue;
        next = next ? std::min(*next, waiting.next) : waiting.next;
    }
    return next;
}

HookQueue::Outcome HookQueue::finished(const std::string& hook_id, bool success, Time now) {
    const auto at = hooks_.find(hook_id);
    if (at == hooks_.end() || !at->second.under_way) return Outcome::unknown;
    auto& waiting = at->second;
    waiting.under_way = false;
    if (success) {
        waiting.bodies.pop_front();
        waiting.failures = 0;
        waiting.next = now;
        return Outcome::delivered;
    }
    if (waiting.failures == pauses.size()) {
        hooks_.erase(at);
        return Outcome::removed;
    }
    waiting.next = now + pauses[waiting.failures++];
    return Outcome::again;
}

}  // namespace aula::bbb
