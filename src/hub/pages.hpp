// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "http/message.hpp"

namespace aula::hub {

/// The built web pages (web/dist), read into memory at start. start.html stands at /, lesson.html
/// at /l/<code>, operator.html at /operator.
class Pages {
public:
    /// A folder that is not there is no error: then a sentence says so where the pages would be.
    static Expected<Pages, Error> load(const std::filesystem::path& folder);

    /// Nothing: there is no such page.
    std::optional<http::Response> answer(const http::Request& request) const;
    std::size_t size() const { return files_.size(); }

private:
    struct File {
        std::string type;
        std::string etag;
        bool is_page = false;       // HTML: asked for again each time, under the strict policy
        bool is_immutable = false;  // its name holds its hash
        std::string plain;
        std::optional<std::string> brotli;
        std::optional<std::string> gzip;
    };
    const File* find(const std::string& path) const;

    std::unordered_map<std::string, File> files_;  // by path, with the leading slash
};

/// Whether this Accept-Encoding header allows the coding (RFC 9110 section 12.5.3; q=0 forbids).
bool accepts_encoding(std::string_view header, std::string_view coding);

}  // namespace aula::hub
