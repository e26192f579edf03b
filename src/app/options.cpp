// SPDX-License-Identifier: Apache-2.0
#include "app/options.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace aula::app {

namespace fs = std::filesystem;

net::Address read_address(const std::string& option, const std::string& text) {
    const auto address = net::Address::parse(text);
    if (!address) throw std::runtime_error(option + ": not an IP address with a port: " + text);
    return *address;
}

net::Address read_ip(const std::string& option, const std::string& text) {
    const auto address = net::Address::of(text, 0);
    if (!address) throw std::runtime_error(option + ": not an IP address: " + text);
    return *address;
}

net::Address read_media_address(const std::string& option, const std::string& text) {
    if (const auto without_port = net::Address::of(text, 0)) return *without_port;
    const auto address = net::Address::parse(text);
    if (!address) throw std::runtime_error(option + ": not an IP address: " + text);
    return *address;
}

std::pair<std::string, std::string> read_pair(const std::string& option, const std::string& text) {
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string::npos || colon + 1 == text.size()) {
        throw std::runtime_error(option + ": two words with a colon between them are needed");
    }
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::map<std::string, std::string> read_pairs(const std::string& option,
                                              const std::vector<std::string>& texts) {
    std::map<std::string, std::string> pairs;
    for (const auto& text : texts) pairs.insert(read_pair(option, text));
    return pairs;
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + file.string());
    return text.str();
}

fs::path own_program() { return fs::read_symlink("/proc/self/exe"); }

fs::path web_folder(const std::string& given) {
    if (!given.empty()) return given;
    // build/<preset>/aula in a source tree, bin/aula where it is installed.
    const auto folder = own_program().parent_path();
    for (const auto& candidate : {folder / "../../web/dist", folder / "../share/aula/web"}) {
        std::error_code ignored;
        if (fs::is_directory(candidate, ignored)) return fs::canonical(candidate, ignored);
    }
    return folder / "../../web/dist";
}

}  // namespace aula::app
