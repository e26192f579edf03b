// SPDX-License-Identifier: Apache-2.0
#include "gridscale/credentials.hpp"

#include <cstdlib>
#include <fstream>

namespace aula::gridscale {

Expected<Credentials, Error> read_credentials(const std::filesystem::path& file) {
    std::string text;
    if (!file.empty()) {
        std::ifstream in(file);
        if (!in || !std::getline(in, text))
            return fail(Error{ErrorCode::not_found, "cannot read " + file.string()});
    } else if (const char* given = std::getenv("AULA_CLOUD_CREDENTIALS")) {
        text = given;
    } else {
        return fail(Error{ErrorCode::not_found,
                          "no credentials of the cloud: neither file nor AULA_CLOUD_CREDENTIALS"});
    }
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.pop_back();
    const auto colon = text.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
        return fail(Error{ErrorCode::invalid, "the cloud's credentials are not USER_UUID:TOKEN"});
    return Credentials{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace aula::gridscale
