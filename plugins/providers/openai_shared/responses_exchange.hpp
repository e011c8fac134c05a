// The machine of one chat request by way of the Responses API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pass_exchange.hpp"
#include "responses_stream.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's).
class ResponsesExchange : public PassExchange {
  public:
    using PassExchange::PassExchange;

    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  protected:
    std::optional<Refusal> write(const bay_ev_request& request, bay::HttpRequest& call,
                                 bay::Out out) override;
    bool reads(std::string_view) const override { return true; }
    bay_status unpassed(const bay_ev_http& done, bay::Out out) override;

  private:
    /// A whole response where a stream was asked for, or not.
    bay_status whole(int status, std::string_view data, bay::Out out);

    std::string written_;  ///< the body
    ChatAnswerContext context_;
    std::optional<ResponsesStream> stream_;
    std::vector<std::string> chunks_;
    bool begun_ = false;     ///< a frame came
    bool answered_ = false;  ///< the answer is whole
};

}  // namespace patchbay::openai
