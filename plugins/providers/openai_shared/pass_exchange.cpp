#include "pass_exchange.hpp"

#include "errors.hpp"
#include "form.hpp"
#include "patchbay/sdk/splice.hpp"
#include "refusal.hpp"
#include "upstream.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace {

constexpr std::uint32_t kCall = 1;
constexpr std::size_t kMostUnread = 16 * 1024;

bool succeeded(const bay_ev_http& answer) {
    return answer.status >= 200 && answer.status <= 299;
}

bool mentions_type(std::string_view content_type, std::string_view word) {
    return content_type.find(word) != std::string_view::npos;
}

std::uint32_t decode_of(const PassOperation& operation, const bay_ev_request& request) {
    if (operation.form == AnswerForm::bytes) return BAY_DECODE_RAW;
    if ((request.flags & BAY_REQ_STREAM) != 0) return BAY_DECODE_SSE;
    return operation.form == AnswerForm::by_format && asks_for_text(request)
               ? std::uint32_t{BAY_DECODE_RAW}
               : std::uint32_t{BAY_DECODE_BUFFER};
}

}  // namespace

bay_status PassExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    decode_ = decode_of(operation_, request);
    const OperationRule* rule = dialect_.find(operation_.id);
    const std::string base = address_of(request, dialect_, rule);
    if (base.empty()) {
        return refuse_request({BAY_ERR_BAD_REQUEST, missing_base_message(dialect_), {}}, out);
    }
    std::string_view path = path_of(request, rule);
    std::string own_path;
    if (operation_.request != RequestForm::none && path.find('{') != std::string_view::npos) {
        const std::string_view model = bay::sv(request.target->model);
        own_path = filled(path, dialect_, find_model_rule(dialect_, model), model,
                          bay::sv(request.target->params));
        path = own_path;
    }
    bay::HttpRequest call(operation_.method, resource_url(operation_url(base, path), request));
    call.call(kCall).decode(decode_).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    const Form form(request);
    const std::string type = operation_.request == RequestForm::form   ? form.content_type()
                             : operation_.request == RequestForm::json ? "application/json"
                                                                       : "";
    if (!add_headers(request, dialect_, type, call)) {
        return refuse_request({BAY_ERR_AUTH, missing_key_message(dialect_), {}}, out);
    }
    if (operation_.request == RequestForm::none) return call.send(out);
    if (operation_.request == RequestForm::json) return send(request, call, out);
    if (const auto refusal = form.write(dialect_, rule, call)) return refuse_request(*refusal, out);
    return call.send(out);
}

std::string_view PassExchange::path_of(const bay_ev_request& request,
                                       const OperationRule* rule) const {
    const ModelRule* const own = find_model_rule(dialect_, bay::sv(request.target->model));
    if (own != nullptr && !own->path.empty() && operation_.id == BAY_OP_CHAT_COMPLETIONS) {
        return own->path;
    }
    return rule != nullptr && !rule->path.empty() ? std::string_view(rule->path) : operation_.path;
}

bay_status PassExchange::send(const bay_ev_request& request, bay::HttpRequest& call, bay::Out out) {
    bay::Splice body(request);
    bay::Dropped dropped;
    if (const auto refusal = write_pass_body(request, dialect_, operation_, body, &dropped)) {
        return refuse_request(*refusal, out);
    }
    dropped.tell(out);
    if (!operation_.spoken.empty()) characters_ = characters(body.value(operation_.spoken));
    call.body(body.segments());
    return call.send(out);
}

bool PassExchange::reads(std::string_view content_type) const {
    if (content_type.empty()) return false;
    switch (decode_) {
        case BAY_DECODE_SSE:
            return !mentions_type(content_type, "event-stream");
        case BAY_DECODE_RAW:  // audio, or text; documents and pages say what is wrong
            return mentions_type(content_type, "json") || mentions_type(content_type, "html");
        default:
            return !mentions_type(content_type, "json");
    }
}

bay_status PassExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (!succeeded(head)) return BAY_OK;
    if (reads(bay::find(head.headers, head.header_count, "content-type"))) return BAY_OK;
    passing_ = true;
    return out.pass_through(kCall);
}

bay_status PassExchange::on_http_data(const bay_ev_http& data, bay::Out) {
    unread_ += bay::sv(data.data).substr(0, kMostUnread - unread_.size());
    return BAY_OK;
}

bay_status PassExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    return refuse_answer(frame.status, bay::sv(frame.data),
                         "the provider's stream holds what is no event of an answer", out);
}

bay_status PassExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    if (done.status >= 300) {
        finished_ = true;
        const std::span<const bay_kv> headers(done.headers, done.header_count);
        return report(openai_error(dialect_.errors, done.status, headers, bay::sv(done.data),
                                   bay::Host::unix_ms()),
                      out);
    }
    if (succeeded(done) && !passing_) return unpassed(done, out);
    if (passing_ && done.failure == BAY_FAIL_FRAMING && done.data.len != 0) {
        return refuse_answer(done.status, bay::sv(done.data), not_an_answer(), out);
    }
    finished_ = true;
    if (done.failure != BAY_FAIL_NONE || !succeeded(done)) {
        return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (characters_ != 0) {
        bay_usage usage{};
        usage.characters = usage.units = characters_;
        if (const bay_status status = out.usage(usage); status != BAY_OK) return status;
    }
    return out.done();
}

bay_status PassExchange::unpassed(const bay_ev_http& done, bay::Out out) {
    const std::string_view data = decode_ == BAY_DECODE_BUFFER ? bay::sv(done.data) : unread_;
    if (done.failure == BAY_FAIL_NONE || says_error(data)) {
        return refuse_answer(done.status, data, not_an_answer(), out);
    }
    finished_ = true;
    return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
}

bay_status PassExchange::refuse_answer(int status, std::string_view data, std::string_view why,
                                       bay::Out out) {
    finished_ = true;
    if (says_error(data)) return report(answer_error(dialect_.errors, data), out);
    return report(unreadable_answer(status, data, why), out);
}

bay_status PassExchange::refuse_request(const Refusal& refusal, bay::Out out) {
    finished_ = true;
    return refuse(refusal.cls, refusal.message, refusal.param, out);
}

std::string PassExchange::not_an_answer() const {
    return std::string("the provider's answer is not ").append(operation_.answer);
}

}  // namespace patchbay::openai
