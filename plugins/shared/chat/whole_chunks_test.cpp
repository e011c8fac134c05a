#include "whole_chunks.hpp"

#include <patchbay/json_tree.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

namespace json = boost::json;

std::vector<json::object> chunks_of(std::string_view text) {
    return whole_as_chunks(json::parse(text).as_object());
}

TEST(WholeAsChunks, has_the_message_the_end_and_the_usage) {
    const auto chunks = chunks_of(
        R"({"id":"a","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}},{"id":"c2"}]},"logprobs":{"content":[]},"finish_reason":"tool_calls"},{"index":1,"message":{"role":"assistant","content":"Ho"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3}})");
    ASSERT_EQ(chunks.size(), 3u);
    EXPECT_EQ(
        json::value(chunks[0]),
        json::parse(
            R"({"id":"a","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi","tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}},{"index":1,"id":"c2"}]},"logprobs":{"content":[]},"finish_reason":null},{"index":1,"delta":{"role":"assistant","content":"Ho"},"finish_reason":null}]})"));
    EXPECT_EQ(
        json::value(chunks[1]),
        json::parse(
            R"({"id":"a","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"},{"index":1,"delta":{},"finish_reason":"stop"}]})"));
    EXPECT_EQ(
        json::value(chunks[2]),
        json::parse(
            R"({"id":"a","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3}})"));
}

TEST(WholeAsChunks, takes_what_is_odd) {
    EXPECT_EQ(chunks_of(R"({"choices":[]})").size(), 2u);
    EXPECT_EQ(chunks_of(R"({"choices":[7,{}]})")[1].at("choices").as_array().size(), 1u);
    EXPECT_EQ(chunks_of(R"({"choices":null,"usage":null})").size(), 2u);
}

// In a tree such a number is a text in an object.
TEST(WholeAsChunks, takes_no_wide_number_for_an_object) {
    auto tree = json_tree::read(R"({"choices":[1E400,{"message":1E400,"finish_reason":"stop"}]})");
    ASSERT_TRUE(tree);
    const auto chunks = whole_as_chunks(tree.value.as_object());
    EXPECT_EQ(json::value(chunks[0].at("choices")),
              json::parse(R"([{"delta":{},"finish_reason":null}])"));
}

}  // namespace
}  // namespace patchbay::shared
