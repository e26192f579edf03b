// SPDX-License-Identifier: Apache-2.0
#include "cloud/metering.hpp"

namespace aula::cloud {

void run_meter(Object& object, WallTime now) {
    switch (object.kind) {
        case Kind::server:
            if (!object.flag("power")) return object.meter.stop(now);
            return object.meter.run(now, {object.whole("cores"), object.whole("memory")});
        case Kind::storage:
        case Kind::snapshot:
        case Kind::os_template:
        case Kind::isoimage:
            if (object.owner.empty()) return;
            return object.meter.run(now, {object.whole("capacity"), 0});
        case Kind::ip:
            return object.meter.run(now, {1, 0});
        default:
            return;
    }
}

std::vector<Product> products_of(const Object& object) {
    switch (object.kind) {
        case Kind::server:
            return {{10'001, 0}, {10'002, 1}};
        case Kind::storage:
            return {{object.text("storage_variant") == "local" ? 10'004 : 10'003, 0}};
        case Kind::snapshot:
            return {{10'005, 0}};
        case Kind::os_template:
            return {{10'006, 0}};
        case Kind::isoimage:
            return {{10'007, 0}};
        case Kind::ip:
            return {{object.whole("family") == 6 ? 10'009 : 10'008, 0}};
        default:
            return {};
    }
}

json::array usage_per_minute(const Object& object) {
    json::array usage;
    for (const auto& [number, amount] : products_of(object)) {
        usage.push_back({{"product_number", number}, {"value", object.meter.rate(amount)}});
    }
    return usage;
}

json::array usage_in(const Object& object, const Window& window) {
    json::array usage;
    for (const auto& [number, amount] : products_of(object)) {
        usage.push_back(
            {{"product_number", number}, {"value", object.meter.amount_minutes(amount, window)}});
    }
    return usage;
}

}  // namespace aula::cloud
