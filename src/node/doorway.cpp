// SPDX-License-Identifier: Apache-2.0
#include "node/doorway.hpp"

#include <charconv>
#include <string_view>

#include "http/message.hpp"
#include "signal/join_request.hpp"

namespace aula::node {
namespace {

constexpr std::string_view service_prefix = "/twirp/livekit.RoomService/";
constexpr int oldest_protocol = 9;

std::string header(const control::OpenStream& stream, const char* name) {
    const auto at = stream.headers().find(name);
    return at == stream.headers().end() ? std::string() : at->second;
}

// The header wins: browsers cannot set it, the other SDKs set nothing else.
std::string shown_token(const control::OpenStream& stream, const http::Parameters& parameters) {
    const std::string authorization = header(stream, "authorization");
    constexpr std::string_view bearer = "Bearer ";
    if (authorization.starts_with(bearer)) return authorization.substr(bearer.size());
    const std::string* parameter = http::find_parameter(parameters, "access_token");
    return parameter == nullptr ? std::string() : *parameter;
}

Expected<livekit::JoinRequest, Turned> join_request(bool single_connection,
                                                    const http::Parameters& parameters) {
    if (!single_connection) return signal::join_request_of_query(parameters);
    const std::string* encoded = http::find_parameter(parameters, "join_request");
    if (encoded == nullptr) return fail(Turned{400, "The parameter join_request is missing."});
    auto request = signal::decode_join_request(*encoded);
    if (!request) return fail(Turned{400, signal::text(request.error())});
    return std::move(*request);
}

Expected<Visit, Turned> check_join(bool single_connection, signal::AccessToken token,
                                   const http::Parameters& parameters) {
    auto request = join_request(single_connection, parameters);
    if (!request) return fail(request.error());
    const int protocol = request->client_info().protocol();
    if (protocol != 0 && protocol < oldest_protocol) {
        return fail(Turned{400, "This client is too old: protocol 9 or newer is needed."});
    }
    std::size_t attribute_bytes = 0;
    for (const auto& [key, value] : request->participant_attributes())
        attribute_bytes += key.size() + value.size();
    if (request->metadata().size() > signal::max_metadata_size ||
        attribute_bytes > signal::max_attributes_size) {
        return fail(Turned{400, "The metadata is too long."});
    }
    room::JoinIntent intent;
    intent.token = std::move(token);
    intent.request = std::move(*request);
    intent.single_connection = single_connection;
    return Visit(std::move(intent));
}

Visit classroom_visit(signal::AccessToken token, const http::Parameters& parameters) {
    room::ClassroomIntent intent;
    intent.token = std::move(token);
    const std::string* lesson = http::find_parameter(parameters, "lesson");
    const std::string* since = http::find_parameter(parameters, "since");
    if (lesson == nullptr || since == nullptr) return intent;
    const auto [end, error] =
        std::from_chars(since->data(), since->data() + since->size(), intent.since);
    if (error == std::errc() && end == since->data() + since->size()) intent.lesson_id = *lesson;
    return intent;
}

}  // namespace

Expected<Visit, Turned> check_visitor(const control::OpenStream& stream,
                                      const signal::KeyLookup& keys, WallTime now) {
    const auto parameters = http::parse_parameters(stream.query());
    if (!parameters) return fail(Turned{400, "The query is malformed."});
    auto token = signal::verify(shown_token(stream, *parameters), keys, now);
    if (!token) return fail(Turned{401, signal::text(token.error())});

    const std::string& path = stream.path();
    if (path.starts_with(service_prefix)) {
        const bool json = header(stream, "content-type").find("json") != std::string::npos;
        return Visit(
            ServiceCall{path.substr(service_prefix.size()), token->video, stream.body(), json});
    }
    if (!token->video.room_join || token->video.room != stream.room()) {
        return fail(Turned{403, "The token is not for this room."});
    }
    if (token->identity.empty()) return fail(Turned{401, "The token names nobody."});
    if (path == "/classroom") return classroom_visit(std::move(*token), *parameters);
    if (path == "/rtc/v1") return check_join(true, std::move(*token), *parameters);
    if (path == "/rtc") return check_join(false, std::move(*token), *parameters);
    return fail(Turned{404, "There is nothing here."});
}

}  // namespace aula::node
