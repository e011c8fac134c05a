// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion, by way of Anthropic's Messages API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "opening.hpp"
#include "patchbay/sdk/machine.hpp"
#include "request.hpp"
#include "response.hpp"
#include "stream.hpp"

namespace patchbay::anthropic {

/// [exchange]
class ChatExchange : public bay::Exchange {
  public:
    explicit ChatExchange(const Opening& opening)
        : default_max_tokens_(opening.default_max_tokens),
          whose_(opening.whose),
          provider_(opening.provider),
          output_format_(opening.output_format),
          lacks_(opening.lacks) {
        context_.request_id = opening.request_id;
        context_.id_prefix = opening.id_prefix;
    }

    /// Translates the request and makes ready for its answer. `settings` are the deployment's
    /// parameters, read, in which features may be named as well as in headers. The call is not made.
    Result<Call> begin(const bay_ev_request& request, const json::object& settings);

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    /// A whole message where a stream was asked for: some servers cannot stream.
    bay_status whole_as_stream(std::string_view data, bay::Out out);

    std::uint64_t default_max_tokens_;
    std::string_view whose_;
    std::string_view provider_;
    bool output_format_;
    std::string_view lacks_;
    AnswerContext context_;
    std::optional<StreamTranslator> stream_;
    std::vector<std::string> chunks_;
    bool failed_ = false;
    bool begun_ = false;  ///< a frame came
    bool answered_whole_ = false;
};

}  // namespace patchbay::anthropic
