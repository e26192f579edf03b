// SPDX-License-Identifier: Apache-2.0
#include "cloud/listing.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace aula::cloud {
namespace {

std::vector<json::object> servers() {
    return {{{"object_uuid", "1"},
             {"name", "js1"},
             {"memory", 32},
             {"power", true},
             {"labels", {"a", "b"}}},
            {{"object_uuid", "2"},
             {"name", "js2"},
             {"memory", 16},
             {"power", false},
             {"labels", json::array{}}},
            {{"object_uuid", "3"},
             {"name", "js1"},
             {"memory", 8},
             {"power", false},
             {"labels", {"b"}}}};
}

/// The UUIDs that a query leaves, joined.
std::string left(std::string_view query) {
    const auto listing = Listing::parse(query);
    if (!listing) return listing.error();
    std::string ids;
    for (const auto& id : listing->apply(servers(), "/objects/servers").ids) ids += id;
    return ids;
}

TEST(Listing, FiltersAsTheClientsWriteIt) {
    EXPECT_EQ(left("filter=memory>16,name=js1"), "1");  // not escaped
    EXPECT_EQ(left("filter=memory%3E%3D16"), "12");     // escaped
    EXPECT_EQ(left("filter=memory<16"), "3");
    EXPECT_EQ(left("filter=memory<=16"), "23");
    EXPECT_EQ(left("filter=name<>js1"), "2");
    EXPECT_EQ(left("filter=power=true"), "1");
    EXPECT_EQ(left("filter=labels=b"), "13");
    EXPECT_EQ(left("filter=labels<>b"), "2");
    EXPECT_EQ(left("filter=elephants=1"), "");
    EXPECT_EQ(left("filter=memory>much"), "");
}

TEST(Listing, SortsByManyFields) {
    EXPECT_EQ(left("sort=memory"), "321");
    EXPECT_EQ(left("sort=-memory"), "123");
    EXPECT_EQ(left("sort=name,-object_uuid"), "312");
    EXPECT_EQ(left("sort=-name,+object_uuid"), "213");  // a plus sign that nobody escaped
    EXPECT_EQ(left("sort=elephants"), "123");
}

TEST(Listing, CutsPages) {
    EXPECT_EQ(left("page=0&limit=2"), "12");
    EXPECT_EQ(left("page=1&limit=2"), "3");
    EXPECT_EQ(left("page=7&limit=2"), "");
    EXPECT_EQ(left("offset=1"), "23");
    EXPECT_EQ(left("limit=1&offset=1"), "2");
    EXPECT_EQ(left("page=0"), "123");  // 25 is the usual limit
}

TEST(Listing, LinksArePathsOnThisServerAndKeepTheQuestion) {
    const auto listing = Listing::parse("page=0&limit=2&filter=memory>1&sort=-name");
    ASSERT_TRUE(listing);
    const auto page = listing->apply(servers(), "/objects/servers");
    ASSERT_TRUE(page.links && page.meta);
    EXPECT_EQ(std::string(page.links->at("next").as_object().at("href").as_string()),
              "/objects/servers?page=1&limit=2&filter=memory%3E1&sort=-name");
    EXPECT_FALSE(page.links->contains("prev"));
    EXPECT_EQ(page.meta->at("total").to_number<int>(), 3);
    EXPECT_EQ(page.meta->at("count").to_number<int>(), 2);
}

TEST(Listing, GivesEverythingPlainWhenNothingIsAsked) {
    const auto page = Listing::parse("utm=1")->apply(servers(), "/objects/servers");
    EXPECT_EQ(page.objects.size(), 3u);
    EXPECT_FALSE(page.meta);
    EXPECT_FALSE(page.links);
}

TEST(Listing, RefusesWhatItCannotRead) {
    for (const auto* query : {"limit=0", "limit=-1", "limit=1.5", "page=x", "limit=99999999999",
                              "offset=", "filter=name", "filter==1", "filter=%zz"}) {
        EXPECT_FALSE(Listing::parse(query)) << query;
    }
    std::string many = "fields=";
    for (int i = 0; i < 100; ++i) many += "a,";
    EXPECT_FALSE(Listing::parse(many));
}

}  // namespace
}  // namespace aula::cloud
