#include "count_exchange.hpp"

#include <utility>

#include "failure/error_text.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "responses_models.hpp"
#include "responses_request.hpp"

namespace patchbay::openai {

namespace {

/// OpenAI answers with that of a model that it does not know as well, but says so.
bool lacks_counter(const bay_ev_http& answer) {
    constexpr int kNotFound = 404, kMethodNotAllowed = 405, kNotImplemented = 501;
    if (answer.status == kMethodNotAllowed || answer.status == kNotImplemented) return true;
    return answer.status == kNotFound &&
           shared::read_error(bay::sv(answer.data)).code != "model_not_found";
}

}  // namespace

std::optional<Refusal> CountExchange::write(const bay_ev_request& request, bay::HttpRequest& call,
                                            bay::Out) {
    auto made = responses_request(request, dialect_, upstream_model(request, dialect_),
                                  ResponsesFor::count);
    if (!made) return made.error();
    written_ = std::move(made->body);
    call.body_view(written_);
    return std::nullopt;
}

bay_status CountExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (!finished_ && done.failure == BAY_FAIL_NONE && lacks_counter(done)) {
        return refuse_request(
            {BAY_ERR_UNSUPPORTED,
             "the server of this model has no token counting: it answers " +
                 std::to_string(done.status) + " to " + std::string(operation_.path),
             {}},
            out);
    }
    return PassExchange::on_http_done(done, out);
}

}  // namespace patchbay::openai
