// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "cloud/object.hpp"

namespace aula::cloud {

/// The one location of this cloud.
inline constexpr std::string_view location_id = "45ed677b-3702-4b36-be2a-a2eab9827950";

inline constexpr std::string_view location_name = "local/one";

/// {"location_uuid", "location_name" ...}, as every object shows them.
void show_location(json::object& into);
/// GET /objects/locations
json::object location();

/// What is there for everybody: the public network and public templates. Their UUIDs never change.
std::vector<Object> preset_objects(WallTime now);

}  // namespace aula::cloud
