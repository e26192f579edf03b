// SPDX-License-Identifier: Apache-2.0
#include "hub/pages.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/bytes.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "crypto/hash.hpp"

namespace aula::hub {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 64 << 20;
constexpr std::size_t most_files = 5'000;

// Nothing from anywhere else, nothing inline; who embeds a lesson opens it in a frame of our own
// origin or a window.
constexpr const char* policy =
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; media-src 'self' "
    "blob:; "
    "style-src 'self'; script-src 'self'; worker-src 'self' blob:; font-src 'self'; object-src "
    "'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

std::string content_type_of(const fs::path& path) {
    static const std::unordered_map<std::string, std::string> types = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".wasm", "application/wasm"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
    };
    const auto at = types.find(path.extension().string());
    return at == types.end() ? "application/octet-stream" : at->second;
}

std::optional<std::string> read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string etag_of(const std::string& content) {
    return "W/\"" + hex(crypto::hash(crypto::HashKind::sha256, bytes_of(content))).substr(0, 24) +
           "\"";
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_forbidden(std::string_view parameters) {
    const auto q = parameters.find("q=");
    if (q == std::string_view::npos) return false;
    const auto value = parameters.substr(q + 2);
    return value.starts_with('0') && value.find_first_of("123456789") == std::string_view::npos;
}

/// Only /l/<code>: a longer path is none of ours.
bool is_lesson_path(std::string_view path) {
    return path.starts_with("/l/") && path.size() > 3 &&
           path.find('/', 3) == std::string_view::npos;
}

}  // namespace

bool accepts_encoding(std::string_view header, std::string_view coding) {
    while (!header.empty()) {
        const auto comma = std::min(header.find(','), header.size());
        const std::string_view item = header.substr(0, comma);
        header.remove_prefix(std::min(comma + 1, header.size()));
        const auto semicolon = std::min(item.find(';'), item.size());
        if (trimmed(item.substr(0, semicolon)) == coding)
            return !is_forbidden(item.substr(semicolon));
    }
    return false;
}

Expected<Pages, Error> Pages::load(const fs::path& folder) {
    Pages pages;
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        log::warning("the web pages are not built", {{"folder", folder.string()}});
        return pages;
    }
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        if (!entry.is_regular_file()) continue;
        const fs::path& path = entry.path();
        if (path.extension() == ".br" || path.extension() == ".gz") continue;
        auto content = read_file(path);
        if (!content) return fail(Error{ErrorCode::unavailable, "cannot read " + path.string()});
        File file{.type = content_type_of(path),
                  .etag = etag_of(*content),
                  .is_page = path.extension() == ".html",
                  .is_immutable = path.parent_path().filename() == "assets",
                  .plain = std::move(*content),
                  .brotli = read_file(path.string() + ".br"),
                  .gzip = read_file(path.string() + ".gz")};
        bytes += file.plain.size() + (file.brotli ? file.brotli->size() : 0) +
                 (file.gzip ? file.gzip->size() : 0);
        pages.files_.emplace("/" + fs::relative(path, folder).generic_string(), std::move(file));
        if (bytes > most_bytes || pages.files_.size() > most_files) {
            return fail(
                Error{ErrorCode::invalid, folder.string() + " is too large for the web pages"});
        }
    }
    return pages;
}

const Pages::File* Pages::find(const std::string& path) const {
    const auto at = files_.find(path == "/"            ? "/start.html"
                                : path == "/operator"  ? "/operator.html"
                                : is_lesson_path(path) ? "/lesson.html"
                                                       : path);
    return at == files_.end() ? nullptr : &at->second;
}

std::optional<http::Response> Pages::answer(const http::Request& request) const {
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    const File* file = find(request.path);
    if (file == nullptr) {
        if (!files_.empty() || request.path != "/") return std::nullopt;
        return http::text_response(200, "OK (the web pages are not built)\n");
    }
    http::Response response;
    auto& headers = response.headers;
    headers.set("content-type", file->type);
    headers.set("etag", file->etag);
    headers.set("vary", "accept-encoding");
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cache-control",
                file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (file->is_page) headers.set("content-security-policy", policy);
    // LiveKit's clients probe the server's root from any origin.
    if (request.path == "/") headers.set("access-control-allow-origin", "*");
    const std::string* known = request.headers.find("if-none-match");
    if (known != nullptr && known->find(file->etag) != std::string::npos) {
        response.status = 304;
        return response;
    }
    const std::string* accepted = request.headers.find("accept-encoding");
    const auto may_send = [&](const auto& variant, const char* coding) {
        return variant && accepted != nullptr && accepts_encoding(*accepted, coding);
    };
    if (may_send(file->brotli, "br")) {
        headers.set("content-encoding", "br");
        response.body = *file->brotli;
    } else if (may_send(file->gzip, "gzip")) {
        headers.set("content-encoding", "gzip");
        response.body = *file->gzip;
    } else {
        response.body = file->plain;
    }
    return response;
}

}  // namespace aula::hub
