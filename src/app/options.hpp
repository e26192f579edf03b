// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "net/address.hpp"

/// Reading of option values. Each throws std::runtime_error with a sentence for the person at the
/// terminal.
namespace aula::app {

net::Address read_address(const std::string& option, const std::string& text);
/// "127.0.0.1" or "::1", without a port.
net::Address read_ip(const std::string& option, const std::string& text);
/// "127.0.0.1" or "::1", which get port 0, or the same with a port.
net::Address read_media_address(const std::string& option, const std::string& text);
/// "KEY:SECRET", split at the first colon; neither may be empty.
std::pair<std::string, std::string> read_pair(const std::string& option, const std::string& text);
std::map<std::string, std::string> read_pairs(const std::string& option,
                                              const std::vector<std::string>& texts);
std::string read_file(const std::filesystem::path& file);

/// The running program.
std::filesystem::path own_program();
/// Where the built pages are: as given, else beside the sources it was built from, else as
/// installed.
std::filesystem::path web_folder(const std::string& given);

}  // namespace aula::app
