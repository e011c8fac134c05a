// SPDX-License-Identifier: Apache-2.0
// The provider "replicate": a prediction is made, and looked at until it is over.
//
//     REQUEST -> POST predictions -> (pause -> GET prediction)* -> result(), or chunks and done()
//
// A stream is told what has come since the last look. A client that hangs up has the prediction
// cancelled, as it costs by the second.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "chat/chat_writer.hpp"
#include "openai_shared/errors.hpp"
#include "openai_shared/refusal.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"
#include "prediction.hpp"

namespace patchbay::replicate {

namespace {

namespace json = boost::json;

// A host makes 64 calls of an exchange; the first makes the prediction, and one may cancel it.
constexpr std::uint32_t kMostLooks = 62;

/// [exchange]
class PredictionExchange : public bay::Exchange {
  public:
    explicit PredictionExchange(const openai::Dialect* dialect) : dialect_(*dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;
    bay_status on_timer(const bay_ev_timer&, bay::Out out) override;
    bay_status on_cancel(const bay_ev_cancel&, bay::Out out) override;

  private:
    bay_status refuse_request(const openai::Refusal& refusal, bay::Out out);
    bay_status fail(const shared::Failure& failure, bay::Out out);
    /// Tells what has come since the last look.
    bay_status tell(const Prediction& prediction, bay::Out out);
    bay_status finish(const Prediction& prediction, bay::Out out);
    bay::HttpRequest call(std::string_view method, const std::string& url);
    std::string url_of_prediction() const;

    const openai::Dialect& dialect_;
    openai::Headers headers_;
    std::string root_, id_;
    std::optional<shared::ChunkWriter> writer_;
    std::size_t told_ = 0;  ///< bytes of the output
    std::uint32_t calls_ = 0, looks_ = 0;
    bool streamed_ = false, want_usage_ = false;
    bool finished_ = false;  ///< fail(), done() or result() was called
};

bay_status PredictionExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    want_usage_ = (request.flags & BAY_REQ_WANT_USAGE) != 0;
    auto headers = openai::request_headers(request, dialect_, "application/json");
    if (!headers) {
        return refuse_request({BAY_ERR_AUTH, openai::missing_key_message(dialect_), {}}, out);
    }
    headers_ = std::move(*headers);
    const std::string_view model = bay::sv(request.target->model);
    const Target target = target_of(openai::address_of(request, dialect_, nullptr), model);
    root_ = target.root;
    bay::Dropped dropped;
    const auto body = write_prediction(request, dialect_, target, dropped);
    if (!body) return refuse_request(body.error(), out);
    dropped.tell(out);
    writer_.emplace(shared::new_chat_head(model));
    return call("POST", target.url).body_view(*body).send(out);
}

bay::HttpRequest PredictionExchange::call(std::string_view method, const std::string& url) {
    bay::HttpRequest made(method, url);
    made.call(++calls_).flags(BAY_HTTP_MAIN);
    for (const auto& [name, value] : headers_) made.header(name, value);
    return made;
}

std::string PredictionExchange::url_of_prediction() const {
    return root_ + "/predictions/" + bay::percent_encoded(id_);
}

bay_status PredictionExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    const std::string_view data = bay::sv(done.data);
    if (done.failure != BAY_FAIL_NONE) {
        return fail(openai::transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (done.status / 100 != 2) {
        const std::span<const bay_kv> headers(done.headers, done.header_count);
        return fail(
            openai::openai_error(dialect_.errors, done.status, headers, data, bay::Host::unix_ms()),
            out);
    }
    const auto prediction = read_prediction(data);
    if (!prediction) {
        return fail(
            openai::unreadable_answer(done.status, data, "Replicate's answer is not a prediction"),
            out);
    }
    if (id_.empty()) {
        id_ = prediction->id;
        if (const auto status = out.want(BAY_WANT_CANCEL); status != BAY_OK) return status;
    }
    if (!prediction->failure.empty()) {
        // LiteLLM's status; what failed there may well answer elsewhere.
        constexpr int kUnprocessable = 422;
        shared::Failure failure;
        failure.cls = BAY_ERR_BAD_REQUEST;
        failure.http_status = kUnprocessable;
        failure.retry = BAY_RETRY_OTHER;
        failure.upstream_status = done.status;
        failure.message = prediction->failure;
        failure.upstream_body = data;
        return fail(failure, out);
    }
    if (const auto status = tell(*prediction, out); status != BAY_OK) return status;
    if (prediction->over) return finish(*prediction, out);
    if (++looks_ > kMostLooks) {
        shared::Failure failure;
        failure.cls = BAY_ERR_TIMEOUT;
        failure.message = "the prediction is not over after as many looks as one may have";
        return fail(failure, out);
    }
    return out.timer(looks_, pause_ms(looks_));
}

bay_status PredictionExchange::on_timer(const bay_ev_timer&, bay::Out out) {
    if (finished_) return BAY_OK;
    return call("GET", url_of_prediction()).send(out);
}

bay_status PredictionExchange::on_cancel(const bay_ev_cancel&, bay::Out out) {
    if (finished_ || id_.empty()) return BAY_OK;
    return call("POST", url_of_prediction() + "/cancel").flags(BAY_HTTP_DETACHED).send(out);
}

bay_status PredictionExchange::tell(const Prediction& prediction, bay::Out out) {
    if (!streamed_ || prediction.output.size() <= told_) return BAY_OK;
    std::vector<std::string> chunks;
    writer_->text("content", std::string_view(prediction.output).substr(told_), chunks);
    told_ = prediction.output.size();
    for (const std::string& chunk : chunks) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return BAY_OK;
}

bay_status PredictionExchange::finish(const Prediction& prediction, bay::Out out) {
    finished_ = true;
    const std::uint64_t all = prediction.read + prediction.written;
    if (all > 0) {
        bay_usage usage{};
        usage.size = sizeof usage;
        usage.input_tokens = prediction.read;
        usage.output_tokens = prediction.written;
        if (const auto status = out.usage(usage); status != BAY_OK) return status;
    }
    json::object usage{{"prompt_tokens", prediction.read},
                       {"completion_tokens", prediction.written},
                       {"total_tokens", all}};
    if (!streamed_) {
        return out.result(json_tree::write(shared::whole_chat(
            writer_->head(), {{"role", "assistant"}, {"content", prediction.output}}, "stop",
            std::move(usage))));
    }
    std::vector<std::string> chunks;
    writer_->finish("stop", chunks);
    if (want_usage_ && all > 0) writer_->usage(std::move(usage), chunks);
    for (const std::string& chunk : chunks) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return out.done();
}

bay_status PredictionExchange::refuse_request(const openai::Refusal& refusal, bay::Out out) {
    finished_ = true;
    return openai::refuse(refusal.cls, refusal.message, refusal.param, out);
}

bay_status PredictionExchange::fail(const shared::Failure& failure, bay::Out out) {
    finished_ = true;
    return report(failure, out);
}

constexpr bay::Operation<const openai::Dialect*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<PredictionExchange>},
};

class Replicate : public bay::Provider {
  public:
    static constexpr char id[] = "replicate";

    Replicate(std::string_view, bay::Diag&) : dialect_(own_dialect()) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const openai::Dialect*>>(kOperations, &dialect_,
                                                                          id);
    }

  private:
    openai::Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::replicate

BAY_PLUGIN(bay::Providers<patchbay::replicate::Replicate>)
