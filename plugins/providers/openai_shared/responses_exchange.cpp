#include "responses_exchange.hpp"

#include <utility>

#include "chat/whole_chunks.hpp"
#include "errors.hpp"
#include "patchbay/sdk/host.hpp"
#include "responses_answer.hpp"
#include "responses_models.hpp"
#include "responses_request.hpp"

namespace patchbay::openai {

namespace {

constexpr std::size_t kIdDigits = 24;

std::string error_of(const json::object& response) {
    const auto* error = find(response, "error");
    return json_tree::write(json::object{{"error", error ? *error : json::value()}});
}

}  // namespace

std::optional<Refusal> ResponsesExchange::write(const bay_ev_request& request,
                                                bay::HttpRequest& call, bay::Out) {
    auto made = responses_request(request, dialect_, upstream_model(request, dialect_));
    if (!made) return made.error();
    context_.model = upstream_model(request, dialect_);
    context_.created = static_cast<std::uint64_t>(bay::Host::unix_ms() / 1000);
    context_.own_id = "chatcmpl-" + bay::Host::random_hex(kIdDigits);
    context_.functions = made->functions;
    if (streamed_) stream_.emplace(context_, (request.flags & BAY_REQ_WANT_USAGE) != 0);
    written_ = std::move(made->body);
    call.body_view(written_);
    return std::nullopt;
}

bay_status ResponsesExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_ || answered_ || !stream_) return BAY_OK;
    const std::string_view data = bay::sv(frame.data);
    const bool first = !std::exchange(begun_, true);
    if (first && bay::sv(frame.event).empty()) {
        const auto document = shared::parse_json(data);
        const auto* object = document ? document->if_object() : nullptr;
        if (text(object, "object") == "response") return whole(frame.status, data, out);
    }
    chunks_.clear();
    const auto state = stream_->feed(bay::sv(frame.event), data, chunks_);
    if (state != ResponsesStream::State::going_on && stream_->usage()) {
        const auto status = out.usage(*stream_->usage());
        if (status != BAY_OK) return status;
    }
    for (const auto& chunk : chunks_) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    if (state == ResponsesStream::State::failed) {
        finished_ = true;
        return report(answer_error(dialect_.errors, stream_->error()), out);
    }
    if (state == ResponsesStream::State::unreadable) {
        return refuse_answer(frame.status, data,
                             "the provider's stream holds an event that is not JSON", out);
    }
    answered_ = state == ResponsesStream::State::ended;
    return BAY_OK;
}

bay_status ResponsesExchange::unpassed(const bay_ev_http& done, bay::Out out) {
    if (answered_) {  // what breaks behind the end does not make the answer any less whole
        finished_ = true;
        return out.done();
    }
    if (done.failure == BAY_FAIL_NONE && !streamed_) {
        return whole(done.status, bay::sv(done.data), out);
    }
    finished_ = true;
    if (done.failure != BAY_FAIL_NONE) {
        return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    return report(
        transport_error(BAY_FAIL_RESET, done.status, "the stream ended before its answer did"),
        out);
}

bay_status ResponsesExchange::whole(int status, std::string_view data, bay::Out out) {
    const auto document = shared::parse_json(data);
    const auto* response = document ? document->if_object() : nullptr;
    if (response && is_failed(*response)) {
        return refuse_answer(status, error_of(*response), "the provider gave the answer up", out);
    }
    const auto answer = response ? chat_of_response(*response, context_) : std::nullopt;
    if (!answer) return refuse_answer(status, data, not_an_answer(), out);
    if (answer->usage) {
        if (const auto told = out.usage(*answer->usage); told != BAY_OK) return told;
    }
    if (!streamed_) {
        finished_ = true;
        return out.result(answer->json);
    }
    answered_ = true;
    auto tree = shared::parse_json(answer->json);
    for (const auto& chunk : shared::whole_as_chunks(std::move(tree->as_object()))) {
        if (const auto told = out.chunk(json_tree::write(chunk)); told != BAY_OK) return told;
    }
    return BAY_OK;
}

}  // namespace patchbay::openai
