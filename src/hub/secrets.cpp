// SPDX-License-Identifier: Apache-2.0
#include "hub/secrets.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "crypto/random.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

constexpr std::size_t admin_token_length = 32;

Error cannot(const char* what, const std::filesystem::path& path) {
    return {ErrorCode::unavailable,
            std::string("cannot ") + what + " " + path.string() + ": " + std::strerror(errno)};
}

Expected<std::string, Error> admin_token_in(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return fail(cannot("open", path));
    std::array<char, 256> text{};
    const auto size = ::read(fd, text.data(), text.size());
    std::string token(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (token.ends_with('\n')) token.pop_back();
    if (token.empty()) {
        token = crypto::random_text(admin_token_length);
        const std::string line = token + "\n";
        const bool written =
            ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
            ::fsync(fd) == 0;
        if (!written) {
            auto error = cannot("write", path);
            ::close(fd);
            return fail(std::move(error));
        }
    }
    ::close(fd);
    return token;
}

std::string setting_or(soci::session& session, const std::string& name,
                       const std::string& otherwise) {
    if (auto value = store::load_setting(session, name)) return *value;
    store::save_setting(session, name, otherwise);
    return otherwise;
}

}  // namespace

Expected<Secrets, Error> load_secrets(store::Store& store, const std::filesystem::path& data_dir) {
    auto token = admin_token_in(data_dir / "admin-token");
    if (!token) return fail(std::move(token).error());
    return store.run_now([&](soci::session& session) {
        Secrets secrets;
        secrets.admin_token = *token;
        secrets.session_key = setting_or(session, "session_key", crypto::random_text(43));
        secrets.livekit_key = setting_or(session, "livekit_key", "API" + crypto::random_text(12));
        secrets.livekit_secret = setting_or(session, "livekit_secret", crypto::random_text(43));
        if (const auto known = store::load_setting(session, "authority_certificate")) {
            secrets.authority = {*known,
                                 store::load_setting(session, "authority_key").value_or("")};
        } else {
            secrets.authority = crypto::make_authority("Aula " + crypto::random_text(8));
            store::save_setting(session, "authority_certificate",
                                secrets.authority.certificate_pem);
            store::save_setting(session, "authority_key", secrets.authority.private_key_pem);
        }
        return secrets;
    });
}

}  // namespace aula::hub
