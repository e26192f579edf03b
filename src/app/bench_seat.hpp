// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dtls/connection.hpp"
#include "net/loop.hpp"
#include "participant/client.hpp"
#include "participant/synthetic_media.hpp"

namespace aula::app {

/// Who sits there: what they publish and how they look at the others.
struct SeatPlan {
    std::string room;
    std::string identity;
    bool teacher = false;
    bool camera = false;  // and microphone
};

/// Where all seats of a load test come from.
struct BenchRoom {
    net::Loop& loop;
    const dtls::Identity& identity;
    std::string url;
    net::Address media;
    std::pair<std::string, std::string> key;  // LiveKit's: id and secret
};

/// One simulated person of a load test. Shows the teacher's camera large and everybody else's
/// small, as the classroom page does.
class Seat {
public:
    Seat(const BenchRoom& room, SeatPlan plan);
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    const SeatPlan& plan() const { return plan_; }
    /// Null when the machine gave no socket.
    participant::Client* client() { return client_.get(); }
    const participant::Client* client() const { return client_.get(); }
    /// Why it is no longer in the lesson.
    const std::optional<std::string>& failure() const { return failure_; }
    void leave();

private:
    void look_at(const participant::IncomingStream& stream);

    SeatPlan plan_;
    std::optional<std::string> failure_;
    std::unique_ptr<participant::Client> client_;
    std::unique_ptr<participant::SyntheticAudio> audio_;
    std::unique_ptr<participant::SyntheticVideo> video_;
};

}  // namespace aula::app
