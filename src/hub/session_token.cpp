// SPDX-License-Identifier: Apache-2.0
#include "hub/session_token.hpp"

#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "base/encoding.hpp"
#include "crypto/hash.hpp"

namespace aula::hub {

namespace {

constexpr std::size_t most_sealed_bytes = 16'384;

Buffer session_mac(std::string_view body, std::string_view key) {
    // The prefix keeps this apart from whatever else the key may sign one day.
    return crypto::hmac(crypto::HashKind::sha256, bytes_of(key),
                        bytes_of("aula session:" + std::string(body)));
}

Error not_ours(const char* why) { return {ErrorCode::refused, why}; }

Session session_from(const boost::json::object& json) {
    Session session;
    session.lesson = boost::json::value_to<std::string>(json.at("lesson"));
    session.identity = boost::json::value_to<std::string>(json.at("identity"));
    session.name = boost::json::value_to<std::string>(json.at("name"));
    session.role = parse_role(json.at("role").as_string()).value();
    for (const auto& [name, value] : json.at("attributes").as_object()) {
        session.attributes[name] = boost::json::value_to<std::string>(value);
    }
    return session;
}

}  // namespace

std::string seal_session(const Session& session, std::string_view key, WallTime expires) {
    boost::json::object attributes;
    for (const auto& [name, value] : session.attributes) attributes[name] = value;
    const boost::json::object json{{"lesson", session.lesson},
                                   {"identity", session.identity},
                                   {"name", session.name},
                                   {"role", role_name(session.role)},
                                   {"attributes", std::move(attributes)},
                                   {"expires", unix_ms(expires)}};
    const std::string body = base64url(bytes_of(boost::json::serialize(json)));
    return body + "." + base64url(session_mac(body, key));
}

Expected<Session, Error> unseal_session(std::string_view sealed, std::string_view key,
                                        WallTime now) {
    const auto point = sealed.find('.');
    if (point == std::string_view::npos || sealed.size() > most_sealed_bytes) {
        return fail(not_ours("not a session"));
    }
    const std::string_view body = sealed.substr(0, point);
    const auto mac = from_base64(sealed.substr(point + 1));
    if (!mac || !crypto::equal_in_constant_time(*mac, session_mac(body, key))) {
        return fail(not_ours("not a session of this hub"));
    }
    // From here on the text is our own; only its age can be wrong.
    try {
        const auto json = boost::json::parse(text_of(from_base64(body).value())).as_object();
        if (json.at("expires").to_number<long long>() < unix_ms(now))
            return fail(not_ours("the session is too old"));
        return session_from(json);
    } catch (const std::exception&) {
        return fail(not_ours("not a session"));
    }
}

}  // namespace aula::hub
