#include "contract/framing/framing.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "contract/framing/aws_eventstream.hpp"
#include "contract/framing/json_array.hpp"
#include "contract/framing/ndjson_decoder.hpp"
#include "contract/framing/sse_decoder.hpp"
#include "patchbay/exchange.h"

namespace patchbay::http {

std::unique_ptr<Decoder> make_decoder(std::uint32_t decode) {
    switch (decode) {
        case BAY_DECODE_SSE:
            return std::make_unique<SseDecoder>();
        case BAY_DECODE_NDJSON:
            return std::make_unique<NdjsonDecoder>();
        case BAY_DECODE_AWS_EVENTSTREAM:
            return std::make_unique<AwsEventStreamDecoder>();
        case BAY_DECODE_JSON_ARRAY:
            return std::make_unique<JsonArrayDecoder>();
        default:
            return nullptr;
    }
}

bool is_done_mark(std::string_view data) {
    constexpr std::string_view kAround = " \t\r\n\"'";
    constexpr std::size_t kLongest = 32;
    const std::size_t first = data.find_first_not_of(kAround);
    if (data.size() > kLongest || first == std::string_view::npos) return false;
    return data.substr(first, data.find_last_not_of(kAround) - first + 1) == "[DONE]";
}

bool is_end_mark(std::uint32_t decode, const Frame& frame) {
    const bool text = decode == BAY_DECODE_SSE || decode == BAY_DECODE_NDJSON;
    return text && is_done_mark(frame.data);
}

bool is_keep_alive(std::uint32_t decode, const Frame& frame) {
    constexpr std::string_view kNames[] = {"ping", "keepalive", "keep-alive", "heartbeat"};
    constexpr std::string_view kData[] = {"null",
                                          "{}",
                                          R"({"type":"ping"})",
                                          R"({"type":"keepalive"})",
                                          R"({"type":"keep-alive"})",
                                          R"({"type":"heartbeat"})"};
    constexpr std::size_t kLongest = 64;
    const auto is_one_of = [](const auto& known, std::string_view text) {
        return std::find(std::begin(known), std::end(known), text) != std::end(known);
    };
    if (decode != BAY_DECODE_SSE || frame.whole) return false;
    if (is_one_of(kNames, frame.event)) return true;
    if (frame.data.size() > kLongest) return false;
    std::array<char, kLongest> room;
    const auto end = std::remove_copy_if(frame.data.begin(), frame.data.end(), room.begin(),
                                         [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
    return is_one_of(kData, {room.data(), static_cast<std::size_t>(end - room.begin())});
}

std::uint32_t failure_of(DecodeStatus status) {
    switch (status) {
        case DecodeStatus::ok:
            break;
        case DecodeStatus::too_large:
            return BAY_FAIL_LIMIT;
        case DecodeStatus::malformed:
            return BAY_FAIL_FRAMING;
        case DecodeStatus::cut:
            return BAY_FAIL_RESET;
    }
    return BAY_FAIL_NONE;
}

}  // namespace patchbay::http
