// The machine of one chat request: PassExchange with chat's rules for parameters and for answers.
//
// The answer passes through the host untouched unless the dialect has rules for answers, or the model
// writes its thoughts into them; then every document is read and handed on with chunk() or result(). So it is also if the content type is not
// that of what was asked for: a stream that is answered whole becomes chunks.
#pragma once

#include "answers.hpp"
#include "pass_exchange.hpp"
#include "patchbay/sdk/stream_end.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's).
class ChatExchange : public PassExchange {
  public:
    using PassExchange::PassExchange;

    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  protected:
    std::optional<Refusal> write(const bay_ev_request& request, bay::HttpRequest& call,
                                 bay::Out out) override;
    bool reads(std::string_view content_type) const override;
    bay_status unpassed(const bay_ev_http& done, bay::Out out) override;
    /// Adds to `body`, which has its parameters in the provider's words, what no dialect can say; or
    /// says why there is no call.
    virtual std::optional<Refusal> amend(const bay_ev_request&, bay::Splice&) {
        return std::nullopt;
    }

  private:
    bay_status whole_answer(const bay_ev_http& done, bay::Out out);
    bay_status whole_as_stream(std::string_view data, bay::Out out);
    bay_status stream_over(const bay_ev_http& done, bay::Out out);

    const AnswerRules* rules_ = &dialect_.answers;
    AnswerRules own_rules_;  ///< of a request whose answer comes as the arguments of a tool
    bay::StreamEnd end_;     ///< of a stream that is read here
    StreamState stream_;     ///< likewise
    bool document_ = false;  ///< a stream was asked for, and the answer is named JSON
    bool begun_ = false;     ///< something of a stream came
};

}  // namespace patchbay::openai
