// One try at one deployment, and what comes after it fails.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/router/deployment.hpp"
#include "engine/router/router.hpp"
#include "engine/surface/body_edit.hpp"
#include "engine/surface/request_options.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay::gateway {

/// A chat request as the client sent it, read.
struct ChatRequest {
    std::string_view body;
    RequestScan scan;
    RequestOptions options;
    std::string model;  ///< what the client calls it: from the path, else from the body
};

/// Does the body get the deployment's request parameters? One that stands for the query of a
/// session has no place for them.
enum class AttemptBody { with_defaults, as_sent };

/// The body and parameters for one deployment. Not movable: the exchange request points into it.
class Attempt {
  public:
    Attempt(const ChatRequest& chat, const ModelRoute& route, const Deployment& deployment,
            AttemptBody kind = AttemptBody::with_defaults);
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    ExchangeRequest& request() { return request_; }

  private:
    std::optional<EditedBody> edited_;
    std::string model_;
    std::string allowed_;
    std::string params_;
    ExchangeRequest request_;
};

/// How often a request is tried again after its first try (LiteLLM's precedence: request,
/// deployment, router, litellm_settings, 2).
int retries_allowed(const ChatRequest& chat, const Deployment& deployment, const Config& config);

/// May this failure be tried again in a group of `deployments`? Refused keys only where another
/// deployment may have a better one.
bool may_retry(const Error& error, std::size_t deployments);

/// LiteLLM's wait before another try: none while a deployment is left that was not tried, else what
/// the provider asked for (up to 60 s), else exponential from 0.5 s to 8 s with jitter; `random` in
/// [0, 1).
std::chrono::milliseconds retry_delay(const Error& error, bool untried_left, int retry,
                                      std::chrono::milliseconds least, double random);

/// Foreign text made fit to be shown and logged: valid UTF-8, of bounded length, without the
/// gateway's secrets (`known`) or others that the upstream repeats (redact_secrets()).
void clean(Error& error, std::span<const Secret> known);

/// LiteLLM's words around a provider's own: "litellm.RateLimitError: OpenAIException - ...".
Error for_client(Error error, const Deployment& deployment, std::string_view group, int retries,
                 int max_retries);

}  // namespace patchbay::gateway
