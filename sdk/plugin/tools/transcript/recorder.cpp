#include "recorder.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <boost/json.hpp>

#include "action_fields.hpp"
#include "contract/actions/out_table.hpp"
#include "contract/crypto/crypto.hpp"
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

}  // namespace

struct Recorder::Slots {
    static Recorder& self(bay_out* o) { return *static_cast<Recorder*>(o->ctx); }

    static bay_status http(bay_out* o, const bay_http_req* r) noexcept {
        return self(o).record_http(*r);
    }
    static bay_status http_abort(bay_out* o, std::uint32_t call) noexcept {
        return self(o).record({.kind = "http_abort", .number = call});
    }
    static bay_status shared_get(bay_out* o, bay_str key) noexcept {
        return self(o).record({.kind = "shared_get", .key = text(key)});
    }
    static bay_status shared_put(bay_out* o, bay_str value, std::uint32_t ttl) noexcept {
        return self(o).record({.kind = "shared_put", .after_ms = ttl, .text = text(value)},
                              self(o).refresh, true);
    }
    static bay_status shared_drop(bay_out* o, bay_str key, bay_str value) noexcept {
        return self(o).record({.kind = "shared_drop", .key = text(key), .text = text(value)});
    }
    static bay_status timer(bay_out* o, std::uint32_t timer, std::uint32_t after) noexcept {
        return self(o).record({.kind = "timer", .number = timer, .after_ms = after});
    }
    static bay_status want(bay_out* o, std::uint32_t bits) noexcept {
        const bay_status status = self(o).record({.kind = "want", .number = bits});
        if (status == BAY_OK) self(o).wanted |= bits;
        return status;
    }
    static bay_status note(bay_out* o, bay_str key, bay_str json) noexcept {
        return self(o).record_note(key, json);
    }
    static bay_status fail(bay_out* o, const bay_error* error) noexcept {
        return self(o).record(
            {.kind = "fail", .fields = error_fields(*bay::Whole<bay_error>(error, error->size))},
            true, true);
    }
    static bay_status done(bay_out* o) noexcept {
        Recorder& me = self(o);
        return me.record({.kind = "done"}, me.refresh || me.kind_ != Kind::guardrail, true);
    }
    static bay_status result(bay_out* o, bay_str json) noexcept {
        Recorder& me = self(o);
        const bool allowed = me.provides() && !me.stream_ && !me.answered_;
        return me.record({.kind = "result", .text = text(json)}, allowed, true);
    }
    static bay_status chunk(bay_out* o, bay_str event, bay_str json) noexcept {
        Recorder& me = self(o);
        const bool allowed = me.provides() && me.stream_ && !me.passed_through;
        me.answered_ = me.answered_ || allowed;
        return me.record({.kind = "chunk", .key = text(event), .text = text(json)}, allowed);
    }
    static bay_status body(bay_out* o, bay_str type, bay_str bytes) noexcept {
        Recorder& me = self(o);
        // How a body is cut is not part of the answer.
        if (!me.finished && !me.actions.empty() && me.actions.back().kind == "body") {
            me.actions.back().text += sv(bytes);
            return bay_status{BAY_OK};
        }
        return me.record({.kind = "body", .key = text(type), .text = text(bytes)}, me.provides());
    }
    static bay_status usage(bay_out* o, const bay_usage* usage) noexcept {
        return self(o).record(
            {.kind = "usage", .fields = usage_fields(*bay::Whole<bay_usage>(usage, usage->size))},
            self(o).provides());
    }
    static bay_status pass_through(bay_out* o, std::uint32_t call) noexcept {
        Recorder& me = self(o);
        const bool allowed = call != 0 && me.head_of == call && !me.answered_ && !me.finished;
        me.passed_through = me.passed_through || allowed;
        me.answered_ = me.answered_ || allowed;
        return me.record({.kind = "pass_through", .number = call}, allowed);
    }
    static bay_status verdict(bay_out* o, const bay_verdict* v) noexcept {
        return self(o).record_verdict(*bay::Whole<bay_verdict>(v, v->size));
    }
    static bay_status retry_records(bay_out* o, const std::uint32_t* index,
                                    std::uint64_t count) noexcept {
        return self(o).record_retries(index, count);
    }
    // WebSockets are not played.
    static bay_status ws_open(bay_out* o, const bay_ws_req*) noexcept {
        return self(o).record({.kind = "ws_open"}, false);
    }
    static bay_status ws_send(bay_out* o, std::uint32_t, std::uint32_t, bay_str) noexcept {
        return self(o).record({.kind = "ws_send"}, false);
    }
    static bay_status ws_close(bay_out* o, std::uint32_t, std::uint32_t, bay_str) noexcept {
        return self(o).record({.kind = "ws_close"}, false);
    }
    static bay_status head(bay_out*, std::int32_t, const bay_kv*, std::uint64_t) noexcept {
        return BAY_E_UNSUPPORTED;
    }
    static void* get_extension(bay_out*, const char* id) noexcept {
        static SegmentDigest digest{sha256};
        return id != nullptr && id == kSegmentDigest ? &digest : nullptr;
    }
    static bay_status sha256(bay_out* o, const bay_seg* segments, std::uint64_t count,
                             std::uint8_t out[32]) {
        const std::string_view blob = self(o).blob_;
        const auto range = [&](const bay_seg& seg) -> std::optional<std::string_view> {
            const bool there =
                seg.blob == 0 && seg.off <= blob.size() && seg.len <= blob.size() - seg.off;
            if (!there) return std::nullopt;
            return blob.substr(seg.off, seg.len != 0 ? seg.len : std::string_view::npos);
        };
        return sha256_segments(segments, count, range, out);
    }
};

Recorder::Recorder(Kind kind, std::string_view blob, bool stream)
    : out_(out_table<Slots>(this)), kind_(kind), blob_(blob), stream_(stream) {}

void Recorder::ask(Question question, bool idle) {
    question_ = std::move(question);
    verdict.reset();
    if (idle) calls_.clear();
}

bay_status Recorder::record(Action action, bool allowed, bool finishes) {
    const bool detached = action.kind == "http" && action.flags & BAY_HTTP_DETACHED;
    if (finished || !allowed || (cancelled && !detached)) {
        const std::string why = finished    ? "after the exchange had ended: "
                                : cancelled ? "after CANCEL: "
                                            : "not allowed here: ";
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
    const bool detached = (r.flags & BAY_HTTP_DETACHED) != 0;
    bool allowed = r.call != 0 && calls_.insert(r.call).second;
    for (std::uint64_t i = 0; i < r.body_count; ++i) {
        const bay_seg& seg = r.body[i];
        if (seg.kind == BAY_SEG_BYTES) {
            action.text += sv(seg.bytes);
        } else if (!detached && seg.kind <= BAY_SEG_BLOB_BASE64 && seg.blob == 0 &&
                   seg.off <= blob_.size() && seg.len <= blob_.size() - seg.off) {
            const auto part = blob_.substr(seg.off, seg.len ? seg.len : blob_.npos);
            action.text += seg.kind == BAY_SEG_BLOB ? std::string(part) : base64(part);
        } else {
            // A blob or a range that is not there, or that may be gone before the call is over.
            allowed = false;
        }
    }
    return record(std::move(action), allowed);
}

bay_status Recorder::record_note(bay_str key, bay_str json) {
    return record({.kind = "note", .key = text(key), .text = text(json)},
                  key.len != 0 && is_json(sv(json)));
}

bay_status Recorder::record_retries(const std::uint32_t* index, std::uint64_t count) {
    std::set<std::uint32_t> named(index, index + count);
    const bool good =
        std::all_of(named.begin(), named.end(), [&](std::uint32_t i) { return i < records; });
    // Named in pieces is named all the same.
    const bool more = !actions.empty() && actions.back().kind == "retry_records" && good &&
                      !finished && !cancelled;
    if (more) {
        const boost::json::value before = boost::json::parse(actions.back().text);
        for (const auto& i : before.as_array()) {
            named.insert(i.to_number<std::uint32_t>());
        }
    }
    boost::json::array list(named.begin(), named.end());
    Action action{.kind = "retry_records", .text = boost::json::serialize(list)};
    if (more) {
        actions.back() = std::move(action);
        return BAY_OK;
    }
    return record(std::move(action), good && kind_ == Kind::logger && !refresh);
}

}  // namespace patchbay::transcript
