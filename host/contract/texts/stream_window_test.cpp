#include "contract/texts/stream_window.hpp"

#include <random>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::guard {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::IsEmpty;

std::string chunk(const std::string& text, int choice = 0, const std::string& field = "content") {
    json::object delta{{field, text}};
    json::array choices;
    choices.push_back(
        json::object{{"index", choice}, {"delta", delta}, {"finish_reason", nullptr}});
    return json::serialize(json::object{{"id", "c1"}, {"model", "m"}, {"choices", choices}});
}

Verdict allow() {
    Verdict verdict;
    verdict.decision = Decision::allow;
    return verdict;
}

Verdict edit(std::size_t index, std::optional<std::string> text, std::size_t hold = 0) {
    Verdict verdict;
    verdict.decision = Decision::modify;
    verdict.edits.push_back({index, std::move(text), hold});
    return verdict;
}

/// What a client would put together from the chunks, by choice and field.
std::map<std::string, std::string> joined(const std::vector<std::string>& chunks) {
    std::map<std::string, std::string> texts;
    for (const std::string& one : chunks) {
        const json::value document = json::parse(one);
        for (const json::value& choice : document.at("choices").as_array()) {
            const std::string index = json::serialize(choice.at("index"));
            for (const auto& member : choice.at("delta").as_object()) {
                const auto* text = member.value().if_string();
                if (text) texts[index + " " + std::string(member.key())] += text->c_str();
            }
            if (const auto* call = choice.at("delta").as_object().if_contains("tool_calls")) {
                for (const json::value& tool : call->as_array()) {
                    const std::string at = "tool " + json::serialize(tool.at("index"));
                    const auto* function = tool.as_object().if_contains("function");
                    const auto* text =
                        function ? function->as_object().if_contains("arguments") : nullptr;
                    if (text) texts[at] += text->as_string().c_str();
                }
            }
        }
    }
    return texts;
}

TEST(StreamWindow, what_is_allowed_whole_goes_out_as_it_came) {
    StreamWindow window;
    ASSERT_TRUE(window.push(chunk("Hello")));
    ASSERT_TRUE(window.push(chunk(" there")));
    EXPECT_EQ(window.fresh(), 2u);
    ASSERT_EQ(window.texts(false).size(), 1u);
    EXPECT_EQ(std::string(window.texts(false)[0].text.ptr, window.texts(false)[0].text.len),
              "Hello there");
    std::vector<std::string> out;
    window.apply(allow(), false, out);
    EXPECT_THAT(out, ElementsAre(chunk("Hello"), chunk(" there")));
}

TEST(StreamWindow, released_text_is_shown_again_as_context) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(chunk("abc")));
    window.texts(false);
    window.apply(allow(), false, out);
    ASSERT_TRUE(window.push(chunk("def")));
    const bay_text text = window.texts(false)[0];
    EXPECT_EQ(std::string(text.text.ptr, text.text.len), "abcdef");
    EXPECT_EQ(text.fixed, 3u);
}

TEST(StreamWindow, what_is_held_comes_again_and_is_not_sent) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(chunk("mail me at a@b")));
    window.texts(false);
    window.apply(edit(0, std::nullopt, 3), false, out);
    EXPECT_EQ(joined(out)["0 content"], "mail me at ");
    ASSERT_TRUE(window.push(chunk(".org now")));
    const bay_text text = window.texts(false)[0];
    EXPECT_EQ(std::string(text.text.ptr + text.fixed, text.text.len - text.fixed), "a@b.org now");
    window.apply(edit(0, "[EMAIL] now"), true, out);
    EXPECT_EQ(joined(out)["0 content"], "mail me at [EMAIL] now");
}

TEST(StreamWindow, a_hold_does_not_cut_a_character) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(chunk("a\xC3\xA9")));
    window.texts(false);
    window.apply(edit(0, std::nullopt, 1), false, out);
    EXPECT_EQ(joined(out)["0 content"], "a");
    window.texts(false);
    window.apply(allow(), true, out);
    EXPECT_EQ(joined(out)["0 content"], "a\xC3\xA9");
}

TEST(StreamWindow, a_block_releases_nothing) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(chunk("bad")));
    window.texts(false);
    Verdict block;
    block.decision = Decision::block;
    window.apply(block, true, out);
    EXPECT_THAT(out, IsEmpty());
}

TEST(StreamWindow, the_finish_reason_waits_for_held_text_and_structure_does_not) {
    StreamWindow window;
    std::vector<std::string> out;
    const std::string role =
        R"({"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})";
    const std::string finish =
        R"({"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
    const std::string usage = R"({"id":"c1","choices":[],"usage":{"prompt_tokens":1}})";
    Verdict hold;
    hold.decision = Decision::hold;
    ASSERT_TRUE(window.push(role));
    ASSERT_TRUE(window.push(chunk("held")));
    ASSERT_TRUE(window.push(finish));
    ASSERT_TRUE(window.push(usage));
    window.texts(false);
    window.apply(hold, false, out);
    EXPECT_THAT(out, ElementsAre(role));
    window.texts(false);
    window.apply(allow(), true, out);
    ASSERT_EQ(out.size(), 4u);
    EXPECT_EQ(joined(out)["0 content"], "held");
    EXPECT_EQ(out[2], finish);
    EXPECT_EQ(out[3], usage);
}

TEST(StreamWindow, channels_are_kept_apart) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(chunk("think", 0, "reasoning_content")));
    ASSERT_TRUE(window.push(chunk("one", 0)));
    ASSERT_TRUE(window.push(chunk("two", 1)));
    ASSERT_TRUE(window.push(
        R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"t","type":"function",)"
        R"("function":{"name":"f","arguments":"{\"a\""}}]}}]})"));
    const auto& texts = window.texts(false);
    ASSERT_EQ(texts.size(), 4u);
    EXPECT_EQ(std::string(texts[3].path.ptr, texts[3].path.len),
              "/choices/0/delta/tool_calls/1/function/arguments");
    window.apply(edit(1, "ONE"), false, out);
    auto client = joined(out);
    EXPECT_EQ(client["0 reasoning_content"], "think");
    EXPECT_EQ(client["0 content"], "ONE");
    EXPECT_EQ(client["1 content"], "two");
    EXPECT_EQ(client["tool 1"], "{\"a\"");
}

TEST(StreamWindow, token_probabilities_do_not_tell_what_was_changed) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(
        window.push(R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"secret"},)"
                    R"("logprobs":{"content":[{"token":"secret"}]}}]})"));
    window.texts(false);
    window.apply(edit(0, "******"), true, out);
    for (const std::string& one : out) EXPECT_EQ(one.find("secret"), std::string::npos) << one;
}

TEST(StreamWindow, a_second_value_of_one_name_does_not_pass_beside) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(
        window.push(R"({"choices":[{"index":0,"delta":{"content":"secret","content":"fine"}}]})"));
    window.texts(false);
    window.apply(allow(), true, out);
    for (const std::string& one : out) EXPECT_EQ(one.find("secret"), std::string::npos) << one;
}

TEST(StreamWindow, refuses_to_hold_more_than_its_bound) {
    StreamWindow window;
    const std::string large = chunk(std::string(4u << 20, 'x'));
    bool refused = false;
    for (int i = 0; i < 8 && !refused; ++i) refused = !window.push(large);
    EXPECT_TRUE(refused);
    EXPECT_FALSE(StreamWindow().push("[1]"));
}

// A masker that is right for one text, run on every split of it.
std::string mask(std::string text) {
    for (std::size_t at; (at = text.find("secret")) != std::string::npos;) {
        text.replace(at, 6, "******");
    }
    return text;
}

Verdict mask_window(StreamWindow& window, bool last) {
    Verdict verdict;
    verdict.decision = Decision::modify;
    const auto& texts = window.texts(false);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string held(texts[i].text.ptr + texts[i].fixed,
                               texts[i].text.len - texts[i].fixed);
        std::string masked = mask(held);
        std::size_t hold = 0;
        for (std::size_t tail = 1; !last && tail < 6 && tail <= masked.size(); ++tail) {
            if (masked.ends_with(std::string("secret").substr(0, tail))) hold = tail;
        }
        masked.resize(masked.size() - hold);
        verdict.edits.push_back({i, masked, hold});
    }
    return verdict;
}

TEST(StreamWindow, a_mask_is_the_same_for_every_split) {
    const std::string text = "a secret, sesecret and secrets\xE2\x82\xAC sec ret secre";
    std::vector<std::vector<std::size_t>> cuts;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        for (std::size_t j = i; j <= text.size(); ++j) cuts.push_back({i, j});
    }
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        std::vector<std::size_t> many;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (random() % 3 == 0) many.push_back(at);
        }
        cuts.push_back(many);
    }
    for (const auto& cut : cuts) {
        StreamWindow window;
        std::vector<std::string> out;
        std::size_t begin = 0;
        const auto piece = [&](std::size_t end) {
            // JSON cannot carry half a character: neither can a chunk.
            while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
                ++end;
            if (end <= begin) return;
            ASSERT_TRUE(window.push(chunk(text.substr(begin, end - begin))));
            begin = end;
            window.apply(mask_window(window, false), false, out);
        };
        for (const std::size_t end : cut) piece(end);
        piece(text.size());
        window.apply(mask_window(window, true), true, out);
        EXPECT_EQ(joined(out)["0 content"], mask(text));
    }
}

std::string raw_chunk(const std::string& delta) {
    return R"({"id":"c1","choices":[{"index":0,"delta":)" + delta + "}]}";
}

std::string arguments_chunk(const std::string& escaped) {
    return raw_chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":")" + escaped +
                     R"("}}]})");
}

std::string shown(StreamWindow& window, bool last = false) {
    const auto& texts = window.texts(last);
    return texts.empty() ? "" : std::string(texts[0].text.ptr, texts[0].text.len);
}

TEST(StreamWindow, halves_of_a_pair_are_joined_and_pass_as_they_came) {
    StreamWindow window;
    std::vector<std::string> out;
    const std::string first = raw_chunk(R"({"content":"a \ud83d"})");
    const std::string second = raw_chunk(R"({"content":"\ude00 b","n":12345678901234567890123})");
    ASSERT_TRUE(window.push(first));
    EXPECT_EQ(shown(window), "a \uFFFD");
    ASSERT_TRUE(window.push(second));
    EXPECT_EQ(shown(window), "a 😀 b");
    window.apply(allow(), false, out);
    EXPECT_THAT(out, ElementsAre(first, second));
}

TEST(StreamWindow, halves_on_both_sides_of_a_verdict_go_out_as_halves) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(raw_chunk(R"({"content":"a \ud83d"})")));
    window.texts(false);
    window.apply(edit(0, std::nullopt, 0), false, out);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_NE(out[0].find(R"("content":"a \ud83d")"), std::string::npos) << out[0];
    ASSERT_TRUE(window.push(raw_chunk(R"({"content":"\ude00 b"})")));
    const auto& texts = window.texts(false);
    ASSERT_EQ(texts.size(), 1u);
    EXPECT_EQ(std::string(texts[0].text.ptr, texts[0].text.len), "a \uFFFD\uFFFD b");
    EXPECT_EQ(texts[0].fixed, 5u);
    window.apply(edit(0, std::nullopt, 0), false, out);
    ASSERT_EQ(out.size(), 2u);
    EXPECT_NE(out[1].find(R"("content":"\ude00 b")"), std::string::npos) << out[1];
}

// The escapes of arguments are shown as what they stand for, wherever the upstream cut them, and
// what goes out means the same.
TEST(StreamWindow, arguments_are_shown_decoded_for_every_cut) {
    const std::string text = R"({"q":"\u0446\u0430\/ \ud83d\ude00 \ud83d \u0022\\u0041"})";
    const std::string decoded = R"({"q":"ца/ 😀 \ud83d \u0022\\u0041"})";
    const auto escaped = [](std::string_view piece) {
        const std::string quoted = json::serialize(json::string(piece));
        return quoted.substr(1, quoted.size() - 2);
    };
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        for (const bool ask_between : {false, true}) {
            StreamWindow window;
            std::vector<std::string> out;
            ASSERT_TRUE(window.push(arguments_chunk(escaped(text.substr(0, cut)))));
            if (ask_between) {
                const std::string seen = shown(window);
                EXPECT_TRUE(decoded.starts_with(seen)) << seen;
                if (!seen.empty()) window.apply(edit(0, std::nullopt, seen.size()), false, out);
                EXPECT_THAT(out, IsEmpty());
            }
            ASSERT_TRUE(window.push(arguments_chunk(escaped(text.substr(cut)))));
            EXPECT_EQ(shown(window, true), decoded) << cut;
            window.apply(edit(0, decoded + "!", 0), true, out);
            EXPECT_EQ(joined(out)["tool 0"], decoded + "!");
        }
    }
}

TEST(StreamWindow, an_escape_that_is_not_over_does_not_go_out_unseen) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(arguments_chunk(R"({\"q\":\"\\u04)")));
    EXPECT_EQ(shown(window), R"({"q":")");
    window.apply(allow(), false, out);
    EXPECT_EQ(joined(out)["tool 0"], R"({"q":")");
    ASSERT_TRUE(window.push(arguments_chunk(R"(46\"})")));
    EXPECT_EQ(shown(window), R"({"q":"ц"})");
    window.apply(allow(), false, out);
    EXPECT_EQ(joined(out)["tool 0"], R"({"q":"ц"})");
}

TEST(StreamWindow, arguments_that_are_no_json_are_shown_as_they_are) {
    StreamWindow window;
    ASSERT_TRUE(window.push(arguments_chunk(R"(C:\\u0041)")));
    EXPECT_EQ(shown(window), R"(C:\u0041)");
}

TEST(StreamWindow, of_repeated_members_only_what_was_shown_goes_out) {
    StreamWindow window;
    std::vector<std::string> out;
    ASSERT_TRUE(window.push(raw_chunk(R"({"content":"hidden","content":"shown"})")));
    EXPECT_EQ(shown(window), "shown");
    window.apply(allow(), false, out);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].find("hidden"), std::string::npos) << out[0];
}

}  // namespace
}  // namespace patchbay::guard
