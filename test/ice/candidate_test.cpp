// SPDX-License-Identifier: Apache-2.0
#include "ice/candidate.hpp"

#include <gtest/gtest.h>

namespace aula::ice {
namespace {

TEST(Candidate, WritesUdpAndTcpLines) {
    Candidate udp{"1", 1, Protocol::udp, host_priority(Protocol::udp, 0),
                  *net::Address::of("192.0.2.7", 7882)};
    EXPECT_EQ(udp.to_line(), "candidate:1 1 udp 2130706431 192.0.2.7 7882 typ host");
    Candidate tcp{"2",
                  1,
                  Protocol::tcp,
                  5,
                  *net::Address::of("2001:db8::7", 7881),
                  CandidateType::host,
                  TcpType::passive};
    EXPECT_EQ(tcp.to_line(), "candidate:2 1 tcp 5 2001:db8::7 7881 typ host tcptype passive");
}

TEST(Candidate, ReadsItsOwnLines) {
    Candidate tcp{"2",
                  1,
                  Protocol::tcp,
                  5,
                  *net::Address::of("2001:db8::7", 7881),
                  CandidateType::host,
                  TcpType::passive};
    const auto read = Candidate::parse("a=" + tcp.to_line());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->to_line(), tcp.to_line());
    EXPECT_EQ(read->address, tcp.address);
}

TEST(Candidate, ReadsABrowsersLine) {
    const auto read = Candidate::parse(
        "candidate:842163049 1 UDP 1677729535 203.0.113.9 46154 typ srflx raddr 10.0.0.5 rport "
        "46154 "
        "generation 0 ufrag EEtu network-id 3 network-cost 10");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->type, CandidateType::srflx);
    EXPECT_EQ(read->address.text(), "203.0.113.9:46154");
    EXPECT_EQ(read->priority, 1677729535u);
}

TEST(Candidate, UdpComesBeforeTcpAndRanksCountDown) {
    EXPECT_GT(host_priority(Protocol::udp, 0), host_priority(Protocol::udp, 1));
    EXPECT_GT(host_priority(Protocol::udp, 65535), host_priority(Protocol::tcp, 0));
    EXPECT_GT(host_priority(Protocol::tcp, 0), host_priority(Protocol::tcp, 1));
}

TEST(Candidate, IgnoresNamesAndOtherTransports) {
    EXPECT_EQ(Candidate::parse("candidate:1 1 udp 1 4f2a0b1c-1.local 5000 typ host").error(),
              CandidateError::unsupported);
    EXPECT_EQ(Candidate::parse("candidate:1 1 dccp 1 192.0.2.1 5000 typ host").error(),
              CandidateError::unsupported);
    EXPECT_EQ(Candidate::parse("candidate:1 1 udp 1 192.0.2.1 5000 typ star").error(),
              CandidateError::unsupported);
}

TEST(Candidate, RefusesBrokenLines) {
    for (const std::string line :
         {"", "candidate:", "candidate:1 1 udp 1 192.0.2.1 5000",
          "candidate:1 1 udp 1 192.0.2.1 5000 typ", "candidate:1 x udp 1 192.0.2.1 5000 typ host",
          "candidate:1 1 udp 4294967296 192.0.2.1 5000 typ host",
          "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
          "candidate:1 1 udp 1 192.0.2.999 5000 typ host",
          "candidate:a$b 1 udp 1 192.0.2.1 5000 typ host",
          "candidate:1 1 tcp 1 192.0.2.1 5000 typ host tcptype up", "end-of-candidates"}) {
        const auto read = Candidate::parse(line);
        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error(), CandidateError::syntax) << line;
    }
    EXPECT_FALSE(Candidate::parse("candidate:" + std::string(5000, '1')));
}

}  // namespace
}  // namespace aula::ice
