// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cloud/object.hpp"

namespace aula::cloud {

/// Lets an object's meter run with what it costs now, or stops it. Servers cost while they are on,
/// storages, snapshots, templates, ISO images and addresses always.
void run_meter(Object& object, WallTime now);

/// One of the products an object is billed by. The numbers are this cloud's own: gridscale
/// publishes no list of them.
struct Product {
    std::int64_t number = 0;
    std::size_t amount = 0;  // of the meter
};
std::vector<Product> products_of(const Object& object);

/// [{"product_number","value"}]: what it uses in each minute, or has used in the window.
json::array usage_per_minute(const Object& object);
json::array usage_in(const Object& object, const Window& window);

}  // namespace aula::cloud
