// SPDX-License-Identifier: Apache-2.0
// Builds a bay_http_req. Everything given as text is kept by the builder; body bytes may be
// borrowed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "out.hpp"

namespace bay {

/// One upstream call under construction:
///
///     HttpRequest call("POST", base + "/chat/completions");
///     call.header("content-type",
///     "application/json").bearer(key).body(json).decode(BAY_DECODE_SSE); return call.send(out);
///
/// By default it is THE upstream call of the exchange (BAY_HTTP_MAIN), number 1, its answer is
/// buffered.
class HttpRequest {
  public:
    HttpRequest(std::string_view method, std::string_view url) {
        request_.size = sizeof request_;
        request_.call = 1;
        request_.flags = BAY_HTTP_MAIN;
        request_.decode = BAY_DECODE_BUFFER;
        method_ = keep(method);
        url_ = keep(url);
    }

    HttpRequest& header(std::string_view name, std::string_view value) {
        headers_.emplace_back(keep(name), keep(value));
        return *this;
    }
    /// "authorization: Bearer <key>", or nothing if the key is empty.
    HttpRequest& bearer(std::string_view key) {
        if (!key.empty()) header("authorization", std::string("Bearer ").append(key));
        return *this;
    }

    /// Appends a copy of `bytes` to the body.
    HttpRequest& body(std::string_view bytes) {
        kept_segments_.emplace_back(segments_.size(), keep(bytes));
        segments_.push_back(bay_seg{BAY_SEG_BYTES, 0, {}, 0, 0});
        return *this;
    }
    /// Appends `bytes` without a copy; they must live until send() returns.
    HttpRequest& body_view(std::string_view bytes) {
        segments_.push_back(bay_seg{BAY_SEG_BYTES, 0, str(bytes), 0, 0});
        return *this;
    }
    /// Appends a range of a blob of the host; length 0 means to its end.
    HttpRequest& blob(std::uint32_t index, std::uint64_t offset = 0, std::uint64_t length = 0) {
        segments_.push_back(bay_seg{BAY_SEG_BLOB, index, {}, offset, length});
        return *this;
    }
    HttpRequest& blob_base64(std::uint32_t index, std::uint64_t offset = 0,
                             std::uint64_t length = 0) {
        segments_.push_back(bay_seg{BAY_SEG_BLOB_BASE64, index, {}, offset, length});
        return *this;
    }
    /// Appends segments, such as those of a Splice; bytes they point to must live until send()
    /// returns.
    HttpRequest& body(const std::vector<bay_seg>& segments) {
        segments_.insert(segments_.end(), segments.begin(), segments.end());
        return *this;
    }

    /// BAY_DECODE_*.
    HttpRequest& decode(std::uint32_t how) {
        request_.decode = how;
        return *this;
    }
    /// Number of the call, unique in the exchange, not 0.
    HttpRequest& call(std::uint32_t number) {
        request_.call = number;
        return *this;
    }
    /// BAY_HTTP_* bits, in place of the default BAY_HTTP_MAIN.
    HttpRequest& flags(std::uint32_t bits) {
        request_.flags = bits;
        return *this;
    }
    /// Milliseconds; 0 = the host's default.
    HttpRequest& timeouts(std::uint32_t total_ms, std::uint32_t idle_ms) {
        request_.total_ms = total_ms;
        request_.idle_ms = idle_ms;
        return *this;
    }
    /// Cap of a buffered answer in bytes; 0 = the host's default.
    HttpRequest& max_body(std::uint64_t bytes) {
        request_.max_body = bytes;
        return *this;
    }

    /// Records the call. May be used once per builder.
    bay_status send(Out out) {
        std::vector<bay_kv> pairs;
        pairs.reserve(headers_.size());
        for (const auto& [name, value] : headers_) pairs.push_back(bay_kv{view(name), view(value)});
        for (const auto& [index, bytes] : kept_segments_) segments_[index].bytes = view(bytes);
        request_.method = view(method_);
        request_.url = view(url_);
        request_.headers = pairs.data();
        request_.header_count = pairs.size();
        request_.body = segments_.data();
        request_.body_count = segments_.size();
        return out.http(request_);
    }

  private:
    using Range = std::pair<std::size_t, std::size_t>;  // offset and length in text_

    Range keep(std::string_view text) {
        text_.append(text);
        return {text_.size() - text.size(), text.size()};
    }
    bay_str view(Range range) const { return {text_.data() + range.first, range.second}; }

    bay_http_req request_{};
    std::string text_;
    Range method_, url_;
    std::vector<std::pair<Range, Range>> headers_;
    std::vector<bay_seg> segments_;
    std::vector<std::pair<std::size_t, Range>> kept_segments_;  // index in segments_
};

}  // namespace bay
