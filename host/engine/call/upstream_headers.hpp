// The headers of a provider's answer, as the client is told of them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/secret.hpp"
#include "contract/http/header.hpp"

namespace patchbay {

/// Header lines, ready for a head. As LiteLLM: every header as `llm_provider-<name>`, the limits
/// that SDKs read (`x-ratelimit-*`, also made of Anthropic's) under their own names too, and the
/// provider's id of the request as `request-id`. Left out are cookies, what is about the connection
/// or the body's coding, keys, and what holds one of the configured keys; of all together not more
/// than kMost headers and kMaxBytes.
class UpstreamHeaders {
  public:
    static constexpr std::size_t kMost = 64;
    static constexpr std::size_t kMaxBytes = 8192;

    /// In place of what was there. Names in lower case.
    void take(std::span<const http::Header> headers, std::span<const Secret> secrets);
    void clear() {
        lines_.clear();
        names_request_ = false;
    }
    /// "name: value\r\n" for each.
    std::string_view lines() const { return lines_; }
    /// Is a `request-id` among them?
    bool names_request() const { return names_request_; }

  private:
    void add(std::string_view prefix, std::string_view name, std::string_view value);
    std::string lines_;
    bool names_request_ = false;
};

}  // namespace patchbay
