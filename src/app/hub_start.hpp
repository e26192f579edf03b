// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "hub/bbb_front.hpp"
#include "hub/hub.hpp"
#include "net/loop.hpp"

namespace aula::app {

/// A hub with the fronts that stand before its lessons.
struct RunningHub {
    std::unique_ptr<hub::Hub> hub;
    std::unique_ptr<hub::BbbFront> bbb;  // goes before the hub whose lessons it uses
};

/// Two hubs on one data folder would answer for the same lessons. The lock ends with this process.
/// Throws std::runtime_error when another has it.
void lock_data_folder(const std::filesystem::path& folder);

/// Throws std::runtime_error when it cannot start.
RunningHub start_hub(net::Loop& loop, hub::HubOptions options);

/// The lines by which people and scripts find it: `setup URL` as long as nobody has an account,
/// then `admin URL` and `ready URL`.
void print_links(const hub::Hub& hub);

}  // namespace aula::app
