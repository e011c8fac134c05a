#include "engine/plugins/row_settings.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/provider_rows.hpp"
#include "engine/plugins/settings_test_support.hpp"

namespace patchbay {
namespace {

using test::variables;
using testing::ElementsAre;

ProviderRow row_of(const std::string& text) {
    auto rows = parse_provider_rows(R"({"p": )" + text + "}");
    EXPECT_TRUE(rows) << rows.error();
    return rows->at("p");
}

TEST(RowSettings, the_address_is_made_of_variables) {
    const ProviderRow row = row_of(R"({
        "base_url": "https://h.test/accounts/{account}/{place}", "api_base_env": "BASE",
        "settings": {"place": "ai"}, "settings_env": {"account": ["A", "B"], "place": "PLACE"}})");
    EXPECT_EQ(own_address(row, variables({{"A", ""}, {"B", "b"}})), "https://h.test/accounts/b/ai");
    EXPECT_EQ(own_address(row, variables({{"A", "a"}, {"B", "b"}, {"PLACE", "p"}})),
              "https://h.test/accounts/a/p");
    EXPECT_EQ(own_address(row, variables({})), "") << "no half of an address";
    EXPECT_EQ(own_address(row, {}), "");
    EXPECT_THAT(address_variables(row), ElementsAre("BASE", "A", "B", "PLACE"));
}

TEST(RowSettings, the_plugin_gets_them_in_its_row) {
    const ProviderRow row = row_of(R"({
        "base_url": "https://h.test/{account}", "settings": {"region": "eu", "zone": "1"},
        "settings_env": {"account": "A", "region": "R", "title": "T"}})");
    const auto made = row_in(row, variables({{"A", "a"}, {"R", "us"}}));
    EXPECT_EQ(made.at("base_url"), "https://h.test/a");
    EXPECT_EQ(made.at("settings"),
              boost::json::parse(R"({"account": "a", "region": "us", "zone": "1"})"));
    EXPECT_THAT(row_egress(row_of(R"({"egress": ["https://a.test", "https://b.test"]})")),
                ElementsAre("https://a.test", "https://b.test"));
    EXPECT_THAT(row_egress(row), ElementsAre());
    EXPECT_EQ(row_in(row, {}).at("base_url"), "");
    EXPECT_EQ(row_in(row_of("{}"), variables({{"A", "a"}})), boost::json::object());
}

}  // namespace
}  // namespace patchbay
