// The machine of one request to an OpenAI-compatible provider, whatever the operation.
//
//     REQUEST -> one upstream call -> HEAD (2xx) -> pass_through -> DONE -> done()
//
// Where a token authorizes the call it is asked for first, and once more after a 401 (oauth/access.hpp).
// The answer passes through the host untouched. If its content type is not that of what was asked
// for, it is read here and is an error: a login page, a document that says what is wrong. Whatever
// goes wrong ends in one fail(). How a stream may end: docs/streams.md.
#pragma once

#include <optional>
#include <string>

#include "dialect.hpp"
#include "form.hpp"
#include "oauth/access.hpp"
#include "pass_operation.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"
#include "patchbay/sdk/splice.hpp"
#include "request.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's).
class PassExchange : public bay::Exchange {
  public:
    PassExchange(const Dialect& dialect, const PassOperation& operation)
        : dialect_(dialect), operation_(operation) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_data(const bay_ev_http& data, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  protected:
    /// Puts the body into `call`, which is sent later: what it views must belong to this. Or says why
    /// there is no call.
    virtual std::optional<Refusal> write(const bay_ev_request& request, bay::HttpRequest& call,
                                         bay::Out out);
    /// Adds to a form what the client's parts do not say. Or says why there is no call.
    virtual std::optional<Refusal> add_parts(const bay_ev_request&, Form&) { return std::nullopt; }
    /// True if an answer of this content type ("" = none) is not for the host but for unpassed().
    virtual bool reads(std::string_view content_type) const;
    /// The end of a 2xx answer that was not passed through.
    virtual bay_status unpassed(const bay_ev_http& done, bay::Out out);

    /// Fails with what `data`, which is no answer, says is wrong, or with `why`.
    bay_status refuse_answer(int status, std::string_view data, std::string_view why, bay::Out out);
    bay_status refuse_request(const Refusal& refusal, bay::Out out);
    /// "the provider's answer is not ..."
    std::string not_an_answer() const;

    const Dialect& dialect_;
    const PassOperation& operation_;
    std::optional<bay::Splice> body_;  ///< what the call's segments point into
    bool streamed_ = false;
    bool passing_ = false;   ///< the host forwards the answer
    bool finished_ = false;  ///< fail(), done() or result() was called

  private:
    /// The headers of the call; false if nothing authorizes it.
    bool add_headers(const bay_ev_request& request, std::string_view content_type);
    /// The call, at once or when there is a token for it.
    bay_status start(bay::Out out);
    bay_status send(bay::Out out);

    /// Behind the address; names in braces are still to be filled in.
    std::string_view path_of(const bay_ev_request& request, const OperationRule* rule) const;

    std::uint32_t decode_ = BAY_DECODE_BUFFER;
    /// Until it is sent; if `access_` adds to it, until the end.
    std::optional<bay::HttpRequest> call_;
    shared::Access access_;     ///< of a site; else the call has its key
    bool names_model_ = false;  ///< Visit::names_model
    std::string also_bearer_;   ///< Visit::also_bearer
    std::uint32_t calls_ = 0;
    std::string unread_;            ///< the beginning of bytes that do not pass
    std::uint64_t characters_ = 0;  ///< of PassOperation::spoken
};

}  // namespace patchbay::openai
