// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "ice/stun.hpp"
#include "net/address.hpp"

namespace aula::ice {

struct Credentials {
    std::string ufrag;
    std::string password;
};

/// A way to the peer: its UDP address, or one TCP connection.
struct Path {
    net::Address remote;
    std::uint32_t connection = 0;  // 0: UDP

    bool operator==(const Path&) const = default;
};

/// What became of a received STUN message.
enum class Verdict : std::uint8_t { accepted, refused, ignored };

/// One ICE agent with one component, without sockets: messages and time in, messages and events
/// out. What lite and controlling agents share: own credentials, answering checks, and the paths
/// that proved right.
class Agent {
public:
    static constexpr Duration consent_life = 30s;  // RFC 7675 section 5.1
    static constexpr std::size_t path_limit = 8;
    /// Longer than packets stay under way after their sender took another path.
    static constexpr Duration quiet_time = 500ms;

    struct Handlers {
        std::function<void(const Path& to, Bytes message)> send;
        std::function<void(const Path& path)> on_validated;        // new among the known paths
        std::function<void(const Path& path)> on_forgotten;        // no longer known
        std::function<void()> on_selected;                         // selected() is another path now
        std::function<void(const std::string& ufrag)> on_retired;  // an old user fragment is over
    };

    Agent(Handlers handlers, Time now);
    virtual ~Agent() = default;
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    const Credentials& local() const { return local_; }
    /// New local credentials. Those in use stay valid until the peer uses the new ones.
    void restart();

    virtual void set_remote(const Credentials& remote, Time now) = 0;
    virtual void add_remote(const Path& path, Time now) = 0;
    virtual Verdict receive(const StunMessage& message, const Path& from, Time now) = 0;
    virtual void poll(Time now) = 0;
    /// When poll() or consent_expired() has something to say.
    virtual Time next_poll() const = 0;

    /// The peer's media came on this path. Tells whether the path is known; it becomes the selected
    /// one if none is, or if the selected one was silent for quiet_time.
    bool heard(const Path& path, Time now);
    /// The path is gone (its TCP connection closed).
    virtual void forget(const Path& path, Time now);

    const std::optional<Path>& selected() const { return selected_; }
    bool consent_expired(Time now) const { return now >= consent_until_; }

protected:
    struct Known {
        Path path;
        Time last_check;
        bool nominated = false;
    };

    /// Answers a request. True: it was signed with our credentials and did not conflict.
    Verdict answer(const StunMessage& request, const Path& from, bool controlling);
    Known& remember(const Path& path, Time now);
    void select(const Known& known, Time now);
    void grant_consent(Time now) { consent_until_ = now + consent_life; }
    Time consent_until() const { return consent_until_; }
    void send(const Path& to, Bytes message) { handlers_.send(to, message); }

private:
    const Credentials* find_local(std::string_view username) const;
    void retire_previous();
    Known* find(const Path& path);
    void make_room();
    void refuse(const StunMessage& request, const Path& to, StunErrorCode code,
                std::string_view password = {});

    Handlers handlers_;
    Credentials local_;
    std::optional<Credentials> previous_;
    bool local_used_ = false;
    std::vector<Known> known_;
    std::optional<Path> selected_;
    Time quiet_since_{};  // when media last came on the selected path, or when it was selected
    Time consent_until_;
};

}  // namespace aula::ice
