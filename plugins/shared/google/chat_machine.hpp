// The part of a chat completion's machine that Google's providers share: everything but where the
// call goes and with which credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer.hpp"
#include "parameters.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"
#include "stream.hpp"

namespace patchbay::google {

/// [exchange]
class ChatMachine {
  public:
    explicit ChatMachine(std::string_view request_id) { context_.request_id = request_id; }

    /// Translates the request; `options` needs what is not in the event (provider, labels).
    Result<void> begin(const bay_ev_request& request, const RequestOptions& options);

    bool streamed() const { return stream_.has_value(); }
    /// "generateContent" or "streamGenerateContent?alt=sse", for behind the model's name.
    std::string_view method() const;

    /// Sends the translated body with `call`, which has the address and the headers.
    bay_status send(bay::HttpRequest& call, bay::Out out);

    bay_status frame(const bay_ev_http& frame, bay::Out out);
    bay_status done(const bay_ev_http& done, bay::Out out);

  private:
    bay_status tell(const std::vector<std::string>& chunks, bay::Out out);
    bay_status refuse(const Failure& failure, bay::Out out);
    bay_status whole(const bay_ev_http& done, bay::Out out);
    bay_status tell_usage(const Usage& usage, bay::Out out) const;

    AnswerContext context_;
    bay::Dropped dropped_;
    std::string body_;
    std::optional<StreamTranslator> stream_;
    bool failed_ = false;
};

}  // namespace patchbay::google
