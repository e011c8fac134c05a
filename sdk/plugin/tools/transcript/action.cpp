#include "action.hpp"

#include <utility>

#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

using bay::sv;

std::string text(bay_str s) {
    return std::string(sv(s));
}

std::string base64(std::string_view bytes) {
    static constexpr char kDigits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string result;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits =
                bits << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            result += i + k <= bytes.size() ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
        }
    }
    return result;
}

boost::json::object usage_fields(const bay_usage& u) {
    return {{"input_tokens", u.input_tokens},
            {"output_tokens", u.output_tokens},
            {"cached_input_tokens", u.cached_input_tokens},
            {"cache_write_tokens", u.cache_write_tokens},
            {"reasoning_tokens", u.reasoning_tokens},
            {"audio_input_tokens", u.audio_input_tokens},
            {"audio_output_tokens", u.audio_output_tokens},
            {"units", u.units}};
}

boost::json::object error_fields(const bay_error& e) {
    return {{"cls", error_class(e.cls)},
            {"http_status", e.http_status},
            {"retry", e.retry},
            {"retry_after_ms", e.retry_after_ms},
            {"upstream_status", e.upstream_status},
            {"message", sv(e.message)},
            {"type", sv(e.type)},
            {"code", sv(e.code)},
            {"param", sv(e.param)},
            {"upstream_body", sv(e.upstream_body)}};
}

}  // namespace

std::string error_class(std::uint32_t cls) {
    static constexpr const char* kNames[] = {
        "unknown",    "bad_request", "auth",           "permission",     "not_found",
        "rate_limit", "quota",       "context_length", "content_policy", "timeout",
        "overloaded", "upstream",    "unsupported"};
    return cls < std::size(kNames) ? kNames[cls] : std::to_string(cls);
}

std::string describe(const Action& a) {
    std::string line = a.kind;
    if (a.number) line += " " + std::to_string(a.number);
    if (a.kind == "timer") line += " after " + std::to_string(a.after_ms) + " ms";
    if (!a.method.empty()) line += " " + a.method + " " + a.url;
    if (!a.key.empty()) line += " " + a.key;
    if (!a.fields.empty()) line += " " + boost::json::serialize(a.fields);
    if (!a.text.empty()) line += " " + a.text;
    constexpr std::size_t kMaxLine = 600;
    if (line.size() > kMaxLine) line = line.substr(0, kMaxLine) + "...";
    return line;
}

Recorder::Recorder(std::string_view blob, bool stream) : blob_(blob), stream_(stream) {
    out_.size = sizeof out_;
    out_.ctx = this;
    out_.http = [](bay_out* o, const bay_http_req* r) noexcept { return self(o).record_http(*r); };
    out_.http_abort = [](bay_out* o, std::uint32_t call) noexcept {
        return self(o).record({.kind = "http_abort", .number = call});
    };
    out_.shared_get = [](bay_out* o, bay_str key) noexcept {
        return self(o).record({.kind = "shared_get", .key = text(key)});
    };
    out_.shared_put = [](bay_out* o, bay_str value, std::uint32_t ttl) noexcept {
        return self(o).record({.kind = "shared_put", .after_ms = ttl, .text = text(value)},
                              self(o).refresh, true);
    };
    out_.shared_drop = [](bay_out* o, bay_str key, bay_str value) noexcept {
        return self(o).record({.kind = "shared_drop", .key = text(key), .text = text(value)});
    };
    out_.timer = [](bay_out* o, std::uint32_t timer, std::uint32_t after) noexcept {
        return self(o).record({.kind = "timer", .number = timer, .after_ms = after});
    };
    out_.want = [](bay_out* o, std::uint32_t bits) noexcept {
        return self(o).record({.kind = "want", .number = bits});
    };
    out_.note = [](bay_out* o, bay_str key, bay_str json) noexcept {
        return self(o).record({.kind = "note", .key = text(key), .text = text(json)});
    };
    out_.fail = [](bay_out* o, const bay_error* error) noexcept {
        return self(o).record(
            {.kind = "fail", .fields = error_fields(*bay::Whole<bay_error>(error, error->size))},
            true, true);
    };
    out_.done = [](bay_out* o) noexcept { return self(o).record({.kind = "done"}, true, true); };
    out_.result = [](bay_out* o, bay_str json) noexcept {
        Recorder& me = self(o);
        const bool allowed = !me.refresh && !me.stream_ && !me.answered_;
        return me.record({.kind = "result", .text = text(json)}, allowed, true);
    };
    out_.chunk = [](bay_out* o, bay_str event, bay_str json) noexcept {
        Recorder& me = self(o);
        const bool allowed = !me.refresh && me.stream_ && !me.passed_through;
        me.answered_ = me.answered_ || allowed;
        return me.record({.kind = "chunk", .key = text(event), .text = text(json)}, allowed);
    };
    out_.body = [](bay_out* o, bay_str type, bay_str bytes) noexcept {
        Recorder& me = self(o);
        // How a body is cut is not part of the answer.
        if (!me.finished && !me.actions.empty() && me.actions.back().kind == "body") {
            me.actions.back().text += sv(bytes);
            return bay_status{BAY_OK};
        }
        return me.record({.kind = "body", .key = text(type), .text = text(bytes)}, !me.refresh);
    };
    out_.usage = [](bay_out* o, const bay_usage* usage) noexcept {
        return self(o).record(
            {.kind = "usage", .fields = usage_fields(*bay::Whole<bay_usage>(usage, usage->size))},
            !self(o).refresh);
    };
    out_.pass_through = [](bay_out* o, std::uint32_t call) noexcept {
        Recorder& me = self(o);
        const bool allowed = call != 0 && me.head_of == call && !me.answered_ && !me.finished;
        me.passed_through = me.passed_through || allowed;
        me.answered_ = me.answered_ || allowed;
        return me.record({.kind = "pass_through", .number = call}, allowed);
    };
    // Realtime, guardrail and logger actions are not for this kind of exchange; the slots stay
    // empty.
    out_.get_extension = [](bay_out*, const char*) noexcept -> void* { return nullptr; };
}

bay_status Recorder::record(Action action, bool allowed, bool finishes) {
    if (finished || !allowed) {
        const std::string why = finished ? "after the exchange had ended: " : "not allowed here: ";
        actions.push_back({.kind = "refused", .text = why + describe(action)});
        return BAY_E_STATE;
    }
    actions.push_back(std::move(action));
    finished = finishes;
    return BAY_OK;
}

bay_status Recorder::record_http(const bay_http_req& request) {
    const bay::Whole<bay_http_req> whole(&request, request.size);
    const bay_http_req& r = *whole;
    Action action{.kind = "http", .number = r.call};
    action.method = text(r.method);
    action.url = text(r.url);
    action.decode = r.decode;
    action.flags = r.flags;
    for (std::uint64_t i = 0; i < r.header_count; ++i) {
        action.headers.emplace_back(text(r.headers[i].name), text(r.headers[i].value));
    }
    bool allowed = r.call != 0;
    for (std::uint64_t i = 0; i < r.body_count; ++i) {
        const bay_seg& seg = r.body[i];
        if (seg.kind == BAY_SEG_BYTES) {
            action.text += sv(seg.bytes);
        } else if (seg.kind <= BAY_SEG_BLOB_BASE64 && seg.blob == 0 && seg.off <= blob_.size() &&
                   seg.len <= blob_.size() - seg.off) {
            const auto part = blob_.substr(seg.off, seg.len ? seg.len : blob_.npos);
            action.text += seg.kind == BAY_SEG_BLOB ? std::string(part) : base64(part);
        } else {
            allowed = false;  // a blob or a range that is not there
        }
    }
    return record(std::move(action), allowed);
}

}  // namespace patchbay::transcript
