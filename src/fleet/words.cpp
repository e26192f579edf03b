// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "fleet/plan.hpp"

namespace aula::fleet {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::string counted(std::uint64_t count, const char* one, const char* many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string clock_time(WallTime time, minutes utc_offset) {
    const auto local = std::chrono::floor<minutes>(time.time_since_epoch()) + utc_offset;
    const auto of_day = ((local.count() % 1440) + 1440) % 1440;
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d", int(of_day / 60), int(of_day % 60));
    return text.data();
}

class Words {
public:
    Words(const Reason& reason, Language language, minutes utc_offset)
        : reason_(reason), german_(language == Language::german), utc_offset_(utc_offset) {}

    std::string say() const;

private:
    std::string either(std::string english, std::string german) const {
        return german_ ? std::move(german) : std::move(english);
    }
    std::string lessons() const {
        return german_ ? counted(reason_.lessons, "Unterrichtsstunde", "Unterrichtsstunden")
                       : counted(reason_.lessons, "lesson", "lessons");
    }
    std::string seats() const {
        return german_ ? counted(reason_.seats, "Platz", "Plätzen")
                       : counted(reason_.seats, "seat", "seats");
    }
    std::string at() const {
        const std::string time = clock_time(reason_.at, utc_offset_);
        return german_ ? "um " + time + " Uhr" : "at " + time;
    }
    std::string span() const {
        const auto whole = std::chrono::round<seconds>(reason_.span).count();
        if (whole < 120)
            return german_ ? counted(std::uint64_t(whole), "Sekunde", "Sekunden")
                           : counted(std::uint64_t(whole), "second", "seconds");
        const auto count = std::uint64_t((whole + 30) / 60);
        return german_ ? counted(count, "Minute", "Minuten") : counted(count, "minute", "minutes");
    }
    bool one() const { return reason_.lessons == 1; }

    std::string ahead() const;
    std::string waits() const;
    std::string idle() const;
    std::string pool() const;

    const Reason& reason_;
    bool german_;
    minutes utc_offset_;
};

std::string Words::ahead() const {
    return either(lessons() + " with " + seats() + (one() ? " begins " : " begin ") + at(),
                  lessons() + " mit " + seats() + (one() ? " beginnt " : " beginnen ") + at());
}

std::string Words::waits() const {
    const auto rooms = either(counted(reason_.lessons, "room", "rooms"),
                              counted(reason_.lessons, "Raum", "Räume"));
    return either(
        rooms + " with " + seats() + (one() ? " waits" : " wait") + " for a node",
        rooms + " mit " + seats() + (one() ? " wartet" : " warten") + " auf einen Knoten");
}

std::string Words::idle() const {
    if (reason_.span <= Duration(0))
        return either("nothing is planned on it", "nichts ist darauf geplant");
    return either("nothing is planned on it for " + span(),
                  "für die nächsten " + span() + " ist nichts darauf geplant");
}

std::string Words::pool() const {
    const bool few = reason_.why == Why::pool_too_small;
    const auto servers = either(counted(reason_.lessons, "server is", "servers are"),
                                counted(reason_.lessons, "Server soll", "Server sollen"));
    return either(servers + " to stand by, there are " + (few ? "fewer" : "more"),
                  servers + " bereitstehen, es sind " + (few ? "weniger" : "mehr"));
}

std::string Words::say() const {
    switch (reason_.why) {
        case Why::lessons_ahead:
            return ahead();
        case Why::spare_for_bell:
            return either("lessons begin " + at() + "; a spare, should a server fail to start",
                          at() + " beginnt Unterricht; Reserve, falls ein Server nicht startet");
        case Why::room_waits:
            return waits();
        case Why::headroom:
            return reason_.seats == 0
                       ? either("a node is kept free for rooms nobody announced",
                                "ein Knoten bleibt frei für nicht angekündigte Räume")
                       : either(seats() + " are kept free for rooms nobody announced",
                                "für nicht angekündigte Räume wird Raum mit " + seats() +
                                    " freigehalten");
        case Why::replaces_silent:
            return either("it replaces a server that does not answer",
                          "er ersetzt einen Server, der nicht antwortet");
        case Why::boot_failed:
            return either("it has not reported for " + span() + " after it was switched on",
                          "er hat sich " + span() + " nach dem Einschalten nicht gemeldet");
        case Why::silent:
            return either("nothing was heard of it for " + span() + " and nobody is on it",
                          "er meldet sich seit " + span() + " nicht und niemand ist darauf");
        case Why::idle:
            return idle();
        case Why::gap_too_long:
            return either("it is needed again only " + at(),
                          "er wird erst " + at() + " wieder gebraucht");
        case Why::night:
            return either("nobody is expected for now", "vorerst wird niemand erwartet");
        case Why::struck_out:
            return either(
                "it failed to start " + counted(reason_.lessons, "time", "times") + " in a row",
                "er ist " + counted(reason_.lessons, "Mal", "Mal") +
                    " nacheinander nicht gestartet");
        case Why::pool_too_small:
        case Why::pool_too_large:
            return pool();
        case Why::drained:
            return either("its last room has closed", "sein letzter Raum ist geschlossen");
        case Why::least_nodes:
            return either(
                counted(reason_.lessons, "node is", "nodes are") + " to be on at all times",
                counted(reason_.lessons, "Knoten soll", "Knoten sollen") +
                    " immer eingeschaltet sein");
    }
    return {};
}

}  // namespace

std::string in_words(const Reason& reason, Language language, minutes utc_offset) {
    return Words(reason, language, utc_offset).say();
}

}  // namespace aula::fleet
