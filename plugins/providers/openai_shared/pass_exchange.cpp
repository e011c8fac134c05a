#include "pass_exchange.hpp"

#include <utility>

#include "embedding_inputs.hpp"
#include "errors.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "refusal.hpp"
#include "site.hpp"
#include "upstream.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace {

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
    std::string base;
    bay_ev_request asked = request;
    if (dialect_.site != nullptr) {
        auto visit = dialect_.site->visit(request, operation_.id);
        if (!visit) return refuse_request(visit.error(), out);
        base = std::move(visit->address);
        access_ = std::move(visit->access);
        names_model_ = visit->names_model;
        also_bearer_ = std::move(visit->also_bearer);
        if (!visit->tells_usage) asked.flags &= ~std::uint32_t{BAY_REQ_WANT_USAGE};
    } else {
        base = address_of(request, dialect_, rule);
    }
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
    call_.emplace(operation_.method, resource_url(operation_url(base, path), request));
    call_->decode(decode_).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    Form form(request);
    const std::string type = operation_.request == RequestForm::form   ? form.content_type()
                             : operation_.request == RequestForm::json ? "application/json"
                                                                       : "";
    if (!add_headers(request, type)) {
        return refuse_request({BAY_ERR_AUTH, missing_key_message(dialect_), {}}, out);
    }
    std::optional<Refusal> refusal;
    if (operation_.request == RequestForm::json) refusal = write(asked, *call_, out);
    if (operation_.request == RequestForm::form) refusal = add_parts(request, form);
    if (operation_.request == RequestForm::form && !refusal) {
        refusal = form.write(dialect_, rule, *call_);
    }
    if (refusal) return refuse_request(*refusal, out);
    return start(out);
}

bool PassExchange::add_headers(const bay_ev_request& request, std::string_view content_type) {
    const auto headers = request_headers(request, dialect_, content_type);
    if (!headers) return false;
    for (const auto& [name, value] : *headers) call_->header(name, value);
    if (dialect_.site == nullptr) return true;
    if (has_header(*headers, access_.header())) {
        access_ = {};
        return true;
    }
    if (!also_bearer_.empty() && !has_header(*headers, "authorization")) {
        call_->header("authorization", std::string("Bearer ").append(also_bearer_));
    }
    return access_.exists();
}

bay_status PassExchange::start(bay::Out out) {
    if (access_.exists()) return access_.ready() ? send(out) : access_.ask(out);
    const bay_status status = call_->send(out);
    // The host has a copy, and the answer may take long.
    call_.reset();
    body_.reset();
    return status;
}

bay_status PassExchange::send(bay::Out out) {
    bay::HttpRequest call = *call_;
    call.call(++calls_).header(access_.header(), access_.value());
    return call.send(out);
}

bay_status PassExchange::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) {
        finished_ = true;
        return out.fail(bay::error_of(shared));
    }
    access_.take(shared);
    return send(out);
}

std::string_view PassExchange::path_of(const bay_ev_request& request,
                                       const OperationRule* rule) const {
    const ModelRule* const own = find_model_rule(dialect_, bay::sv(request.target->model));
    if (own != nullptr && !own->path.empty() && operation_.id == BAY_OP_CHAT_COMPLETIONS) {
        return own->path;
    }
    if (const InputRule* inputs = find_input_rule(rule, bay::sv(request.target->model))) {
        return inputs->path;
    }
    return rule != nullptr && !rule->path.empty() ? std::string_view(rule->path) : operation_.path;
}

std::optional<Refusal> PassExchange::write(const bay_ev_request& request, bay::HttpRequest& call,
                                           bay::Out out) {
    body_.emplace(request);
    bay::Dropped dropped;
    auto refusal = write_pass_body(request, dialect_, operation_, *body_, &dropped, names_model_);
    if (refusal) return refusal;
    const OperationRule* const rule = dialect_.find(operation_.id);
    if (const InputRule* form = find_input_rule(rule, bay::sv(request.target->model))) {
        auto inputs = inputs_of(form->form, body_->value("input"));
        if (!inputs) {
            return Refusal{BAY_ERR_BAD_REQUEST, "input: must be a text or a list of texts",
                           "input"};
        }
        body_->drop("input");
        body_->add("inputs", *inputs);
    }
    dropped.tell(out);
    if (!operation_.spoken.empty()) characters_ = characters(body_->value(operation_.spoken));
    call.body(body_->segments());
    return std::nullopt;
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
    return out.pass_through(head.call);
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
    if (done.failure == BAY_FAIL_NONE && access_.renews(done.status, out)) return BAY_OK;
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
