// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace aula::lesson {

enum class Role : std::uint8_t { pupil, teacher };
enum class Source : std::uint8_t { microphone, camera, screen_share, all };
enum class LeaveReason : std::uint8_t { left, lost };
enum class EndReason : std::uint8_t { teacher, platform, empty, time, no_teacher };
enum class GuestPolicy : std::uint8_t { admit, ask, deny };

/// What pupils may do; teachers may always.
struct Settings {
    bool camera = true;
    bool microphone = true;
    bool screen_share = true;
    bool chat = true;
    bool private_chat = true;
    GuestPolicy guests = GuestPolicy::admit;

    bool operator==(const Settings&) const = default;
};

/// Settings to change; what is absent stays.
struct SettingsChange {
    std::optional<bool> camera;
    std::optional<bool> microphone;
    std::optional<bool> screen_share;
    std::optional<bool> chat;
    std::optional<bool> private_chat;
    std::optional<GuestPolicy> guests;
};

/// What can be asked of a lesson. The first group comes from the room and the hub, the second from
/// participants.
namespace command {

/// The first command of every lesson. On one that was rebuilt from its events it says that all
/// connections were lost.
struct Open {
    std::string lesson_id;
    std::string name;
    Settings settings;
};
/// A participant's first connection opened, or one came back.
struct Join {
    std::string identity;
    std::string name;
    Role role =
        Role::pupil;  // of the token; a role given by a teacher in the lesson goes before it
};
/// A guest stands at the door, and waits there unless the lesson admits anybody.
struct Knock {
    std::string identity;
    std::string name;
};
/// A guest who waited is gone.
struct GiveUp {
    std::string identity;
};
/// All connections of the participant are gone; they may come back.
struct Disconnect {
    std::string identity;
};
struct Leave {
    std::string identity;
    LeaveReason reason = LeaveReason::left;
};
/// A chat message of the platform itself.
struct Announce {
    std::string name;
    std::string text;
};
struct Close {
    EndReason reason = EndReason::platform;
};

struct Chat {
    std::string text;
    std::string nonce;  // chosen by the client: the same one again is the same message again
};
struct RaiseHand {};
struct LowerHand {
    std::optional<std::string> identity;  // absent: one's own
};
struct SetRole {
    std::string identity;
    Role role = Role::pupil;
};
/// Carried out by the room.
struct Mute {
    std::optional<std::string> identity;  // absent: all pupils
    Source source = Source::microphone;
};
struct ChangeSettings {
    SettingsChange change;
};
struct Remove {
    std::string identity;
};
/// Lets somebody back who was removed.
struct AllowBack {
    std::string identity;
};
/// Lets in who waits at the door.
struct Admit {
    std::optional<std::string> identity;  // absent: all who wait
};
struct TurnAway {
    std::string identity;
};
/// Shown large for everybody.
struct Spotlight {
    std::optional<std::string> identity;  // absent: nobody
};
struct End {};

}  // namespace command

struct Command {
    std::string by;  // identity of the participant; empty: the room or the hub
    std::variant<command::Open, command::Join, command::Knock, command::GiveUp, command::Disconnect,
                 command::Leave, command::Announce, command::Close, command::Chat,
                 command::RaiseHand, command::LowerHand, command::SetRole, command::Mute,
                 command::ChangeSettings, command::Remove, command::AllowBack, command::Admit,
                 command::TurnAway, command::Spotlight, command::End>
        what;
};

}  // namespace aula::lesson
