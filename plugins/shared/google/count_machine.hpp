// The part of the machine of a chat completion whose tokens are counted that Google's providers share:
// everything but where the call goes and with which credentials.
#pragma once

#include <string>
#include <string_view>

#include "generate_pass.hpp"
#include "parameters.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::google {

/// The body of countTokens for a request of generateContent to `model`: what the model reads of it, which
/// is all that both APIs count. Empty if `generate_request` is no JSON object. Pure.
std::string count_body(std::string_view generate_request, std::string_view model,
                       GeneratePass::Counted counted);

/// [exchange]
class CountMachine {
  public:
    explicit CountMachine(GeneratePass::Counted counted) : counted_(counted) {}

    /// Translates the request as ChatMachine does; `options` likewise.
    Result<void> begin(const bay_ev_request& request, const RequestOptions& options);
    /// For behind the model's name.
    std::string_view method() const { return "countTokens"; }
    /// Sends the body with `call`, which has the address and the headers. May come twice.
    bay_status send(bay::HttpRequest& call, bay::Out out);
    bay_status done(const bay_ev_http& done, bay::Out out);

  private:
    GeneratePass::Counted counted_;
    bay::Dropped dropped_;
    std::string body_;
};

}  // namespace patchbay::google
