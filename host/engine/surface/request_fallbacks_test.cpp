#include "engine/surface/request_fallbacks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/surface/request_options.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// Of a chat request with these members.
Result<RequestOptions> options_of(const std::string& members) {
    const std::string body = R"({"model":"m","messages":[],)" + members + "}";
    const auto scan = scan_request(body, kMessagesForm);
    return read_request_options(scan.value().members);
}

TEST(RequestFallbacks, a_list_is_for_this_call) {
    const auto options = options_of(R"("fallbacks":["a",{"model":"b"}],"max_fallbacks":2)");
    EXPECT_THAT(options->fallbacks->list, ElementsAre("a", "b"));
    EXPECT_EQ(options->fallbacks->by_group.max, 2);
    EXPECT_TRUE(options->any_control);
}

TEST(RequestFallbacks, an_empty_list_is_none_and_not_the_configurations) {
    EXPECT_TRUE(options_of(R"("fallbacks":[])")->fallbacks->no_general);
    EXPECT_FALSE(options_of(R"("fallbacks":["a"])")->fallbacks->no_general);
    EXPECT_FALSE(options_of(R"("fallbacks":[{"m":["a"]}])")->fallbacks->no_general);
    EXPECT_FALSE(options_of(R"("context_window_fallbacks":[])")->fallbacks->no_general);
}

TEST(RequestFallbacks, lists_by_group_stand_for_those_of_the_configuration) {
    const auto options =
        options_of(R"("fallbacks":[{"m":["a"]}],"context_window_fallbacks":[{"m":["b"]}],)"
                   R"("content_policy_fallbacks":[{"m":["c"]}],"default_fallbacks":["d"])");
    const FallbackSettings& found = options->fallbacks->by_group;
    EXPECT_THAT(found.general,
                ElementsAre(Pair("*", ElementsAre("d")), Pair("m", ElementsAre("a"))));
    EXPECT_THAT(found.context_window, ElementsAre(Pair("m", ElementsAre("b"))));
    EXPECT_THAT(found.content_policy, ElementsAre(Pair("m", ElementsAre("c"))));
}

TEST(RequestFallbacks, another_form_is_refused_by_name) {
    for (const char* members :
         {R"("fallbacks":"a")", R"("fallbacks":[1])", R"("fallbacks":[{"model":"a","n":2}])",
          R"("context_window_fallbacks":["a"])", R"("max_fallbacks":-1)",
          R"("default_fallbacks":{})"}) {
        const auto options = options_of(members);
        ASSERT_FALSE(options) << members;
        EXPECT_EQ(options.error().status(), 400);
        EXPECT_THAT(members, HasSubstr(options.error().param));
    }
}

TEST(RequestFallbacks, switches_and_tags_are_read) {
    EXPECT_TRUE(options_of(R"("disable_fallbacks":true)")->disable_fallbacks);
    EXPECT_FALSE(options_of(R"("disable_fallbacks":false)")->disable_fallbacks);
    EXPECT_EQ(options_of(R"("fallbacks":null)")->fallbacks, nullptr);
    const auto options = options_of(R"("tags":["a"],"metadata":{"tags":["b","c"],"x":1})");
    EXPECT_THAT(options->tags, ElementsAre("a", "b", "c"));
    EXPECT_EQ(options_of(R"("mock_testing_context_fallbacks":true)")->mock_failure,
              MockFailure::context_window);
    EXPECT_EQ(options_of(R"("mock_testing_fallbacks":false)")->mock_failure, MockFailure::none);
}

}  // namespace
}  // namespace patchbay
