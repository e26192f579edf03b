// SPDX-License-Identifier: Apache-2.0
#include "gridscale/credentials.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "gridscale/reading.hpp"

namespace aula::gridscale {

namespace {

Error unreadable() {
    return {ErrorCode::invalid,
            R"(the cloud's credentials are neither {"user_id", "token"} nor USER_UUID:TOKEN)"};
}

Expected<Credentials, Error> from_json_text(const std::string& text) {
    auto read = reading(text, [](const json::object& object) {
        return Credentials{object.at("user_id").as_string().c_str(),
                           object.at("token").as_string().c_str()};
    });
    if (!read || read->user_id.empty() || read->token.empty()) return fail(unreadable());
    return read;
}

}  // namespace

Expected<Credentials, Error> read_credentials(const std::filesystem::path& file) {
    std::string text;
    if (!file.empty()) {
        std::ifstream in(file);
        if (!in) return fail(Error{ErrorCode::not_found, "cannot read " + file.string()});
        text.assign(std::istreambuf_iterator<char>(in), {});
    } else if (const char* given = std::getenv("AULA_CLOUD_CREDENTIALS")) {
        text = given;
    } else {
        return fail(Error{ErrorCode::not_found,
                          "no credentials of the cloud: neither file nor AULA_CLOUD_CREDENTIALS"});
    }
    if (text.starts_with('{')) return from_json_text(text);
    text.resize(std::min(text.size(), text.find_first_of("\r\n ")));
    const auto colon = text.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
        return fail(unreadable());
    return Credentials{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace aula::gridscale
