#include "contract/shape/service_tier.hpp"

#include <gtest/gtest.h>

#include "contract/shape/shape.hpp"

namespace patchbay {
namespace {

TEST(ServiceTier, is_known_by_the_names_of_all_providers) {
    struct Row {
        std::string_view name;
        ServiceTier expected;
    };
    for (const Row& row :
         {Row{"default", ServiceTier::standard}, Row{"standard", ServiceTier::standard},
          Row{"ON_DEMAND", ServiceTier::standard}, Row{"Priority", ServiceTier::priority},
          Row{"fast", ServiceTier::priority}, Row{"ON_DEMAND_PRIORITY", ServiceTier::priority},
          Row{"flex", ServiceTier::flex}, Row{"batch", ServiceTier::batches},
          Row{"ultrafast", ServiceTier::ultrafast}, Row{"balanced", ServiceTier::balanced},
          Row{"auto", ServiceTier::untold}, Row{"scale", ServiceTier::untold},
          Row{"", ServiceTier::untold}, Row{"defaul", ServiceTier::untold}}) {
        EXPECT_EQ(service_tier(row.name), row.expected) << row.name;
    }
}

TEST(ServiceTier, stands_in_answers_where_their_api_has_it) {
    struct Row {
        const Shape& shape;
        std::string_view event, json, expected;
    };
    for (const Row& row :
         {Row{kChatShape, "", R"({"choices":[],"service_tier":"flex"})", R"("flex")"},
          Row{kChatShape, "", R"({"choices":[],"service_tier":null})", ""},
          Row{kChatShape, "", R"({"choices":[]})", ""},
          Row{kResponseShape, "", R"({"object":"response","output":[],"service_tier":"flex"})",
              R"("flex")"},
          Row{kResponseShape, "response.completed",
              R"({"type":"response.completed","response":{"service_tier":"priority"}})",
              R"("priority")"}}) {
        const TextRange tier = row.shape.scan(row.event, row.json).tier;
        EXPECT_EQ(row.json.substr(tier.off, tier.len), row.expected) << row.json;
    }
}

TEST(ServiceTier, comes_with_the_usage_of_anthropic_and_google) {
    Usage usage;
    ASSERT_TRUE(kMessageShape.read_usage(
        R"({"input_tokens":3,"cache_creation_input_tokens":9,"output_tokens":1,
            "cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":5},
            "server_tool_use":{"web_search_requests":2},"service_tier":"priority","speed":"fast",
            "inference_geo":"us"})",
        usage));
    EXPECT_EQ(usage, (Usage{.prompt = 12,
                            .completion = 1,
                            .total = 13,
                            .cache_creation = 9,
                            .cache_creation_1h = 5,
                            .searches = 2,
                            .tier = ServiceTier::priority,
                            .fast = true,
                            .in_us = true}));
    // What a stream tells later says nothing of them.
    ASSERT_TRUE(kMessageShape.read_usage(R"({"output_tokens":7})", usage));
    EXPECT_EQ(usage.tier, ServiceTier::priority);
    EXPECT_TRUE(usage.fast && usage.in_us);
    EXPECT_EQ(usage.cache_creation_1h, 5u);

    Usage google;
    ASSERT_TRUE(kGenerateShape.read_usage(
        R"({"promptTokenCount":3,"trafficType":"ON_DEMAND_FLEX"})", google));
    EXPECT_EQ(google.tier, ServiceTier::flex);
}

TEST(ServiceTier, holds_once_it_is_told) {
    Usage known{.prompt = 5, .completion = 2, .total = 8};
    merge_usage(known, {.tier = ServiceTier::flex});
    EXPECT_EQ(known, (Usage{.prompt = 5, .completion = 2, .total = 8, .tier = ServiceTier::flex}))
        << "counts stay as they were";
    merge_usage(known, {.completion = 3, .total = 3});
    EXPECT_EQ(known.tier, ServiceTier::flex);
}

}  // namespace
}  // namespace patchbay
