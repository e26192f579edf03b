// SPDX-License-Identifier: Apache-2.0
#include "ledger/price.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>

namespace aula::ledger {

namespace {

// A thousand euros a minute is a mistake, and keeps sums far from overflow.
constexpr double most_euros = 1'000;

NanoEuros price_of(const boost::json::object& prices, const char* name) {
    const auto* value = prices.if_contains(name);
    boost::json::error_code error;
    const double euros = value == nullptr ? -1 : value->to_number<double>(error);
    if (error || !(euros >= 0 && euros <= most_euros))
        throw std::invalid_argument(std::string(name) + " is missing or no price in euros");
    return std::llround(euros * 1e9);
}

}  // namespace

Expected<PriceList, Error> read_prices(std::string_view json) try {
    const auto value = boost::json::parse({json.data(), json.size()});
    const auto& prices = value.as_object();
    PriceList list;
    const auto* example = prices.if_contains("example");
    list.is_example = example != nullptr && example->as_bool();
    list.core = price_of(prices, "core_minute");
    list.memory_gb = price_of(prices, "memory_gb_minute");
    list.storage_gb = price_of(prices, "storage_gb_minute");
    list.ipv4 = price_of(prices, "ipv4_minute");
    return list;
} catch (const std::exception& exception) {
    return fail(Error{ErrorCode::invalid, std::string("the price list: ") + exception.what()});
}

}  // namespace aula::ledger
