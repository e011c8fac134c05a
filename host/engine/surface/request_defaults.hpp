// What a key's or a team's `router_settings` say for requests that do not say it themselves.
#pragma once

#include <span>
#include <string_view>

#include <boost/json/object.hpp>

#include "engine/surface/request_options.hpp"

namespace patchbay {

/// Immutable, from any thread; as read_request_options() would have read the same members of a request: `num_retries`,
/// `timeout`, `fallbacks`, `context_window_fallbacks`, `content_policy_fallbacks`; and `model_group_retry_policy`.
struct RequestDefaults {
    RequestOptions options;

    /// Sets what a request has not said. One that names fallbacks has none of these.
    void fill_in(RequestOptions& request) const;
    /// Are these the fallbacks that fill_in() has set?
    bool gave_fallbacks(const RequestOptions& request) const;
};

/// LiteLLM's other members of `router_settings` are passed over, and null is as none. The error names what is wrong and
/// where it stands ("num_retries").
Result<RequestDefaults> read_request_defaults(const boost::json::object& router_settings);

/// Is it one of those above?
bool is_request_default(std::string_view name);

}  // namespace patchbay
