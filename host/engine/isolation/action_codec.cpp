#include "engine/isolation/action_codec.hpp"

#include <algorithm>
#include <vector>

#include "contract/actions/abi_values.hpp"
#include "contract/actions/out_table.hpp"
#include "contract/crypto/crypto.hpp"
#include "engine/isolation/event_codec.hpp"

namespace patchbay::isolation {

namespace {

enum class ActionType : std::uint8_t {
    http = 1,
    http_abort,
    shared_get,
    shared_put,
    shared_drop,
    timer,
    note,
    fail,
    done,
    result,
    chunk,
    usage,
    pass_through,
    verdict,
    retry_records,
    want,
    body,
    ws_open,
    ws_send,
    ws_close,
    head,
};

/// Refusals for a limit or by policy are told too: the gateway's recorder refuses in the same way
/// and counts it.
bool told(bay_status status) {
    return status == BAY_OK || status == BAY_E_LIMIT || status == BAY_E_DENIED;
}

void write_http(Writer& to, const bay_http_req& request) {
    to.number(request.call);
    to.number(request.flags);
    to.number(request.decode);
    to.text(request.method);
    to.text(request.url);
    write_headers(to, request.headers, request.header_count);
    to.number(request.body_count);
    for (std::uint64_t i = 0; i < request.body_count; ++i) {
        const bay_seg& segment = request.body[i];
        to.number(segment.kind);
        to.number(segment.blob);
        to.text(segment.bytes);
        to.number(segment.off);
        to.number(segment.len);
    }
    to.number(request.total_ms);
    to.number(request.idle_ms);
    to.number(request.max_body);
}

bay_status replay_http(Reader& from, bay_out& out) {
    bay_http_req request{};
    request.size = sizeof request;
    request.call = from.number<std::uint32_t>();
    request.flags = from.number<std::uint32_t>();
    request.decode = from.number<std::uint32_t>();
    request.method = from.text();
    request.url = from.text();
    std::vector<bay_kv> headers;
    read_headers(from, headers);
    request.headers = headers.data();
    request.header_count = headers.size();
    std::vector<bay_seg> body(from.count(4 * sizeof(std::uint64_t)));
    for (bay_seg& segment : body) {
        segment.kind = from.number<std::uint32_t>();
        segment.blob = from.number<std::uint32_t>();
        segment.bytes = from.text();
        segment.off = from.number<std::uint64_t>();
        segment.len = from.number<std::uint64_t>();
    }
    request.body = body.data();
    request.body_count = body.size();
    request.total_ms = from.number<std::uint32_t>();
    request.idle_ms = from.number<std::uint32_t>();
    request.max_body = from.number<std::uint64_t>();
    return from.failed() ? bay_status{BAY_E_INVALID} : out.http(&out, &request);
}

void write_ws_open(Writer& to, const bay_ws_req& request) {
    to.number(request.call);
    to.number(request.flags);
    to.number(request.idle_ms);
    to.text(request.url);
    write_headers(to, request.headers, request.header_count);
    to.text(request.subprotocols);
}

bay_status replay_ws_open(Reader& from, bay_out& out) {
    bay_ws_req request{};
    request.size = sizeof request;
    request.call = from.number<std::uint32_t>();
    request.flags = from.number<std::uint32_t>();
    request.idle_ms = from.number<std::uint32_t>();
    request.url = from.text();
    std::vector<bay_kv> headers;
    read_headers(from, headers);
    request.headers = headers.data();
    request.header_count = headers.size();
    request.subprotocols = from.text();
    return from.failed() ? bay_status{BAY_E_INVALID} : out.ws_open(&out, &request);
}

void write_error(Writer& to, const bay_error& error) {
    to.number(error.cls);
    to.number(error.http_status);
    to.number(error.retry);
    to.number(error.retry_after_ms);
    to.number(error.upstream_status);
    for (const bay_str text :
         {error.message, error.type, error.code, error.param, error.upstream_body})
        to.text(text);
}

bay_error read_error(Reader& from) {
    bay_error error{};
    error.size = sizeof error;
    error.cls = from.number<std::uint32_t>();
    error.http_status = from.number<std::int32_t>();
    error.retry = from.number<std::uint32_t>();
    error.retry_after_ms = from.number<std::uint32_t>();
    error.upstream_status = from.number<std::int32_t>();
    for (bay_str* text :
         {&error.message, &error.type, &error.code, &error.param, &error.upstream_body})
        *text = from.text();
    return error;
}

template <class Usage, class Visit>
void each_count(Usage& usage, Visit visit) {
    for (auto* count :
         {&usage.input_tokens, &usage.output_tokens, &usage.cached_input_tokens,
          &usage.cache_write_tokens, &usage.reasoning_tokens, &usage.audio_input_tokens,
          &usage.audio_output_tokens, &usage.units, &usage.images, &usage.milliseconds,
          &usage.characters, &usage.searches, &usage.cache_write_1h_tokens,
          &usage.image_input_tokens, &usage.image_output_tokens})
        visit(*count);
}

void write_verdict(Writer& to, const bay_verdict& verdict) {
    to.number(verdict.decision);
    to.number(verdict.edit_count);
    for (std::uint64_t i = 0; i < verdict.edit_count; ++i) {
        to.number(verdict.edits[i].index);
        to.text(verdict.edits[i].text);
        to.number(verdict.edits[i].hold);
    }
    to.text(verdict.json);
    to.number(static_cast<std::uint8_t>(verdict.error != nullptr));
    if (verdict.error != nullptr) write_error(to, complete(*verdict.error));
    to.text(verdict.reason);
}

bay_status replay_verdict(Reader& from, bay_out& out) {
    bay_verdict verdict{};
    verdict.size = sizeof verdict;
    verdict.decision = from.number<std::uint32_t>();
    std::vector<bay_edit> edits(from.count(3 * sizeof(std::uint64_t)));
    for (bay_edit& edit : edits) {
        edit.index = from.number<std::uint64_t>();
        edit.text = from.text();
        edit.hold = from.number<std::uint64_t>();
    }
    verdict.edits = edits.data();
    verdict.edit_count = edits.size();
    verdict.json = from.text();
    bay_error error{};
    if (from.number<std::uint8_t>() != 0) {
        error = read_error(from);
        verdict.error = &error;
    }
    verdict.reason = from.text();
    return from.failed() ? bay_status{BAY_E_INVALID} : out.verdict(&out, &verdict);
}

bay_status replay_one(ActionType type, Reader& from, bay_out& out) {
    switch (type) {
        case ActionType::http:
            return replay_http(from, out);
        case ActionType::http_abort:
            return out.http_abort(&out, from.number<std::uint32_t>());
        case ActionType::shared_get:
            return out.shared_get(&out, from.text());
        case ActionType::shared_put: {
            const bay_str value = from.text();
            return out.shared_put(&out, value, from.number<std::uint32_t>());
        }
        case ActionType::shared_drop: {
            const bay_str key = from.text();
            return out.shared_drop(&out, key, from.text());
        }
        case ActionType::timer: {
            const auto timer = from.number<std::uint32_t>();
            return out.timer(&out, timer, from.number<std::uint32_t>());
        }
        case ActionType::note: {
            const bay_str key = from.text();
            return out.note(&out, key, from.text());
        }
        case ActionType::fail: {
            const bay_error error = read_error(from);
            return out.fail(&out, &error);
        }
        case ActionType::done:
            return out.done(&out);
        case ActionType::result:
            return out.result(&out, from.text());
        case ActionType::chunk: {
            const bay_str event = from.text();
            return out.chunk(&out, event, from.text());
        }
        case ActionType::usage: {
            bay_usage usage{};
            usage.size = sizeof usage;
            each_count(usage, [&](std::uint64_t& count) { count = from.number<std::uint64_t>(); });
            usage.tier = from.text();
            return out.usage(&out, &usage);
        }
        case ActionType::pass_through:
            return out.pass_through(&out, from.number<std::uint32_t>());
        case ActionType::verdict:
            return replay_verdict(from, out);
        case ActionType::retry_records: {
            std::vector<std::uint32_t> indexes(from.count(sizeof(std::uint32_t)));
            for (std::uint32_t& index : indexes) index = from.number<std::uint32_t>();
            return out.retry_records(&out, indexes.data(), indexes.size());
        }
        case ActionType::want:
            return out.want(&out, from.number<std::uint32_t>());
        case ActionType::body: {
            const bay_str content_type = from.text();
            return out.body(&out, content_type, from.text());
        }
        case ActionType::ws_open:
            return replay_ws_open(from, out);
        case ActionType::ws_send: {
            const auto call = from.number<std::uint32_t>();
            const auto opcode = from.number<std::uint32_t>();
            return out.ws_send(&out, call, opcode, from.text());
        }
        case ActionType::ws_close: {
            const auto call = from.number<std::uint32_t>();
            const auto code = from.number<std::uint32_t>();
            return out.ws_close(&out, call, code, from.text());
        }
        case ActionType::head: {
            const auto status = from.number<std::int32_t>();
            std::vector<bay_kv> headers;
            read_headers(from, headers);
            return out.head(&out, status, headers.data(), headers.size());
        }
    }
    return BAY_E_UNSUPPORTED;
}

}  // namespace

struct ActionWriter::Slots {
    static ActionWriter& self(bay_out* o) { return *static_cast<ActionWriter*>(o->ctx); }
    static bay_out* judge(bay_out* o) { return &self(o).judge_; }
    static Writer& write(bay_out* o, ActionType type) {
        Writer& to = *self(o).to_;
        to.number(static_cast<std::uint8_t>(type));
        return to;
    }

    static bay_status http(bay_out* o, const bay_http_req* request) noexcept {
        const bay_status status = judge(o)->http(judge(o), request);
        if (told(status)) write_http(write(o, ActionType::http), complete(*request));
        return status;
    }
    static bay_status http_abort(bay_out* o, std::uint32_t call) noexcept {
        const bay_status status = judge(o)->http_abort(judge(o), call);
        if (told(status)) write(o, ActionType::http_abort).number(call);
        return status;
    }
    static bay_status shared_get(bay_out* o, bay_str key) noexcept {
        const bay_status status = judge(o)->shared_get(judge(o), key);
        if (told(status)) write(o, ActionType::shared_get).text(key);
        return status;
    }
    static bay_status shared_put(bay_out* o, bay_str value, std::uint32_t ttl_ms) noexcept {
        const bay_status status = judge(o)->shared_put(judge(o), value, ttl_ms);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::shared_put);
        to.text(value);
        to.number(ttl_ms);
        return status;
    }
    static bay_status shared_drop(bay_out* o, bay_str key, bay_str value) noexcept {
        const bay_status status = judge(o)->shared_drop(judge(o), key, value);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::shared_drop);
        to.text(key);
        to.text(value);
        return status;
    }
    static bay_status timer(bay_out* o, std::uint32_t timer, std::uint32_t after_ms) noexcept {
        const bay_status status = judge(o)->timer(judge(o), timer, after_ms);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::timer);
        to.number(timer);
        to.number(after_ms);
        return status;
    }
    static bay_status want(bay_out* o, std::uint32_t bits) noexcept {
        const bay_status status = judge(o)->want(judge(o), bits);
        if (told(status)) write(o, ActionType::want).number(bits);
        return status;
    }
    static bay_status note(bay_out* o, bay_str key, bay_str json) noexcept {
        const bay_status status = judge(o)->note(judge(o), key, json);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::note);
        to.text(key);
        to.text(json);
        return status;
    }
    static bay_status fail(bay_out* o, const bay_error* error) noexcept {
        const bay_status status = judge(o)->fail(judge(o), error);
        if (told(status)) write_error(write(o, ActionType::fail), complete(*error));
        return status;
    }
    static bay_status done(bay_out* o) noexcept {
        const bay_status status = judge(o)->done(judge(o));
        if (told(status)) write(o, ActionType::done);
        return status;
    }
    static bay_status result(bay_out* o, bay_str json) noexcept {
        const bay_status status = judge(o)->result(judge(o), json);
        if (told(status)) write(o, ActionType::result).text(json);
        return status;
    }
    static bay_status chunk(bay_out* o, bay_str event, bay_str json) noexcept {
        const bay_status status = judge(o)->chunk(judge(o), event, json);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::chunk);
        to.text(event);
        to.text(json);
        return status;
    }
    static bay_status body(bay_out* o, bay_str content_type, bay_str bytes) noexcept {
        const bay_status status = judge(o)->body(judge(o), content_type, bytes);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::body);
        to.text(content_type);
        to.text(bytes);
        return status;
    }
    static bay_status usage(bay_out* o, const bay_usage* usage) noexcept {
        const bay_status status = judge(o)->usage(judge(o), usage);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::usage);
        bay_usage whole = complete(*usage);
        each_count(whole, [&](std::uint64_t& count) { to.number(count); });
        to.text(whole.tier);
        return status;
    }
    static bay_status pass_through(bay_out* o, std::uint32_t call) noexcept {
        const bay_status status = judge(o)->pass_through(judge(o), call);
        if (told(status)) write(o, ActionType::pass_through).number(call);
        return status;
    }
    static bay_status ws_open(bay_out* o, const bay_ws_req* request) noexcept {
        const bay_status status = judge(o)->ws_open(judge(o), request);
        if (told(status)) write_ws_open(write(o, ActionType::ws_open), complete(*request));
        return status;
    }
    static bay_status ws_send(bay_out* o, std::uint32_t call, std::uint32_t opcode,
                              bay_str data) noexcept {
        const bay_status status = judge(o)->ws_send(judge(o), call, opcode, data);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::ws_send);
        to.number(call);
        to.number(opcode);
        to.text(data);
        return status;
    }
    static bay_status ws_close(bay_out* o, std::uint32_t call, std::uint32_t code,
                               bay_str reason) noexcept {
        const bay_status status = judge(o)->ws_close(judge(o), call, code, reason);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::ws_close);
        to.number(call);
        to.number(code);
        to.text(reason);
        return status;
    }
    static bay_status verdict(bay_out* o, const bay_verdict* verdict) noexcept {
        const bay_status status = judge(o)->verdict(judge(o), verdict);
        if (told(status)) write_verdict(write(o, ActionType::verdict), complete(*verdict));
        return status;
    }
    static bay_status retry_records(bay_out* o, const std::uint32_t* index,
                                    std::uint64_t count) noexcept {
        const bay_status status = judge(o)->retry_records(judge(o), index, count);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::retry_records);
        to.number(count);
        for (std::uint64_t i = 0; i < count; ++i) to.number(index[i]);
        return status;
    }
    static bay_status head(bay_out* o, std::int32_t code, const bay_kv* headers,
                           std::uint64_t count) noexcept {
        const bay_status status = judge(o)->head(judge(o), code, headers, count);
        if (!told(status)) return status;
        Writer& to = write(o, ActionType::head);
        to.number(code);
        write_headers(to, headers, count);
        return status;
    }
    static void* get_extension(bay_out*, const char* id) noexcept {
        static SegmentDigest digest{sha256};
        return id != nullptr && id == kSegmentDigest ? &digest : nullptr;
    }
    /// Blobs are in the gateway alone.
    static bay_status sha256(bay_out*, const bay_seg* segments, std::uint64_t count,
                             std::uint8_t out[32]) {
        const bool blobs = std::any_of(segments, segments + count, [](const bay_seg& segment) {
            return segment.kind != BAY_SEG_BYTES;
        });
        if (blobs) return BAY_E_UNSUPPORTED;
        return sha256_segments(segments, count, nullptr, out);
    }
};

ActionWriter::ActionWriter(bay_out& judge) : judge_(judge), out_(out_table<Slots>(this)) {}

bool replay_actions(Reader& from, bay_out& out) {
    while (!from.at_end()) {
        const auto type = static_cast<ActionType>(from.number<std::uint8_t>());
        const bay_status status = replay_one(type, from, out);
        if (from.failed() || !told(status)) return false;
    }
    return !from.failed();
}

}  // namespace patchbay::isolation
