#include "upstream_answers.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <random>

namespace patchbay::bench {

namespace {

constexpr std::string_view kText =
    "A lighthouse keeps its lamp at a height that is worked out from the curve of the sea: the "
    "higher "
    "the lamp, the farther off its light is seen. Two hundred feet carry it some eighteen miles in "
    "clear weather, and a keeper who knows that can tell a ship's distance by the hour she comes "
    "into view.";

constexpr std::string_view kChunk =
    R"({"id":"chatcmpl-Bh6ZT0nXq8dVfZ2kPzq4uWc1yJt3M","object":"chat.completion.chunk","created":1750000000,)"
    R"("model":"bench-model","service_tier":"default","system_fingerprint":"fp_34a54ae93c","choices":)";

std::string with_head(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_5d1c0b2f7e\r\n"
           "openai-processing-ms: 12\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string openai_body() {
    return R"({"id":"chatcmpl-Bh6ZT0nXq8dVfZ2kPzq4uWc1yJt3M","object":"chat.completion","created":1750000000,)"
           R"("model":"bench-model","choices":[{"index":0,"message":{"role":"assistant","content":")" +
           std::string(kText) +
           R"(","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":)"
           R"({"prompt_tokens":43,"completion_tokens":71,"total_tokens":114,"prompt_tokens_details":)"
           R"({"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,)"
           R"("audio_tokens":0}},"service_tier":"default","system_fingerprint":"fp_34a54ae93c"})";
}

std::string anthropic_body() {
    return R"({"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"bench-model",)"
           R"("content":[{"type":"text","text":")" +
           std::string(kText) +
           R"("}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":43,)"
           R"("cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":71,)"
           R"("service_tier":"standard"}})";
}

std::string responses_body() {
    return R"({"id":"resp_68a1c0f0c4d88190a3e2b7f5d1c09e8f","object":"response","created_at":1750000000,)"
           R"("status":"completed","background":false,"error":null,"incomplete_details":null,)"
           R"("instructions":"You are a careful assistant. Answer briefly.","max_output_tokens":200,)"
           R"("max_tool_calls":null,"model":"bench-model","output":[{"id":"msg_68a1c0f1",)"
           R"("type":"message","status":"completed","content":[{"type":"output_text","annotations":[],)"
           R"("logprobs":[],"text":")" +
           std::string(kText) +
           R"("}],"role":"assistant"}],"parallel_tool_calls":true,"previous_response_id":null,)"
           R"("prompt_cache_key":null,"reasoning":{"effort":null,"summary":null},)"
           R"("service_tier":"default","store":false,"temperature":0.7,"text":{"format":)"
           R"({"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tools":[],"top_logprobs":0,)"
           R"("top_p":1.0,"truncation":"disabled","usage":{"input_tokens":43,"input_tokens_details":)"
           R"({"cached_tokens":0},"output_tokens":71,"output_tokens_details":{"reasoning_tokens":0},)"
           R"("total_tokens":114},"user":null,"metadata":{}})";
}

std::string gemini_body() {
    return R"({"candidates":[{"content":{"parts":[{"text":")" + std::string(kText) +
           R"("}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":)"
           R"({"promptTokenCount":43,"candidatesTokenCount":71,"totalTokenCount":114,)"
           R"("promptTokensDetails":[{"modality":"TEXT","tokenCount":43}]},)"
           R"("modelVersion":"bench-model","responseId":"q1hPaN2XK9Sz-8YP4ZqH6Ao"})";
}

std::string converse_body() {
    return R"({"metrics":{"latencyMs":612},"output":{"message":{"content":[{"text":")" +
           std::string(kText) +
           R"("}],"role":"assistant"}},"stopReason":"end_turn","usage":{"cacheReadInputTokens":0,)"
           R"("cacheWriteInputTokens":0,"inputTokens":43,"outputTokens":71,"totalTokens":114}})";
}

std::string cohere_body() {
    return R"({"id":"c14c80c3-18eb-4519-9460-6c92edd8cfb4","message":{"role":"assistant","content":)"
           R"([{"type":"text","text":")" +
           std::string(kText) +
           R"("}]},"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":43,)"
           R"("output_tokens":71},"tokens":{"input_tokens":43,"output_tokens":71}}})";
}

// The numbers are floats of length-one vectors as text-embedding-3-small gives them, in the fewest
// digits that tell them apart; the seed is fixed, so every run sees the same text.
std::string embeddings_body() {
    constexpr int kInputs = 100;
    constexpr int kDimensions = 1536;
    constexpr float kTypical = 0.0255F;  // 1 / sqrt(1536)
    std::minstd_rand random(1);
    std::normal_distribution<float> number(0.0F, kTypical);
    std::array<char, 32> digits{};
    std::string body = R"({"object":"list","data":[)";
    for (int input = 0; input < kInputs; ++input) {
        body += std::string(input == 0 ? "" : ",") + R"({"object":"embedding","index":)" +
                std::to_string(input) + R"(,"embedding":[)";
        for (int i = 0; i < kDimensions; ++i) {
            if (i != 0) body += ',';
            char* const end =
                std::to_chars(digits.data(), digits.data() + digits.size(), number(random)).ptr;
            body.append(digits.data(), end);
        }
        body += "]}";
    }
    return body + R"(],"model":"bench-model","usage":{"prompt_tokens":1200,"total_tokens":1200}})";
}

std::string chunk(const std::string& data) {
    std::array<char, 16> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", data.size());
    return size.data() + data + "\r\n";
}

std::string event(const std::string& json) {
    return "data: " + json + "\n\n";
}

// An event with its name. `members` are those after the type, with the brace at the end and a comma
// between.
std::string named(const std::string& type, const std::string& members) {
    return "event: " + type + "\n" +
           event(R"({"type":")" + type + (members == "}" ? "\"" : "\",") + members);
}

// As an event of the Responses API holds it, with the brace of the event.
std::string response(const std::string& status) {
    return R"({"id":"resp_68a1c0f0c4d88190a3e2b7f5d1c09e8f","object":"response","created_at":1750000000,)"
           R"("status":")" +
           status +
           R"(","error":null,"incomplete_details":null,"model":"bench-model","output":[],"usage":)" +
           (status == "completed" ? R"({"input_tokens":43,"output_tokens":64,"total_tokens":107}})"
                                  : "null}") +
           "}";
}

bool take_number(std::string_view& text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data() + text.size() || *end != '/') return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return true;
}

}  // namespace

Wanted wanted_by(std::string_view path) {
    Wanted wanted;
    constexpr std::string_view kEvents = "/events/";
    if (const std::size_t at = path.find(kEvents); at != std::string_view::npos) {
        std::string_view rest = path.substr(at + kEvents.size());
        std::uint64_t count = 0;
        std::uint64_t spacing_us = 0;
        if (!take_number(rest, count) || !take_number(rest, spacing_us)) return wanted;
        wanted = {Wanted::Kind::stream, static_cast<long>(count), spacing_us * 1000};
        if (path.ends_with("/messages")) wanted.kind = Wanted::Kind::stream_messages;
        if (path.ends_with("/responses")) wanted.kind = Wanted::Kind::stream_responses;
    } else if (path.ends_with("/messages")) {
        wanted.kind = Wanted::Kind::anthropic;
    } else if (path.ends_with("/chat/completions")) {
        wanted.kind = Wanted::Kind::openai;
    } else if (path.ends_with("/embeddings")) {
        wanted.kind = Wanted::Kind::embeddings;
    } else if (path.ends_with("/responses")) {
        wanted.kind = Wanted::Kind::responses;
    } else if (path.ends_with(":generateContent")) {
        wanted.kind = Wanted::Kind::gemini;
    } else if (path.ends_with("/converse")) {
        wanted.kind = Wanted::Kind::converse;
    } else if (path.ends_with("/v2/chat")) {
        wanted.kind = Wanted::Kind::cohere;
    }
    return wanted;
}

std::string_view whole_answer(Wanted::Kind kind) {
    static const std::string openai = with_head(openai_body());
    static const std::string anthropic = with_head(anthropic_body());
    static const std::string embeddings = with_head(embeddings_body());
    static const std::string responses = with_head(responses_body());
    static const std::string gemini = with_head(gemini_body());
    static const std::string converse = with_head(converse_body());
    static const std::string cohere = with_head(cohere_body());
    static const std::string nothing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    switch (kind) {
        case Wanted::Kind::openai:
            return openai;
        case Wanted::Kind::anthropic:
            return anthropic;
        case Wanted::Kind::embeddings:
            return embeddings;
        case Wanted::Kind::responses:
            return responses;
        case Wanted::Kind::gemini:
            return gemini;
        case Wanted::Kind::converse:
            return converse;
        case Wanted::Kind::cohere:
            return cohere;
        default:
            return nothing;
    }
}

std::string_view stream_head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: "
           "no-cache\r\n"
           "x-request-id: req_5d1c0b2f7e\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string_view stream_begin(Wanted::Kind kind) {
    static const std::string messages = chunk(
        named(
            "message_start",
            R"("message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant",)"
            R"("model":"bench-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":)"
            R"({"input_tokens":43,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,)"
            R"("output_tokens":1,"service_tier":"standard"}}})") +
        named("content_block_start", R"("index":0,"content_block":{"type":"text","text":""}})"));
    static const std::string responses = chunk(
        named("response.created", R"("sequence_number":0,"response":)" + response("in_progress")) +
        named(
            "response.output_item.added",
            R"("sequence_number":1,"output_index":0,"item":{"id":"msg_68a1c0f1","type":"message",)"
            R"("status":"in_progress","content":[],"role":"assistant"}})") +
        named("response.content_part.added",
              R"("sequence_number":2,"item_id":"msg_68a1c0f1","output_index":0,"content_index":0,)"
              R"("part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}})"));
    if (kind == Wanted::Kind::stream_messages) return messages;
    if (kind == Wanted::Kind::stream_responses) return responses;
    return {};
}

std::string stream_event(Wanted::Kind kind, std::uint64_t now_ns) {
    const auto text = "t=" + std::to_string(now_ns);
    if (kind == Wanted::Kind::stream_messages) {
        return chunk(named("content_block_delta",
                           R"("index":0,"delta":{"type":"text_delta","text":")" + text + "\"}}"));
    }
    if (kind == Wanted::Kind::stream_responses) {
        return chunk(named("response.output_text.delta",
                           R"("sequence_number":3,"item_id":"msg_68a1c0f1","output_index":0,)"
                           R"("content_index":0,"delta":")" +
                               text + R"(","logprobs":[],"obfuscation":"x7Qp"})"));
    }
    return chunk(event(std::string(kChunk) + R"([{"index":0,"delta":{"content":")" + text +
                       R"("},"logprobs":null,"finish_reason":null}],"usage":null})"));
}

std::string_view stream_end(Wanted::Kind kind) {
    static const std::string messages =
        chunk(named("content_block_stop", R"("index":0})") +
              named("message_delta",
                    R"("delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":)"
                    R"({"output_tokens":64}})") +
              named("message_stop", "}")) +
        "0\r\n\r\n";
    static const std::string responses =
        chunk(named("response.completed",
                    R"("sequence_number":4,"response":)" + response("completed"))) +
        "0\r\n\r\n";
    static const std::string chat =
        chunk(
            event(
                std::string(kChunk) +
                R"([{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null})") +
            event(std::string(kChunk) +
                  R"([],"usage":{"prompt_tokens":43,"completion_tokens":64,"total_tokens":107}})") +
            "data: [DONE]\n\n") +
        "0\r\n\r\n";
    if (kind == Wanted::Kind::stream_messages) return messages;
    if (kind == Wanted::Kind::stream_responses) return responses;
    return chat;
}

}  // namespace patchbay::bench
