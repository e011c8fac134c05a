#include "engine/cache/key.hpp"

#include <gtest/gtest.h>

#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

using Beside = std::vector<std::pair<std::string_view, std::string_view>>;

CacheKey key_of(std::string_view body, CacheKeyParts parts = {}, const Beside& beside = {}) {
    const auto scan = scan_request(body, kMessagesForm);
    EXPECT_TRUE(scan) << body;
    parts.members = {scan->members.data(), scan->members.size()};
    parts.beside = beside;
    return cache_key(parts);
}

constexpr std::string_view kAsked = R"({"model":"a","messages":["hi"],"temperature":0})";

TEST(CacheKey, is_the_same_for_what_asks_the_model_the_same) {
    for (const std::string_view body : {
             R"({"temperature":0,"messages":["hi"],"model":"a"})",
             R"({ "model" : "b", "messages" : [ "hi" ] , "temperature": 0 })",
             R"({"model":"a","messages":["hi"],"temperature":0,"stream":true})",
             R"({"model":"a","messages":["hi"],"temperature":0,"stream_options":{}})",
             R"({"model":"a","messages":["hi"],"temperature":0,"metadata":{"a":1}})",
             R"({"model":"a","messages":["hi"],"temperature":0,"cache":{"ttl":5}})",
             R"({"model":"a","messages":["hi"],"temperature":0,"prompt_cache_key":"x"})",
             R"({"model":"a","messages":["hi"],"temperature":0,"num_retries":3})",
         }) {
        EXPECT_EQ(key_of(kAsked).hex(), key_of(body).hex()) << body;
    }
}

TEST(CacheKey, differs_where_the_model_is_asked_something_else) {
    for (
        const std::string_view body : {
            R"({"model":"a","messages":["h i"],"temperature":0})",
            R"({"model":"a","messages":["hi"],"temperature":0,"merge_reasoning_content_in_choices":true})",
            R"({"model":"a","messages":["hi"],"temperature":1})",
            R"({"model":"a","messages":["hi"],"temperature":0,"top_k":1})",
            R"({"model":"a","messages":["hi"],"temperature":0,"user":"u"})",
            R"({"model":"a","messages":["hi"],"temperature":0,"drop_params":true})",
            R"({"model":"a","messages":["hi\" "],"temperature":0})",
            R"({"model":"a","messages":["hi","temperature"],"n":0})",
        }) {
        EXPECT_NE(key_of(kAsked).hex(), key_of(body).hex()) << body;
    }
}

TEST(CacheKey, keeps_white_space_inside_of_strings) {
    const auto with = [](std::string_view text) {
        return key_of(R"({"model":"a","messages":[")" + std::string(text) + R"("]})").hex();
    };
    EXPECT_NE(with("a b"), with("ab"));
    EXPECT_EQ(with(R"(\\" , "x)"), with(R"(\\","x)"));
    EXPECT_NE(with(R"(\" , x)"), with(R"(\",x)"));
}

TEST(CacheKey, of_what_is_left_open_stands_for_all_that_differ_there_alone) {
    const auto of = [](const std::string& text, const char* rest) {
        const std::string body = R"({"model":"a", "messages":[{"role":"user", "content":")" + text +
                                 R"("}],)" + rest + "}";
        const std::size_t at = body.find('"' + text + '"');
        CacheKeyParts parts;
        parts.open = std::string_view(body).substr(at, text.size() + 2);
        return key_of(body, parts).hex();
    };
    EXPECT_EQ(of("how are you", R"("n":1)"), of("how do you do", R"("n":1)"));
    EXPECT_NE(of("how are you", R"("n":1)"), of("how are you", R"("n":2)"));
    EXPECT_NE(of("hi", R"("n":1)"),
              key_of(R"({"model":"a","messages":[{"role":"user","content":"hi"}],"n":1})").hex());
}

TEST(CacheKey, differs_with_every_part) {
    const std::vector<CacheKeyParts> all{{},
                                         {.operation = "o"},
                                         {.group = "o"},
                                         {.model = "o"},
                                         {.name_space = "o"},
                                         {.scope = "o"},
                                         {.translated = true}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            EXPECT_NE(key_of(kAsked, all[i]).hex(), key_of(kAsked, all[j]).hex()) << i << " " << j;
        }
    }
    EXPECT_NE(key_of(kAsked, {}, {{"a", "b"}}).hex(), key_of(kAsked).hex());
    EXPECT_NE(key_of(kAsked, {}, {{"a", "b"}}).hex(), key_of(kAsked, {}, {{"ab", ""}}).hex());
}

TEST(CacheKey, is_read_as_it_is_told) {
    const CacheKey key = key_of(kAsked);
    EXPECT_EQ(read_cache_key(key.hex()), key);
    EXPECT_EQ(read_cache_key("shop:eu:" + key.hex()), key);
    for (const std::string& wrong : {std::string(), key.hex() + "0", key.hex().substr(1),
                                     std::string(64, 'G'), "shop:" + std::string(64, 'A')}) {
        EXPECT_FALSE(read_cache_key(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace patchbay
