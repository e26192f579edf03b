// SPDX-License-Identifier: Apache-2.0
#include "cloud/job.hpp"

namespace aula::cloud {
namespace {

json::array stored_effects(const std::vector<Effect>& effects) {
    json::array out;
    for (const auto& effect : effects)
        out.push_back({static_cast<int>(effect.what), effect.object, effect.fields});
    return out;
}

Effect effect_of(const json::array& parts) {
    return {static_cast<Effect::What>(parts.at(0).to_number<std::uint8_t>()),
            parts.at(1).as_string().c_str(), parts.at(2).as_object()};
}

}  // namespace

json::object stored(const Job& job) {
    json::object out{{"id", job.id},
                     {"owner", job.owner},
                     {"kind", static_cast<int>(job.kind)},
                     {"object", job.object},
                     {"activity", job.activity},
                     {"state", static_cast<int>(job.state)},
                     {"message", job.message},
                     {"created", unix_ms(job.created)}};
    if (job.state != Job::State::pending) return out;
    out["due"] = job.due ? json::value(unix_ms(*job.due)) : json::value(nullptr);
    out["shall_fail"] = job.shall_fail;
    out["effects"] = stored_effects(job.effects);
    return out;
}

Job job_of(const json::object& stored_job) {
    const auto time = [](const json::value& value) {
        return WallTime(std::chrono::milliseconds(value.as_int64()));
    };
    Job job;
    job.id = stored_job.at("id").as_string().c_str();
    job.owner = stored_job.at("owner").as_string().c_str();
    job.kind = static_cast<Kind>(stored_job.at("kind").to_number<std::uint8_t>());
    job.object = stored_job.at("object").as_string().c_str();
    job.activity = stored_job.at("activity").as_string().c_str();
    job.state = static_cast<Job::State>(stored_job.at("state").to_number<std::uint8_t>());
    job.message = stored_job.at("message").as_string().c_str();
    job.created = time(stored_job.at("created"));
    if (job.state != Job::State::pending) return job;
    if (!stored_job.at("due").is_null()) job.due = time(stored_job.at("due"));
    job.shall_fail = stored_job.at("shall_fail").as_bool();
    for (const auto& effect : stored_job.at("effects").as_array())
        job.effects.push_back(effect_of(effect.as_array()));
    return job;
}

std::string_view name_of(Job::State state) {
    switch (state) {
        case Job::State::pending:
            return "pending";
        case Job::State::done:
            return "done";
        case Job::State::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace aula::cloud
