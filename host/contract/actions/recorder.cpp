#include "contract/actions/recorder.hpp"

#include <algorithm>
#include <cstring>

#include "contract/actions/abi_values.hpp"
#include "contract/actions/out_table.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay {

namespace {

// Of one batch; the host makes smaller ones.
constexpr std::size_t kMaxRecords = 1u << 16;
constexpr std::size_t kMaxNoteKey = 128;

// What may stand in a Content-Type header: one line of visible ASCII and spaces.
bool is_media_type(std::string_view text) {
    constexpr std::size_t kMaxMediaType = 256;
    return text.size() <= kMaxMediaType && text.find('/') != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
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
    static bay_status want(bay_out* o, std::uint32_t bits) noexcept {
        return self(o).record_want(bits);
    }
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
        const bool ends_so =
            r.role_ == Role::provider || r.role_ == Role::logger || r.role_ == Role::realtime;
        if (r.finished_ || !ends_so || r.owes_result()) return BAY_E_STATE;
        r.finished_ = true;
        return BAY_OK;
    }
    static bay_status result(bay_out* o, bay_str json) noexcept {
        Recorder& r = self(o);
        if (const bay_status status = r.allowed(!r.stream_); status != BAY_OK) return status;
        if (const bay_status status = r.take_result(json); status != BAY_OK) return status;
        r.results_->result(view(json), r.shape_.scan({}, view(json)));
        r.answered_ = true;
        r.finished_ = true;
        return BAY_OK;
    }
    static bay_status chunk(bay_out* o, bay_str event, bay_str json) noexcept {
        Recorder& r = self(o);
        if (const bay_status status = r.allowed(r.stream_); status != BAY_OK) return status;
        if (event.len != 0 && !r.shape_.named_events) return BAY_E_UNSUPPORTED;
        if (const bay_status status = r.take_result(json); status != BAY_OK) return status;
        r.results_->chunk(view(event), view(json), r.shape_.scan(view(event), view(json)));
        r.answered_ = true;
        return BAY_OK;
    }
    static bay_status usage(bay_out* o, const bay_usage* usage) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || !r.results_) return BAY_E_STATE;
        if (!usage) return BAY_E_INVALID;
        r.results_->usage(to_usage(complete(*usage)));
        return BAY_OK;
    }
    static bay_status pass_through(bay_out* o, std::uint32_t call) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || !r.results_ || r.role_ != Role::provider || !r.live_ ||
            call != r.event_call_ || r.answered_ || r.empty_) {
            return BAY_E_STATE;
        }
        r.passed_call_ = call;
        r.answered_ = true;
        return BAY_OK;
    }

    static bay_status body(bay_out* o, bay_str content_type, bay_str bytes) noexcept {
        Recorder& r = self(o);
        if (r.finished_ || !r.results_ || !r.results_->takes_bytes() || r.passed_call_ != 0) {
            return BAY_E_STATE;
        }
        if ((r.answered_ && !r.body_begun_) || r.empty_) return BAY_E_STATE;
        if (!r.body_begun_ && !is_media_type(view(content_type))) return BAY_E_INVALID;
        if (const bay_status status = r.take_result(bytes); status != BAY_OK) return status;
        r.results_->bytes(r.body_begun_ ? std::string_view() : view(content_type), view(bytes));
        r.body_begun_ = r.answered_ = true;
        return BAY_OK;
    }

    static bay_status ws_open(bay_out* o, const bay_ws_req* request) noexcept {
        return request ? self(o).record_ws_open(complete(*request)) : bay_status{BAY_E_INVALID};
    }
    static bay_status ws_send(bay_out* o, std::uint32_t call, std::uint32_t opcode,
                              bay_str data) noexcept {
        return self(o).record_ws_send(call, opcode, data);
    }
    static bay_status ws_close(bay_out* o, std::uint32_t call, std::uint32_t code,
                               bay_str reason) noexcept {
        return self(o).record_ws_close(call, code, reason);
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
        if (count > 0 && index == nullptr) return BAY_E_INVALID;
        r.retries_.insert(r.retries_.end(), index, index + count);
        return BAY_OK;
    }
    static bay_status head(bay_out* o, std::int32_t status, const bay_kv* headers,
                           std::uint64_t count) noexcept {
        return self(o).record_head(status, headers, count);
    }
    static void* get_extension(bay_out*, const char* id) noexcept { return extension(id); }
};

Recorder::Recorder(Role role, Results* results, std::string_view blob, bool stream,
                   const Shape& shape)
    : out_(out_table<Slots>(this)),
      role_(role),
      results_(results),
      shape_(shape),
      blob_(blob),
      stream_(stream) {}

void Recorder::begin_event(std::uint32_t call, bool live, std::size_t under_way) {
    event_call_ = call;
    live_ = live;
    under_way_ = under_way;
}

bool Recorder::passable(std::uint32_t decode) const {
    if (results_ == nullptr) return false;
    if (results_->takes_bytes()) return true;  // they go on as they come
    const bool whole = decode == BAY_DECODE_BUFFER;
    return stream_ ? !whole && decode != BAY_DECODE_RAW : whole;
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

bay_status Recorder::record_head(std::int32_t status, const bay_kv* headers, std::uint64_t count) {
    constexpr std::int32_t kFirstGood = 200;
    constexpr std::int32_t kLastGood = 299;
    constexpr std::int32_t kNoContent = 204;
    constexpr std::int32_t kResetContent = 205;
    if (finished_ || !results_ || role_ != Role::provider || answered_ || head_told_ ||
        !results_->takes_bytes()) {
        return BAY_E_STATE;
    }
    if (status < kFirstGood || status > kLastGood) return BAY_E_INVALID;
    if (count > kMaxHeaders) return over("headers of an answer");
    if (count > 0 && headers == nullptr) return BAY_E_INVALID;
    std::vector<http::Header> told;
    told.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const http::Header header{view(headers[i].name), view(headers[i].value)};
        if (!http::is_field(header)) return BAY_E_INVALID;
        told.push_back(header);
    }
    results_->head(status, told);
    head_told_ = true;
    empty_ = status == kNoContent || status == kResetContent;
    return BAY_OK;
}

void Recorder::ask(const Question& question, bool idle) {
    asked_ = question;
    verdict_.reset();
    if (!idle) return;
    call_ids_.clear();
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
    if (key == bay::kDroppedNote && results_ && role_ == Role::provider) results_->dropped(json);
    return BAY_OK;
}

bay_status Recorder::allowed(bool result_action) const {
    if (finished_ || !results_ || role_ != Role::provider || body_begun_ || empty_) {
        return BAY_E_STATE;
    }
    return result_action && passed_call_ == 0 ? BAY_OK : BAY_E_STATE;
}

// Bytes may be none at all, a stream may say nothing, and a head may be all there is.
bool Recorder::owes_result() const {
    if (role_ != Role::provider || !results_ || stream_) return false;
    return !answered_ && !head_told_ && !results_->takes_bytes();
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

}  // namespace patchbay
