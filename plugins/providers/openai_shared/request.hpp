// From the client's request to the provider's: which parameters go, change, or must be refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "dialect.hpp"
#include "failure/failure.hpp"
#include "pass_operation.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::openai {

/// Why a request is not sent.
struct Refusal {
    std::uint32_t cls = BAY_ERR_UNSUPPORTED;
    std::string message;
    std::string param;
};

/// A member that is not as it must be.
inline Refusal bad_member(std::string_view place, std::string_view why) {
    return {BAY_ERR_BAD_REQUEST, std::string(place).append(": ").append(why), std::string(place)};
}

/// Of a request that another part refuses.
inline Refusal refusal_of(const shared::Failure& failure) {
    return {failure.cls, failure.message, failure.param};
}

template <class T>
using Written = boost::system::result<T, Refusal>;

/// Turns `body` (a Splice of `request`) into the provider's body, or says why the request cannot be
/// sent. Rules, in this order, for each member: names in request.allowed_params go as they are; a
/// renamed parameter gives way to one that the client already sent under the new name; a parameter
/// that is not supported is left out if it is null, harmless (user, stream, stream_options, n = 1)
/// or BAY_REQ_DROP_PARAMS is set, else it is a refusal that names all such parameters; then the
/// rules on values apply. Unknown names go as they are, and the members of "extra_body" take its
/// place. `dropped` gets what is not sent although it says something, `schema_tool` whether the answer
/// is to come as the arguments of a tool (schema_tool.hpp).
std::optional<Refusal> write_body(const bay_ev_request& request, const Dialect& dialect,
                                  bay::Splice& body, bay::Dropped* dropped = nullptr,
                                  bool* schema_tool = nullptr);

/// The members of one request that its operation does not take.
class Unsupported {
  public:
    /// `rule` may be nullptr: all are taken. What is given must outlive this.
    Unsupported(const bay_ev_request& request, const Dialect& dialect, const OperationRule* rule);

    /// True if the member must not be sent. That is harmless for "user", for "encoding_format"
    /// (OpenAI's clients send it unasked, and read numbers as well), for null, and if
    /// BAY_REQ_DROP_PARAMS is set; else the request is refused. Names in request.allowed_params
    /// are sent. What OpenAI's reasoning models refuse in the Responses API is left out with
    /// BAY_REQ_DROP_PARAMS alone: else it is OpenAI's to refuse.
    bool leaves_out(std::string_view name, std::string_view value);
    /// After all members: why the request is not sent, naming all that were refused.
    std::optional<Refusal> refusal() const;
    const bay::Dropped& dropped() const { return dropped_; }

  private:
    bool is_refused_by_model(std::string_view name, std::string_view value) const;

    const bay_ev_request& request_;
    const Dialect& dialect_;
    const std::vector<std::string>* names_ = nullptr;  ///< of the rule, if it is about this model
    std::string refused_;                              ///< "'a', 'b'"
    std::string first_;
    bay::Dropped dropped_;
};

/// The same for every other operation: the members go as they are, but for the model's name and
/// those that the dialect's rule for the operation says are unsupported; a stream is asked for its
/// usage where the host wants it. `named`: the address says the model, and what would say it again
/// may be refused: no model is written for images.
std::optional<Refusal> write_pass_body(const bay_ev_request& request, const Dialect& dialect,
                                       const PassOperation& operation, bay::Splice& body,
                                       bay::Dropped* dropped = nullptr, bool named = false);

/// Characters (code points) of a JSON string; 0 for anything else.
std::uint64_t characters(std::string_view json);

/// True if `params`, those of the deployment, name `name` among additional_drop_params: it must not
/// be added either. Parses only if they speak of it.
bool is_dropped(std::string_view params, std::string_view name);

/// LiteLLM's words for parameters that a provider does not take; `names` as in "'a', 'b'".
std::string unsupported_message(std::string_view provider, std::string_view names,
                                std::string_view model);

}  // namespace patchbay::openai
