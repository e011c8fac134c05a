#include "engine/surface/anthropic/messages_stream.hpp"

#include <vector>

#include "engine/surface/anthropic/message_accumulator.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

/// The chunk with this delta.
std::string chunk_of(std::string_view delta, std::string_view finish_reason = "null") {
    return R"({"id":"chatcmpl-A","choices":[{"index":0,"delta":)" + std::string(delta) +
           R"(,"finish_reason":)" + std::string(finish_reason) + "}]}";
}

/// A stream and what it emitted: "name data".
class Stream {
  public:
    explicit Stream(ChatNames names = {}) : stream_("claude", std::move(names), 21) {}

    /// The events that this chunk made.
    std::vector<std::string> chunk(std::string_view text) {
        events_.clear();
        EXPECT_TRUE(stream_.chunk(text, emit()));
        return events_;
    }
    std::vector<std::string> delta(std::string_view delta) { return chunk(chunk_of(delta)); }
    std::vector<std::string> end() {
        events_.clear();
        stream_.end(emit());
        return events_;
    }
    const MessageAccumulator& client() const { return client_; }
    std::string content() const { return json_tree::write(client_.content()); }
    std::string stop_reason() const { return std::string(text(client_.message(), "stop_reason")); }

  private:
    Emit emit() {
        return [this](std::string_view name, std::string_view json) {
            client_.event(name, json);
            events_.push_back(std::string(json));
        };
    }

    MessagesStream stream_;
    MessageAccumulator client_;
    std::vector<std::string> events_;
};

using Events = std::vector<std::string>;

TEST(MessagesStream, TellsATextInAnthropicsEvents) {
    Stream stream;
    EXPECT_EQ(stream.delta(R"({"role":"assistant","content":""})"), Events{});
    EXPECT_EQ(
        stream.delta(R"({"content":"Hello"})"),
        (Events{
            R"({"type":"message_start","message":{"id":"msg_A","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}})",
            R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
            R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}})"}));
    EXPECT_EQ(
        stream.delta(R"({"content":" \"you\""})"),
        (Events{
            R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" \"you\""}})"}));
    EXPECT_EQ(stream.chunk(chunk_of("{}", R"("stop")")), Events{});
    EXPECT_EQ(
        stream.chunk(
            R"({"id":"chatcmpl-A","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":7,
                              "prompt_tokens_details":{"cached_tokens":4}}})"),
        Events{});
    EXPECT_EQ(
        stream.end(),
        (Events{
            R"({"type":"content_block_stop","index":0})",
            R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":8,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":7}})",
            R"({"type":"message_stop"})"}));
}

TEST(MessagesStream, AUsageOfNothingBehindTheTrueOneSaysNothing) {
    Stream stream;
    stream.delta(R"({"content":"a"})");
    for (const int tokens : {12, 0}) {
        stream.chunk(R"({"id":"A","choices":[],"usage":{"prompt_tokens":)" +
                     std::to_string(tokens) + R"(,"completion_tokens":)" + std::to_string(tokens) +
                     "}}");
    }
    stream.end();
    EXPECT_EQ(count(stream.client().message().at("usage").get_object(), "output_tokens"), 12u);
}

TEST(MessagesStream, AThoughtEndsWithItsSignature) {
    Stream stream;
    stream.delta(R"({"reasoning_content":"Two and"})");
    EXPECT_EQ(
        stream.delta(R"({"reasoning_content":" two."})"),
        (Events{
            R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" two."}})"}));
    // The block comes once more, whole, when it is signed.
    EXPECT_EQ(
        stream.delta(
            R"({"thinking_blocks":[{"type":"thinking","thinking":"Two and two.","signature":"S"}]})"),
        (Events{
            R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"S"}})",
            R"({"type":"content_block_stop","index":0})"}));
    stream.delta(R"({"thinking_blocks":[{"type":"redacted_thinking","data":"D"}]})");
    stream.delta(R"({"content":"4"})");
    stream.end();
    EXPECT_EQ(
        stream.content(),
        R"([{"type":"thinking","thinking":"Two and two.","signature":"S"},{"type":"redacted_thinking","data":"D"},{"type":"text","text":"4"}])");
}

TEST(MessagesStream, AThoughtThatIsNotSignedEndsWithTheText) {
    Stream stream;
    stream.delta(R"({"reasoning":"T"})");
    stream.delta(R"({"content":"4"})");
    stream.end();
    EXPECT_EQ(stream.content(),
              R"([{"type":"thinking","thinking":"T","signature":""},{"type":"text","text":"4"}])");
}

TEST(MessagesStream, CallsOneAfterTheOtherGoOutAsTheyCome) {
    Stream stream;
    const auto first = stream.delta(
        R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]})");
    EXPECT_EQ(
        first.back(),
        R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}})");
    const auto piece =
        stream.delta(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]})");
    EXPECT_EQ(
        piece,
        (Events{
            R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}})"}));
    stream.delta(R"({"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]})");
    const auto second = stream.delta(
        R"({"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]})");
    EXPECT_EQ(second.size(), 3u);  // stop of the first, start and delta of the second
    // A piece of a call that is over is nothing, however empty.
    EXPECT_EQ(stream.delta(R"({"tool_calls":[{"index":0,"function":{"arguments":""}}]})"),
              Events{});
    stream.chunk(chunk_of("{}", R"("tool_calls")"));
    stream.end();
    EXPECT_EQ(
        stream.content(),
        R"([{"type":"tool_use","id":"a","name":"f","input":{"a":1}},{"type":"tool_use","id":"b","name":"g","input":{}}])");
    EXPECT_EQ(stream.stop_reason(), "tool_use");
}

TEST(MessagesStream, PiecesOfCallsThatMixAreSorted) {
    Stream stream;
    stream.delta(
        R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}},
                          {"index":1,"id":"b","function":{"name":"g","arguments":"{\"y\":"}}]})");
    EXPECT_EQ(stream.delta(R"({"tool_calls":[{"index":1,"function":{"arguments":"2}"}}]})"),
              Events{});
    EXPECT_EQ(stream.delta(R"({"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]})").size(),
              4u);
    stream.end();
    EXPECT_EQ(
        stream.content(),
        R"([{"type":"tool_use","id":"a","name":"f","input":{"x":1}},{"type":"tool_use","id":"b","name":"g","input":{"y":2}}])");
}

TEST(MessagesStream, CallsWithoutNumbersAndWithTheSameNumber) {
    for (const std::string index : {R"("index":0,)", ""}) {
        SCOPED_TRACE(index);
        Stream stream;
        stream.delta(R"({"tool_calls":[{)" + index +
                     R"("id":"a","function":{"name":"f","arguments":"{\"x\""}}]})");
        stream.delta(R"({"tool_calls":[{)" + index + R"("function":{"arguments":":1}"}}]})");
        stream.delta(R"({"tool_calls":[{)" + index +
                     R"("id":"b","function":{"name":"f","arguments":"{\"x\":2}"}}]})");
        stream.end();
        EXPECT_EQ(
            stream.content(),
            R"([{"type":"tool_use","id":"a","name":"f","input":{"x":1}},{"type":"tool_use","id":"b","name":"f","input":{"x":2}}])");
    }
}

TEST(MessagesStream, ArgumentsThatAreNoObject) {
    const struct {
        const char* arguments;
        const char* input;
    } cases[] = {
        {"", "{}"},
        {"  ", "{}"},
        {"null", "{}"},
        {"[1,2]", R"({"arguments":"[1,2]"})"},
        {" {} \\n", "{}"},
        {"{\\\"a\\\":1}}", R"({"a":1})"},
        {"go", R"({"arguments":"go"})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.arguments);
        Stream stream;
        stream.delta(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":")" +
                     std::string(c.arguments) + R"("}}]})");
        stream.end();
        EXPECT_EQ(stream.content(), R"([{"type":"tool_use","id":"a","name":"f","input":)" +
                                        std::string(c.input) + "}]");
    }
}

TEST(MessagesStream, HalvesOfACharacterGoOutTogether) {
    Stream stream;
    stream.delta(R"({"content":"a\ud83d"})");
    EXPECT_EQ(
        stream.delta(R"({"content":"\ude00b"})"),
        (Events{"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                "\"text\":\"\xf0\x9f\x98\x80"
                "b\"}}"}));
    stream.delta(R"({"content":"\ud83d"})");
    const auto rest = stream.end();
    EXPECT_NE(rest.front().find(R"("text":"\ud83d")"), std::string::npos);
}

TEST(MessagesStream, NothingSaidIsAnEmptyMessage) {
    Stream stream;
    stream.chunk(chunk_of("{}", R"("stop")"));
    EXPECT_EQ(stream.end().size(), 3u);
    EXPECT_EQ(stream.content(), "[]");
    EXPECT_EQ(stream.stop_reason(), "end_turn");
    // Nobody told the usage: the estimate is all there is.
    EXPECT_EQ(count(stream.client().message().at("usage").get_object(), "input_tokens"), 21u);
}

TEST(MessagesStream, OtherChoicesAreNotTold) {
    Stream stream;
    stream.chunk(
        R"({"id":"A","choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]})");
    stream.chunk(
        R"({"id":"A","choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"length"}]})");
    stream.end();
    EXPECT_EQ(stream.content(), R"([{"type":"text","text":"a"}])");
    EXPECT_EQ(stream.stop_reason(), "end_turn");
}

TEST(MessagesStream, ToolsHaveTheirNamesBack) {
    ChatNames names;
    const std::string name(70, 'n');
    const auto sent = names.shorten(name);
    Stream stream(names);
    stream.delta(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":")" + sent + R"("}}]})");
    stream.end();
    EXPECT_EQ(text(stream.client().content().at(0).get_object(), "name"), name);
}

TEST(MessagesStream, WhatIsNoChunkFails) {
    for (const std::string_view text : {"", "[]", "{", "[DONE]"}) {
        MessagesStream stream("m");
        const auto taken = stream.chunk(text, [](std::string_view, std::string_view) { FAIL(); });
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().cls, ErrorClass::upstream);
    }
}

TEST(MessagesStream, HoldsNoMoreThanItMay) {
    MessagesStream stream("m");
    const Emit ignore = [](std::string_view, std::string_view) {};
    ASSERT_TRUE(stream.chunk(
        chunk_of(
            R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]})"),
        ignore));
    const auto piece =
        chunk_of(R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"f","arguments":"{)" +
                 std::string(std::size_t{1} << 20, 'x') + R"("}}]})");
    std::size_t taken = 0;
    while (stream.chunk(piece, ignore)) ASSERT_LT(++taken, 17u);
    EXPECT_EQ(taken, 15u);
    // What goes out at once is not held, however long it is.
    MessagesStream open("m");
    const auto text = chunk_of(R"({"content":")" + std::string(std::size_t{1} << 20, 'x') + "\"}");
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(open.chunk(text, ignore));
}

}  // namespace

}  // namespace patchbay::surface
