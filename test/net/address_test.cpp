// SPDX-License-Identifier: Apache-2.0
#include "net/address.hpp"

#include <cstring>

#include <gtest/gtest.h>

namespace aula::net {
namespace {

TEST(Address, ReadsAndWritesBothForms) {
    EXPECT_EQ(Address::parse("127.0.0.1:80")->text(), "127.0.0.1:80");
    EXPECT_EQ(Address::parse("[::1]:8080")->text(), "[::1]:8080");
    EXPECT_EQ(Address::parse("[2001:0db8:0:0::1]:65535")->text(), "[2001:db8::1]:65535");
    EXPECT_EQ(Address::of("::", 0)->text(), "[::]:0");
    EXPECT_TRUE(Address::parse("[::1]:1")->is_ipv6());
    EXPECT_FALSE(Address::parse("0.0.0.0:1")->is_ipv6());
}

TEST(Address, RefusesWhatIsNotAnAddressWithAPort) {
    for (const char* text : {"",
                             ":",
                             ":80",
                             "127.0.0.1",
                             "127.0.0.1:",
                             "127.0.0.1:65536",
                             "127.0.0.1:-1",
                             "127.0.0.1: 1",
                             "127.0.0.1:1x",
                             "localhost:80",
                             "::1:80",
                             "[::1]",
                             "[::1]80",
                             "[::1:80",
                             "[127.0.0.1]:80x",
                             "[]:80",
                             "256.0.0.1:80",
                             "1.2.3:80",
                             "[::1%lo]:80",
                             "[:::]:80",
                             "[127.0.0.1]:80"}) {
        EXPECT_FALSE(Address::parse(text)) << text;
    }
    EXPECT_FALSE(Address::parse(std::string_view("1.2.3.4\0:80", 11)));
    EXPECT_FALSE(Address::of(std::string(100, '1'), 80));
}

TEST(Address, TurnsAMappedAddressIntoIpv4AndBack) {
    const Address mapped = *Address::parse("[::ffff:192.0.2.7]:5004");
    EXPECT_FALSE(mapped.is_ipv6());
    EXPECT_EQ(mapped, *Address::parse("192.0.2.7:5004"));
    const sockaddr_in6 raw = mapped.as_ipv6();
    EXPECT_TRUE(IN6_IS_ADDR_V4MAPPED(&raw.sin6_addr));
    EXPECT_EQ(Address(reinterpret_cast<const sockaddr*>(&raw), sizeof(raw)), mapped);
}

TEST(Address, ComparesFamilyIpAndPortButNotScope) {
    const Address a = *Address::parse("[fe80::1]:9");
    sockaddr_in6 scoped = a.as_ipv6();
    scoped.sin6_scope_id = 7;
    const Address b(reinterpret_cast<const sockaddr*>(&scoped), sizeof(scoped));
    EXPECT_EQ(a, b);
    EXPECT_EQ(a.hash(), b.hash());
    EXPECT_NE(a, a.with_port(10));
    EXPECT_NE(a.hash(), a.with_port(10).hash());
    EXPECT_NE(*Address::parse("0.0.0.0:9"), *Address::parse("[::]:9"));
    EXPECT_NE(*Address::parse("[fe80::2]:9"), a);
}

TEST(Address, KnowsLoopbackAndUnspecified) {
    EXPECT_TRUE(Address::of("127.3.2.1", 1)->is_loopback());
    EXPECT_TRUE(Address::of("::1", 1)->is_loopback());
    EXPECT_TRUE(Address::of("::ffff:127.0.0.1", 1)->is_loopback());
    EXPECT_FALSE(Address::of("128.0.0.1", 1)->is_loopback());
    EXPECT_TRUE(Address::of("0.0.0.0", 1)->is_unspecified());
    EXPECT_TRUE(Address::of("::", 1)->is_unspecified());
    EXPECT_FALSE(Address::of("::1", 1)->is_unspecified());
    EXPECT_FALSE(Address().is_ipv6());
}

TEST(Address, IgnoresASockaddrThatIsTooShortOrOfAnotherFamily) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(9);
    EXPECT_EQ(Address(reinterpret_cast<const sockaddr*>(&v4), 4), Address());
    v4.sin_family = AF_UNIX;
    EXPECT_EQ(Address(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4)), Address());
}

TEST(Address, ClientsAreCountedByTheirNetwork) {
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(network_of("2001:db8:1:2:ffff::1"), network_of("2001:db8:1:2::"));
    EXPECT_NE(network_of("2001:db8:1:3::1"), network_of("2001:db8:1:2::1"));
    EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7") << "mapped, it is no other client";
    EXPECT_EQ(network_of("unknown"), "unknown");
}

}  // namespace
}  // namespace aula::net
