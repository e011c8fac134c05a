// Answers of the chat API, and the many ways in which providers stream them.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface::test {

using Random = std::mt19937;

inline std::size_t pick(Random& random, std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
}

/// `words` in pieces that end between code units of UTF-16: within a pair too.
inline std::vector<std::string> pieces_of(std::string_view words, Random& random) {
    std::vector<std::string> pieces{""};
    const auto size = 1 + pick(random, 12);
    const auto next = [&](std::string_view unit) {
        if (pieces.back().size() >= size) pieces.emplace_back();
        pieces.back() += unit;
    };
    for (std::size_t at = 0; at < words.size();) {
        std::size_t end = at + 1;
        while (end < words.size() && (words[end] & 0xc0) == 0x80) ++end;
        if (end - at == 4 && pick(random, 2) == 0) {
            next("\xed\xa0\xbd");  // the pair of U+1F600
            next("\xed\xb8\x80");
        } else {
            next(words.substr(at, end - at));
        }
        at = end;
    }
    return pieces;
}

/// An answer and the deltas that a provider might make of it.
class Cutter {
  public:
    Cutter(const json::object& message, Random& random) : message_(message), random_(random) {}

    std::vector<json::object> deltas() {
        if (pick(random_, 2) == 0) add({{"role", "assistant"}, {"content", ""}});
        cut_thinking();
        cut_text("content");
        cut_text("refusal");
        cut_calls();
        return std::move(deltas_);
    }

  private:
    void add(json::object delta) { deltas_.push_back(std::move(delta)); }

    void cut_text(std::string_view member) {
        const auto words = text(message_, member);
        if (words.empty()) return;
        for (auto& piece : pieces_of(words, random_)) add({{member, piece}});
    }

    void cut_thinking() {
        const auto* blocks = find_array(message_, "thinking_blocks");
        if (!blocks) return cut_text("reasoning_content");
        const auto style = pick(random_, 3);
        for (const auto& value : *blocks) {
            const auto& block = value.get_object();
            if (style == 0 || text(block, "type") == "redacted_thinking") {
                add({{"thinking_blocks", json::array{block}}});
                continue;
            }
            for (auto& piece : pieces_of(text(block, "thinking"), random_)) {
                json::object delta{{"reasoning_content", piece}};
                if (style == 2) {
                    delta["thinking_blocks"] =
                        json::array{{{"type", "thinking"}, {"thinking", piece}}};
                }
                add(std::move(delta));
            }
            json::object end = block;
            if (style == 2) end["thinking"] = "";
            add({{"thinking_blocks", json::array{std::move(end)}}});
        }
    }

    void cut_calls() {
        const auto* calls = find_array(message_, "tool_calls");
        if (!calls) return;
        std::vector<std::vector<json::object>> queues;
        for (std::size_t i = 0; i < calls->size(); ++i) {
            const auto& call = (*calls)[i].get_object();
            auto pieces = pieces_of(text(call.at("function").get_object(), "arguments"), random_);
            std::vector<json::object> queue;
            json::object first = call;
            first["index"] = i;
            first["function"].get_object()["arguments"] = pick(random_, 2) ? "" : pieces.front();
            const bool taken = !text(first["function"].get_object(), "arguments").empty();
            queue.push_back(std::move(first));
            for (std::size_t p = taken ? 1 : 0; p < pieces.size(); ++p) {
                queue.push_back({{"index", i}, {"function", {{"arguments", pieces[p]}}}});
            }
            queues.push_back(std::move(queue));
        }
        mix(queues, pick(random_, 2) == 0);
    }

    // Calls begin in their order; their other pieces come as they like, or one call at a time.
    void mix(std::vector<std::vector<json::object>>& queues, bool in_order) {
        std::vector<std::size_t> at(queues.size(), 0);
        std::size_t begun = 0;
        for (;;) {
            std::vector<std::size_t> open;
            for (std::size_t i = 0; i < queues.size() && i <= begun; ++i) {
                if (at[i] < queues[i].size()) open.push_back(i);
            }
            if (open.empty()) return;
            const auto i = in_order ? open.front() : open[pick(random_, open.size())];
            if (at[i] == 0) ++begun;
            add({{"tool_calls", json::array{queues[i][at[i]++]}}});
        }
    }

    const json::object& message_;
    Random& random_;
    std::vector<json::object> deltas_;
};

inline json::object answer_of(std::string_view message, std::string_view finish_reason,
                              std::string_view choices_member) {
    return tree_of(R"({"id":"chatcmpl-A","object":"chat.completion","created":1,"model":"up",)" +
                   std::string(R"("choices":[{"index":0,"message":)") + std::string(message) +
                   R"(,"finish_reason":")" + std::string(finish_reason) + "\"" +
                   std::string(choices_member) +
                   R"(}],"usage":{"prompt_tokens":100,"completion_tokens":9,)" +
                   R"("prompt_tokens_details":{"cached_tokens":75}}})")
        .get_object();
}

inline json::object chunk_with(json::array choices) {
    return {
        {"id", "chatcmpl-A"}, {"object", "chat.completion.chunk"}, {"choices", std::move(choices)}};
}

/// Gives `answer`, cut into chunks, to a translator of streams.
template <class Stream, class Emit>
void stream_answer(const json::object& answer, Random& random, Stream& stream, const Emit& emit) {
    const auto& choice = answer.at("choices").get_array().at(0).get_object();
    for (auto& delta : Cutter(choice.at("message").get_object(), random).deltas()) {
        const json::object part{{"index", 0}, {"delta", std::move(delta)}};
        EXPECT_TRUE(stream.chunk(json_tree::write(chunk_with({part})), emit));
    }
    json::object last = choice;
    last.erase("message");
    last["delta"] = json::object();
    EXPECT_TRUE(stream.chunk(json_tree::write(chunk_with({last})), emit));
    auto closing = chunk_with({});
    closing["usage"] = answer.at("usage");
    EXPECT_TRUE(stream.chunk(json_tree::write(closing), emit));
    stream.end(emit);
}

struct SampleAnswer {
    const char* what;
    const char* message;
    const char* finish_reason;
    const char* more = "";  ///< further members of the choice
};

inline constexpr SampleAnswer kSampleAnswers[] = {
    {"text",
     "{\"content\":\"Hello \xf0\x9f\x98\x80, w\xc3\xb6rld \\\"quoted\\\" \\n "
     "\xf0\x9f\x98\x80\"}",
     "stop"},
    {"nothing", R"({"content":null})", "stop"},
    {"refusal", R"({"content":null,"refusal":"I cannot do that."})", "stop"},
    {"stop sequence", R"({"content":"ab"})", "stop", R"(,"stop_sequence":"END")"},
    {"own reason", R"({"content":"ab"})", "length",
     R"(,"provider_specific_fields":{"native_finish_reason":"pause_turn"})"},
    {"thought", R"({"content":"4","reasoning_content":"Two and two is four."})", "stop"},
    {"blocks", R"({"content":"4","reasoning_content":"Two and two.Is four.","thinking_blocks":[
        {"type":"thinking","thinking":"Two and two.","signature":"Sig/+=="},
        {"type":"redacted_thinking","data":"RGF0YQ=="},
        {"type":"thinking","thinking":"Is four.","signature":"Sig2"}]})",
     "stop"},
    {"hidden thought", R"({"content":"4","thinking_blocks":[
        {"type":"thinking","thinking":"","signature":"Sig"}]})",
     "stop"},
    {"a call", R"({"content":"Let me look.","tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"f","arguments":"{\"city\": \"Par\\\"is \ud83d\ude00\", \"n\": [1, {\"x\": 0.70}]}"}}]})",
     "tool_calls"},
    {"calls", R"({"content":null,"reasoning_content":"Hm.","tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 12345678901234567890123}"}},
        {"id":"call_2","type":"function","function":{"name":"g","arguments":""}},
        {"id":"functions.h:2","type":"function","function":{"name":"h","arguments":"{}"}},
        {"id":"call_4","type":"function","function":{"name":"h","arguments":"[\"no object\"]"}},
        {"id":"call_5","type":"function","function":{"name":"f","arguments":"{\"b\": \"}{\"}"}}]})",
     "tool_calls"},
    {"calls behind a stop", R"({"content":null,"tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"f","arguments":" {\"a\":1} "}}]})",
     "stop"},
};

}  // namespace patchbay::surface::test
