// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <boost/json.hpp>

#include "lesson/event.hpp"

/// JSON of the values that events and snapshots share. Only included by .cpp files.
namespace aula::lesson {

boost::json::value json_of(WallTime time);
boost::json::value json_of(const std::optional<WallTime>& time);
boost::json::value json_of(const std::optional<std::string>& text);
boost::json::object json_of(const Settings& settings);
boost::json::object json_of(const Participant& participant);
boost::json::object json_of(const Snapshot& snapshot);
boost::json::object json_of(const Event& event);  // the whole message
boost::json::object json_for_pupils(const Event& event);

std::optional<Settings> settings_from(const boost::json::object& object);
std::optional<Participant> participant_from(const boost::json::object& object);
std::optional<Snapshot> snapshot_from(const boost::json::object& object);
std::optional<Event> event_from(const boost::json::object& object);  // the whole message

/// nullopt: not one JSON object.
std::optional<boost::json::value> parse_object(std::string_view json);

}  // namespace aula::lesson
