// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sdp/session.hpp"

namespace aula::sdp {

namespace {

const char* word_of(Direction direction) {
    switch (direction) {
        case Direction::sendrecv:
            return "sendrecv";
        case Direction::sendonly:
            return "sendonly";
        case Direction::recvonly:
            return "recvonly";
        case Direction::inactive:
            return "inactive";
    }
    return "";
}

const char* word_of(Setup setup) {
    switch (setup) {
        case Setup::actpass:
            return "actpass";
        case Setup::active:
            return "active";
        case Setup::passive:
            return "passive";
    }
    return "";
}

class Writer {
public:
    std::string write(const Session& session);

private:
    template <class... Arguments>
    void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
        out_ += "\r\n";
    }

    void media_line(const Media& media);
    void transport(const Media& media);
    void codecs(const Media& media);
    void simulcast(const Media& media);
    void sources(const Media& media);
    void section(const Media& media);

    std::string out_;
};

void Writer::media_line(const Media& media) {
    std::string formats;
    for (const Codec& codec : media.codecs) formats += fmt::format(" {}", codec.payload_type);
    for (const std::string& format : media.formats) formats += ' ' + format;
    if (formats.empty()) formats = " 0";  // the grammar wants one, also of a rejected section
    line("m={} {} {}{}", media.type, media.port, media.protocol, formats);
    line("c=IN IP4 0.0.0.0");
}

void Writer::transport(const Media& media) {
    if (!media.ice_ufrag.empty()) line("a=ice-ufrag:{}", media.ice_ufrag);
    if (!media.ice_pwd.empty()) line("a=ice-pwd:{}", media.ice_pwd);
    if (media.fingerprint) {
        line("a=fingerprint:{} {}", media.fingerprint->algorithm, media.fingerprint->value);
    }
    if (media.setup) line("a=setup:{}", word_of(*media.setup));
    for (const std::string& candidate : media.candidates) line("a=candidate:{}", candidate);
    if (media.end_of_candidates) line("a=end-of-candidates");
}

void Writer::codecs(const Media& media) {
    for (const Codec& codec : media.codecs) {
        const auto channels = codec.channels ? fmt::format("/{}", codec.channels) : std::string();
        line("a=rtpmap:{} {}/{}{}", codec.payload_type, codec.name, codec.clock_rate, channels);
        for (const std::string& feedback : codec.feedback) {
            line("a=rtcp-fb:{} {}", codec.payload_type, feedback);
        }
        if (!codec.parameters.empty()) line("a=fmtp:{} {}", codec.payload_type, codec.parameters);
    }
}

void Writer::simulcast(const Media& media) {
    for (const Rid& rid : media.rids) {
        line("a=rid:{} {}{}{}", rid.id, rid.send ? "send" : "recv",
             rid.restrictions.empty() ? "" : " ", rid.restrictions);
    }
    if (!media.simulcast) return;
    std::string lists;
    const auto add = [&](const char* direction, const std::vector<std::string>& rids) {
        if (rids.empty()) return;
        lists += fmt::format("{}{} {}", lists.empty() ? "" : " ", direction, fmt::join(rids, ";"));
    };
    add("send", media.simulcast->send);
    add("recv", media.simulcast->receive);
    line("a=simulcast:{}", lists);
}

void Writer::sources(const Media& media) {
    for (const SourceGroup& group : media.source_groups) {
        line("a=ssrc-group:{} {}", group.semantics, fmt::join(group.ssrcs, " "));
    }
    for (const Source& source : media.sources) {
        if (!source.cname.empty()) line("a=ssrc:{} cname:{}", source.ssrc, source.cname);
        if (!source.msid.empty()) line("a=ssrc:{} msid:{}", source.ssrc, source.msid);
    }
}

void Writer::section(const Media& media) {
    media_line(media);
    transport(media);
    if (media.bundle_only) line("a=bundle-only");
    if (!media.mid.empty()) line("a=mid:{}", media.mid);
    for (const Extension& extension : media.extensions) {
        line("a=extmap:{} {}", extension.id, extension.uri);
    }
    if (media.kind != MediaKind::application) line("a={}", word_of(media.direction));
    if (!media.msid_stream.empty()) line("a=msid:{} {}", media.msid_stream, media.msid_track);
    if (media.rtcp_mux) line("a=rtcp-mux");
    if (media.rtcp_rsize) line("a=rtcp-rsize");
    codecs(media);
    simulcast(media);
    sources(media);
    if (media.sctp_port) line("a=sctp-port:{}", *media.sctp_port);
    if (media.max_message_size) line("a=max-message-size:{}", *media.max_message_size);
}

std::string Writer::write(const Session& session) {
    line("v=0");
    line("o=- {} {} IN IP4 127.0.0.1", session.id, session.version);
    line("s=-");
    line("t=0 0");
    if (!session.bundle.empty()) line("a=group:BUNDLE {}", fmt::join(session.bundle, " "));
    if (session.ice_lite) line("a=ice-lite");
    if (session.trickle) line("a=ice-options:trickle");
    if (session.extmap_allow_mixed) line("a=extmap-allow-mixed");
    line("a=msid-semantic: WMS *");
    for (const Media& media : session.media) section(media);
    return std::move(out_);
}

}  // namespace

std::string write(const Session& session) { return Writer().write(session); }

}  // namespace aula::sdp
