#include "engine/exchange/recorder.hpp"

#include <algorithm>
#include <cstring>

#include <simdjson.h>

#include "engine/exchange/out_table.hpp"
#include "engine/surface/json_reader.hpp"

namespace patchbay {

namespace {

std::string_view view(bay_str s) {
    return s.ptr ? std::string_view(s.ptr, s.len) : std::string_view();
}

Error to_error(const bay_error& from) {
    Error error;
    if (from.cls <= static_cast<std::uint32_t>(ErrorClass::unsupported)) {
        error.cls = static_cast<ErrorClass>(from.cls);
    }
    if (from.http_status >= 400 && from.http_status <= 599) error.http_status = from.http_status;
    if (from.retry <= BAY_RETRY_OTHER) error.retry = static_cast<RetryHint>(from.retry);
    if (from.retry_after_ms != 0)
        error.retry_after = std::chrono::milliseconds(from.retry_after_ms);
    error.upstream_status = from.upstream_status;
    error.message = view(from.message).substr(0, Recorder::kMaxErrorText);
    error.type = view(from.type).substr(0, Recorder::kMaxErrorText);
    error.code = view(from.code).substr(0, Recorder::kMaxErrorText);
    error.param = view(from.param).substr(0, Recorder::kMaxErrorText);
    error.upstream_body = view(from.upstream_body).substr(0, Recorder::kMaxErrorText);
    return error;
}

Usage to_usage(const bay_usage& from) {
    Usage usage;
    usage.prompt = from.input_tokens;
    usage.completion = from.output_tokens;
    usage.total = from.input_tokens + from.output_tokens;
    usage.cached = from.cached_input_tokens;
    usage.cache_creation = from.cache_write_tokens;
    usage.reasoning = from.reasoning_tokens;
    usage.audio_prompt = from.audio_input_tokens;
    usage.audio_completion = from.audio_output_tokens;
    return usage;
}

// What recording a call copies; a text that is too long counts as just over the bound, so that the
// sum cannot overflow.
std::size_t copied_bytes(const bay_http_req& request, std::size_t bound) {
    std::size_t sum = 0;
    const auto add = [&](bay_str text) { sum += std::min(view(text).size(), bound + 1); };
    add(request.method);
    add(request.url);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        add(request.headers[i].name);
        add(request.headers[i].value);
    }
    for (std::uint64_t i = 0; i < request.body_count; ++i) {
        if (request.body[i].kind == BAY_SEG_BYTES) add(request.body[i].bytes);
    }
    return sum;
}

// Of one batch; the host makes smaller ones.
constexpr std::size_t kMaxRecords = 1u << 16;
constexpr std::size_t kMaxNoteKey = 128;

bool valid_json(std::string_view json) {
    JsonReader reader(json);
    if (!reader.take_value()) return false;
    reader.skip_space();
    return reader.at_end() && simdjson::validate_utf8(json.data(), json.size());
}

// Fields past the size that the plugin filled in read as zero (ABI rule R5).
template <class T>
T complete(const T& from) {
    T whole{};
    std::memcpy(static_cast<void*>(&whole), &from, std::min<std::size_t>(from.size, sizeof whole));
    return whole;
}

}  // namespace

struct Recorder::Slots {
    static Recorder& self(bay_out* o) { return *static_cast<Recorder*>(o->ctx); }

    static bay_status http(bay_out* o, const bay_http_req* request) noexcept {
        return request ? self(o).record_http(complete(*request)) : bay_status{BAY_E_INVALID};
    }
    static bay_status http_abort(bay_out* o, std::uint32_t call) noexcept {
        Recorder& r = self(o);
        if (r.finished_) return BAY_E_STATE;
        if (r.aborts_.size() >= kMaxPending) return r.over("actions at a time");
        r.aborts_.push_back(call);
        return BAY_OK;
    }
    static bay_status shared_get(bay_out* o, bay_str key) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || r.role_ == Role::refresh) return BAY_E_STATE;
        const std::string_view text = view(key);
        if (text.empty()) return BAY_E_INVALID;
        if (r.pending_full()) return r.over("actions at a time");
        if (!r.room_for(text.size())) return r.over("bytes of an exchange");
        for (const std::string_view scheme : {"env:", "file:", "secret:"}) {
            if (text.starts_with(scheme)) return BAY_E_DENIED;
        }
        r.actions_.push_back(SharedGetAction{r.keep(key)});
        return BAY_OK;
    }
    static bay_status shared_put(bay_out* o, bay_str value, std::uint32_t ttl_ms) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || r.role_ != Role::refresh) return BAY_E_STATE;
        if (view(value).size() > kMaxSharedBytes) return r.over("bytes of a shared value");
        r.shared_put_ = SharedPut{std::string(view(value)), ttl_ms};
        r.finished_ = true;
        return BAY_OK;
    }
    static bay_status shared_drop(bay_out* o, bay_str key, bay_str value) noexcept {
        Recorder& r = self(o);
        if (r.finished_) return BAY_E_STATE;
        if (r.shared_drops_.size() >= kMaxPending) return r.over("actions at a time");
        if (view(key).size() > kMaxSharedBytes || view(value).size() > kMaxSharedBytes) {
            return r.over("bytes of a shared value");
        }
        r.shared_drops_.push_back({std::string(view(key)), std::string(view(value))});
        return BAY_OK;
    }
    static bay_status timer(bay_out* o, std::uint32_t timer, std::uint32_t after_ms) noexcept {
        Recorder& r = self(o);
        if (r.finished_) return BAY_E_STATE;
        if (r.pending_full()) return r.over("actions at a time");
        r.actions_.push_back(TimerAction{timer, after_ms});
        return BAY_OK;
    }
    static bay_status want(bay_out*, std::uint32_t) noexcept { return BAY_E_UNSUPPORTED; }
    static bay_status note(bay_out* o, bay_str key, bay_str json) noexcept {
        return self(o).record_note(view(key), view(json));
    }
    static bay_status fail(bay_out* o, const bay_error* error) noexcept {
        Recorder& r = self(o);
        if (r.finished_) return BAY_E_STATE;
        if (!error) return BAY_E_INVALID;
        r.error_ = to_error(complete(*error));
        r.finished_ = true;
        return BAY_OK;
    }
    static bay_status done(bay_out* o) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || (r.role_ != Role::provider && r.role_ != Role::logger)) {
            return BAY_E_STATE;
        }
        r.finished_ = true;
        return BAY_OK;
    }
    static bay_status result(bay_out* o, bay_str json) noexcept {
        Recorder& r = self(o);
        if (const bay_status status = r.allowed(!r.stream_); status != BAY_OK) return status;
        if (const bay_status status = r.take_result(json); status != BAY_OK) return status;
        r.sink_->result(view(json), scan_chat_answer(view(json)));
        r.answered_ = true;
        r.finished_ = true;
        return BAY_OK;
    }
    static bay_status chunk(bay_out* o, bay_str event, bay_str json) noexcept {
        Recorder& r = self(o);
        if (const bay_status status = r.allowed(r.stream_); status != BAY_OK) return status;
        if (event.len != 0) return BAY_E_UNSUPPORTED;
        if (const bay_status status = r.take_result(json); status != BAY_OK) return status;
        r.sink_->chunk(view(json), scan_chat_answer(view(json)));
        r.answered_ = true;
        return BAY_OK;
    }
    static bay_status usage(bay_out* o, const bay_usage* usage) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || !r.sink_) return BAY_E_STATE;
        if (!usage) return BAY_E_INVALID;
        r.sink_->usage(to_usage(complete(*usage)));
        return BAY_OK;
    }
    static bay_status pass_through(bay_out* o, std::uint32_t call) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || !r.sink_ || !r.live_ || call != r.event_call_ || r.answered_) {
            return BAY_E_STATE;
        }
        r.passed_call_ = call;
        r.answered_ = true;
        return BAY_OK;
    }

    // Actions of kinds and framings that this host does not offer yet.
    static bay_status body(bay_out*, bay_str, bay_str) noexcept { return BAY_E_UNSUPPORTED; }
    static bay_status ws_open(bay_out*, const bay_ws_req*) noexcept { return BAY_E_UNSUPPORTED; }
    static bay_status ws_send(bay_out*, std::uint32_t, std::uint32_t, bay_str) noexcept {
        return BAY_E_UNSUPPORTED;
    }
    static bay_status ws_close(bay_out*, std::uint32_t, std::uint32_t, bay_str) noexcept {
        return BAY_E_UNSUPPORTED;
    }
    static bay_status verdict(bay_out* o, const bay_verdict* verdict) noexcept {
        Recorder& r = self(o);
        if (r.role_ != Role::guardrail) return BAY_E_STATE;
        return verdict ? r.record_verdict(complete(*verdict)) : bay_status{BAY_E_INVALID};
    }
    static bay_status retry_records(bay_out* o, const std::uint32_t* index,
                                    std::uint64_t count) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || r.role_ != Role::logger) return BAY_E_STATE;
        if (count > kMaxRecords - r.retries_.size()) return r.over("records of a batch");
        r.retries_.insert(r.retries_.end(), index, index + count);
        return BAY_OK;
    }
    static void* get_extension(bay_out*, const char*) noexcept { return nullptr; }
};

Recorder::Recorder(Role role, Sink* sink, std::string_view blob, bool stream)
    : out_(out_table<Slots>(this)),
      role_(role),
      sink_(sink),
      blob_(blob),
      stream_(stream),
      arena_(first_block_.data(), first_block_.size()) {}

void Recorder::begin_event(std::uint32_t call, bool live, std::size_t under_way) {
    event_call_ = call;
    live_ = live;
    under_way_ = under_way;
}

// A result is kept by the sink until it is sent; one that is empty costs something too.
bay_status Recorder::take_result(bay_str json) {
    constexpr std::size_t kOverhead = 64;
    const std::size_t bytes = view(json).size();
    const std::size_t room = kMaxUnsent - unsent_;
    if (room < kOverhead || bytes > room - kOverhead) return over("bytes of unsent results");
    unsent_ += bytes + kOverhead;
    return BAY_OK;
}

void Recorder::ask(const Question& question, bool idle) {
    asked_ = question;
    verdict_.reset();
    if (!idle) return;
    call_count_ = 0;
    kept_bytes_ = 0;
    actions_.clear();
    arena_.release();
}

bay_status Recorder::record_note(std::string_view key, std::string_view json) {
    if (finished_) return BAY_E_STATE;
    if (key.empty() || key.size() > kMaxNoteKey || !valid_json(json)) return BAY_E_INVALID;
    const std::size_t bytes = key.size() + json.size();
    if (notes_.size() >= kMaxNotes || bytes > kMaxNoteBytes - note_bytes_) return BAY_E_LIMIT;
    note_bytes_ += bytes;
    notes_.push_back({std::string(key), std::string(json)});
    return BAY_OK;
}

bay_status Recorder::record_verdict(const bay_verdict& given) {
    if (finished_ || !asked_ || verdict_) return BAY_E_STATE;
    Verdict verdict;
    if (given.decision >= BAY_ALLOW && given.decision <= BAY_HOLD) {
        verdict.decision = static_cast<Decision>(given.decision);
    }
    const bool may_hold = asked_->stream && !asked_->last;
    if (verdict.decision == Decision::hold && !may_hold) return BAY_E_INVALID;
    const std::size_t texts = std::min(view(given.reason).size(), kMaxBytes) +
                              std::min(view(given.json).size(), kMaxBytes);
    if (!room_for(texts)) return over("bytes of an exchange");
    kept_bytes_ += texts;
    verdict.reason = view(given.reason);
    if (verdict.decision == Decision::block && given.error) {
        verdict.error = to_error(complete(*given.error));
    }
    if (verdict.decision == Decision::modify) {
        verdict.json = view(given.json);
        if (!verdict.json.empty() && (asked_->stream || !valid_json(verdict.json))) {
            return BAY_E_INVALID;
        }
        if (given.edit_count > asked_->texts) return BAY_E_INVALID;
        std::vector<bool> seen(asked_->texts);
        for (std::uint64_t i = 0; i < given.edit_count; ++i) {
            const bay_edit& edit = given.edits[i];
            if (edit.index >= asked_->texts || seen[edit.index] || (edit.hold != 0 && !may_hold)) {
                return BAY_E_INVALID;
            }
            seen[edit.index] = true;
            TextEdit& kept = verdict.edits.emplace_back();
            kept.index = edit.index;
            kept.hold = edit.hold;
            if (edit.text.ptr == nullptr) continue;
            const std::string_view text = view(edit.text);
            if (!room_for(text.size())) return over("bytes of an exchange");
            if (!simdjson::validate_utf8(text.data(), text.size())) return BAY_E_INVALID;
            kept_bytes_ += text.size();
            kept.text = text;
        }
    }
    verdict_ = std::move(verdict);
    return BAY_OK;
}

bay_status Recorder::allowed(bool result_action) const {
    if (finished_ || !sink_ || !result_action || passed_call_ != 0) return BAY_E_STATE;
    return BAY_OK;
}

bool Recorder::room_for(std::size_t bytes) const {
    return bytes <= kMaxBytes - kept_bytes_;
}

std::string_view Recorder::keep(bay_str given) {
    const std::string_view text = view(given);
    if (text.empty()) return {};
    char* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    kept_bytes_ += text.size();
    return {copy, text.size()};
}

bay_status Recorder::record_http(const bay_http_req& request) {
    if (finished_) return BAY_E_STATE;
    if (request.call == 0 || view(request.url).empty()) return BAY_E_INVALID;
    const auto ids_end = call_ids_.begin() + static_cast<std::ptrdiff_t>(call_count_);
    if (std::find(call_ids_.begin(), ids_end, request.call) != ids_end) return BAY_E_INVALID;
    if (request.flags & BAY_HTTP_DETACHED) return BAY_E_UNSUPPORTED;
    if (request.decode > BAY_DECODE_NDJSON) return BAY_E_UNSUPPORTED;
    if (call_count_ >= kMaxCalls) return over("calls of an exchange");
    if (pending_full()) return over("actions at a time");
    if (request.header_count > kMaxHeaders) return over("headers of a call");
    if (request.body_count > kMaxSegments) return over("segments of a body");
    if (!room_for(copied_bytes(request, kMaxBytes))) return over("bytes of an exchange");
    if (egress_ != nullptr && !egress_->allows(view(request.url), base_url_)) {
        if (denied_.size() < kMaxPending) denied_.emplace_back(origin_of(view(request.url)));
        return BAY_E_DENIED;
    }
    HttpAction action{.call = request.call,
                      .flags = request.flags,
                      .decode = request.decode,
                      .method = keep(request.method),
                      .url = keep(request.url),
                      .headers = std::pmr::vector<http::Header>(&arena_),
                      .body = std::pmr::vector<boost::asio::const_buffer>(&arena_),
                      .total_ms = request.total_ms,
                      .idle_ms = request.idle_ms,
                      .max_body = request.max_body};
    action.headers.reserve(request.header_count);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        const bay_kv& header = request.headers[i];
        action.headers.push_back({keep(header.name), keep(header.value)});
    }
    action.body.reserve(request.body_count);
    for (std::uint64_t i = 0; i < request.body_count; ++i) {
        const bay_seg& segment = request.body[i];
        if (segment.kind == BAY_SEG_BYTES) {
            const std::string_view bytes = keep(segment.bytes);
            action.body.emplace_back(bytes.data(), bytes.size());
        } else if (segment.kind == BAY_SEG_BLOB) {
            if (segment.blob != 0 || segment.off > blob_.size()) return BAY_E_INVALID;
            const std::size_t rest = blob_.size() - segment.off;
            if (segment.len > rest) return BAY_E_INVALID;
            const std::size_t length = segment.len != 0 ? segment.len : rest;
            action.body.emplace_back(blob_.data() + segment.off, length);
        } else {
            return BAY_E_UNSUPPORTED;
        }
    }
    call_ids_[call_count_++] = request.call;
    actions_.push_back(std::move(action));
    return BAY_OK;
}

}  // namespace patchbay
