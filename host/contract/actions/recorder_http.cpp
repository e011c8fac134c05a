// An HTTP call, checked and copied.
#include <algorithm>
#include <optional>
#include <utility>

#include "contract/actions/abi_values.hpp"
#include "contract/actions/recorder.hpp"

namespace patchbay {

std::optional<std::string_view> Recorder::range_of(const bay_seg& segment) const {
    if (segment.blob > parts_.size()) return std::nullopt;
    const std::string_view blob = segment.blob == 0 ? blob_ : parts_[segment.blob - 1];
    if (segment.off > blob.size() || segment.len > blob.size() - segment.off) return std::nullopt;
    return blob.substr(segment.off, segment.len != 0 ? segment.len : std::string_view::npos);
}

// What a call copies or encodes; a text that is too long counts as just over the bound, so that the
// sum cannot overflow.
std::size_t Recorder::counted_bytes(const bay_http_req& request) const {
    std::size_t sum = 0;
    const auto add = [&](std::uint64_t bytes) {
        sum += std::min<std::uint64_t>(bytes, kMaxBytes + 1);
    };
    add(view(request.method).size());
    add(view(request.url).size());
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        add(view(request.headers[i].name).size());
        add(view(request.headers[i].value).size());
    }
    for (std::uint64_t i = 0; i < request.body_count; ++i) {
        const bay_seg& segment = request.body[i];
        if (segment.kind == BAY_SEG_BYTES) add(view(segment.bytes).size());
        if (segment.kind != BAY_SEG_BLOB_BASE64) continue;
        if (const auto range = range_of(segment)) add(base64_size(range->size()));
    }
    return sum;
}

// Whether a call may be made at all, whatever is in it.
bay_status Recorder::check_http(const bay_http_req& request) {
    const bool detached = (request.flags & BAY_HTTP_DETACHED) != 0;
    if (finished_ && !(cancelling_ && detached)) return BAY_E_STATE;
    if (request.call == 0 || view(request.url).empty()) return BAY_E_INVALID;
    if (taken(request.call)) return BAY_E_INVALID;
    if (detached && (request.flags & BAY_HTTP_MAIN) != 0) return BAY_E_INVALID;
    if (request.decode > BAY_DECODE_JSON_ARRAY) return BAY_E_UNSUPPORTED;
    if (call_ids_.size() >= kMaxCalls) return over("calls of an exchange");
    if (detached && detached_count_ >= kMaxDetached) return over("detached calls");
    if (!detached && pending_full()) return over("actions at a time");
    if (request.header_count > kMaxHeaders) return over("headers of a call");
    if (request.body_count > kMaxSegments) return over("segments of a body");
    if (request.header_count > 0 && request.headers == nullptr) return BAY_E_INVALID;
    if (request.body_count > 0 && request.body == nullptr) return BAY_E_INVALID;
    for (std::uint64_t i = 0; i < request.body_count; ++i) {
        const bay_seg& segment = request.body[i];
        if (segment.kind > BAY_SEG_BLOB_BASE64) return BAY_E_UNSUPPORTED;
        if (segment.kind == BAY_SEG_BYTES) continue;
        // The client's request may be gone before a detached call is sent.
        if (detached || !range_of(segment)) return BAY_E_INVALID;
    }
    if (!room_for(counted_bytes(request))) return over("bytes of an exchange");
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
                      .body = std::pmr::vector<std::string_view>(&arena_),
                      .base64 = std::pmr::vector<Base64Piece>(&arena_),
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
        if (segment.kind == BAY_SEG_BLOB_BASE64) {
            action.base64.push_back({action.body.size(), *range_of(segment)});
            action.body.emplace_back();
            kept_bytes_ += base64_size(action.base64.back().bytes.size());
            continue;
        }
        const std::string_view bytes =
            segment.kind == BAY_SEG_BYTES ? keep(segment.bytes) : *range_of(segment);
        action.body.push_back(bytes);
    }
    call_ids_.push_back(request.call);
    if (detached) {
        ++detached_count_;
        detached_.push_back(std::move(action));
    } else {
        actions_.push_back(std::move(action));
    }
    return BAY_OK;
}

}  // namespace patchbay
