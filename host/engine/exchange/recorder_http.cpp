// An HTTP call, checked and copied.
#include <algorithm>
#include <utility>

#include "engine/exchange/abi_values.hpp"
#include "engine/exchange/recorder.hpp"

namespace patchbay {

namespace {

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

}  // namespace

// Whether a call may be made at all, whatever is in it.
bay_status Recorder::check_http(const bay_http_req& request) {
    const bool detached = (request.flags & BAY_HTTP_DETACHED) != 0;
    if (finished_ && !(cancelling_ && detached)) return BAY_E_STATE;
    if (request.call == 0 || view(request.url).empty()) return BAY_E_INVALID;
    if (taken(request.call)) return BAY_E_INVALID;
    if (detached && (request.flags & BAY_HTTP_MAIN) != 0) return BAY_E_INVALID;
    if (request.decode > BAY_DECODE_NDJSON) return BAY_E_UNSUPPORTED;
    if (call_count_ >= kMaxCalls) return over("calls of an exchange");
    if (detached && detached_count_ >= kMaxDetached) return over("detached calls");
    if (!detached && pending_full()) return over("actions at a time");
    if (request.header_count > kMaxHeaders) return over("headers of a call");
    if (request.body_count > kMaxSegments) return over("segments of a body");
    if (!room_for(copied_bytes(request, kMaxBytes))) return over("bytes of an exchange");
    if (egress_ != nullptr && !egress_->allows(view(request.url), base_url_)) {
        if (denied_.size() < kMaxPending) denied_.emplace_back(origin_of(view(request.url)));
        return BAY_E_DENIED;
    }
    return BAY_OK;
}

bay_status Recorder::record_http(const bay_http_req& request) {
    if (const bay_status status = check_http(request); status != BAY_OK) return status;
    const bool detached = (request.flags & BAY_HTTP_DETACHED) != 0;
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
            // The client's request may be gone before a detached call is sent.
            if (detached || segment.blob != 0 || segment.off > blob_.size()) return BAY_E_INVALID;
            const std::size_t rest = blob_.size() - segment.off;
            if (segment.len > rest) return BAY_E_INVALID;
            const std::size_t length = segment.len != 0 ? segment.len : rest;
            action.body.emplace_back(blob_.data() + segment.off, length);
        } else {
            return BAY_E_UNSUPPORTED;
        }
    }
    call_ids_[call_count_++] = request.call;
    if (detached) {
        ++detached_count_;
        detached_.push_back(std::move(action));
    } else {
        actions_.push_back(std::move(action));
    }
    return BAY_OK;
}

}  // namespace patchbay
