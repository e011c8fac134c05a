// The machine of one chat request whose tokens are counted: the input of a response that would be asked.
#pragma once

#include <optional>
#include <string>

#include "pass_exchange.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's). The answer passes through. A server that
/// has no such path refuses the request (unsupported), which is no fault of the deployment's.
class CountExchange : public PassExchange {
  public:
    using PassExchange::PassExchange;

    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  protected:
    std::optional<Refusal> write(const bay_ev_request& request, bay::HttpRequest& call,
                                 bay::Out out) override;

  private:
    std::string written_;  ///< the body
};

}  // namespace patchbay::openai
