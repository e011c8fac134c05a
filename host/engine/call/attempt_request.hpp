// A call as it goes to one deployment.
#pragma once

#include <optional>
#include <string>

#include "engine/exchange/exchange.hpp"
#include "engine/router/router.hpp"
#include "engine/surface/ask.hpp"
#include "engine/surface/body_edit.hpp"
#include "engine/surface/operation.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// The body and parameters for one deployment: what must be dropped, added or replaced is spliced,
/// the rest stays as it is. Not movable: the exchange request points into it, and into what it was
/// made of.
class AttemptRequest {
  public:
    AttemptRequest(const Ask& ask, const Operation& operation, const ModelRoute& route,
                   const Deployment& deployment);
    AttemptRequest(const AttemptRequest&) = delete;
    AttemptRequest& operator=(const AttemptRequest&) = delete;

    ExchangeRequest& request() { return request_; }

  private:
    void edit_body(const Ask& ask, const Operation& operation, const Deployment& deployment);
    void name_resource(const Ask& ask, const Operation& operation);
    void set_timeouts(const Ask& ask, const Operation& operation, const Deployment& deployment);

    std::optional<EditedBody> edited_;
    std::string model_;
    std::string allowed_;
    std::string params_;
    std::vector<bay_kv> ids_;
    std::vector<bay_kv> query_;
    ExchangeRequest request_;
};

}  // namespace patchbay
