// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace aula::app {

/// The secret in this file of the data folder, readable by its owner only; made at the first start.
/// Throws std::runtime_error when it can neither be read nor written.
std::string kept_secret(const std::filesystem::path& file,
                        const std::function<std::string()>& make);

}  // namespace aula::app
