#include "translated_exchange.hpp"

#include <span>
#include <utility>

#include <boost/json.hpp>

#include "chat/whole_chunks.hpp"
#include "errors.hpp"
#include "failure/error_text.hpp"
#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "refusal.hpp"
#include "site.hpp"
#include "upstream.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

bool says_error_of_itself(const json::object& document) {
    const json::value* error = document.if_contains("error");
    return error != nullptr && shared::says_something(*error);
}

}  // namespace

Read<json::object> AnswerReader::list(const json::array&) {
    return unreadable("the provider", "a list is no answer of its API");
}

Read<void> AnswerReader::list_event(const json::array&, std::vector<std::string>&) {
    return unreadable("the provider", "a list is no event of its API");
}

bool AnswerReader::ends(std::vector<std::string>&) {
    return false;
}

bay_status TranslatedExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    const std::string_view operation = bay::sv(request.operation);
    if (operation == BAY_OP_IMAGES_GENERATE || operation == BAY_OP_IMAGES_EDIT) {
        pictures_ = shared::PictureAudience::of(request);
        streamed_ = false;  // the provider makes them whole
    }
    std::string_view address = bay::sv(request.target->base_url);
    if (address.empty()) address = dialect_.base_url;
    std::string visited;
    if (dialect_.site != nullptr) {
        auto visit = dialect_.site->visit(request, bay::sv(request.operation));
        if (!visit) return refuse_request(visit.error(), out);
        access_ = std::move(visit->access);
        address = visited = std::move(visit->address);
    }
    if (address.empty()) {
        return refuse_request({BAY_ERR_BAD_REQUEST, missing_base_message(dialect_), {}}, out);
    }
    while (address.ends_with('/')) address.remove_suffix(1);
    auto translated = translate(request, address);
    if (!translated) return refuse_request(translated.error(), out);
    translated_ = std::move(*translated);
    translated_.dropped.tell(out);
    return start(request, out);
}

bay_status TranslatedExchange::start(const bay_ev_request& request, bay::Out out) {
    const auto headers = request_headers(request, dialect_, content_type());
    const bool own = headers && has_header(*headers, access_.header());
    if (!headers || (dialect_.site != nullptr && !own && !access_.exists())) {
        return refuse_request({BAY_ERR_AUTH, missing_key_message(dialect_), {}}, out);
    }
    if (own) access_ = {};
    call_.emplace("POST", translated_.url);
    for (const auto& [name, value] : *headers) call_->header(name, value);
    call_->flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    if (streamed_) call_->decode(decode_);
    return access_.exists() && !access_.ready() ? access_.ask(out) : send(out);
}

bay_status TranslatedExchange::send(bay::Out out) {
    bay::HttpRequest call = *call_;
    call.call(++calls_).body_view(translated_.body);
    if (access_.exists()) call.header(access_.header(), access_.value());
    return call.send(out);
}

bay_status TranslatedExchange::on_shared(const bay_ev_shared& shared, bay::Out out) {
    if (shared.status != BAY_OK) {
        finished_ = true;
        return out.fail(bay::error_of(shared));
    }
    access_.take(shared);
    return send(out);
}

bool TranslatedExchange::renews(const bay_ev_http& done, bay::Out out) {
    return done.failure == BAY_FAIL_NONE && access_.renews(done.status, out);
}

bay_status TranslatedExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    const std::string_view text = translated_.reader->document_of(bay::sv(frame.data));
    if (text.empty()) return BAY_OK;
    const auto value = shared::parse_json(text);
    const json::object* document = value ? value->if_object() : nullptr;
    const json::array* list = value ? value->if_array() : nullptr;
    if (document == nullptr && list == nullptr) {
        return fail(unreadable_answer(frame.status, text,
                                      "the provider's stream holds an event that is not JSON"),
                    out);
    }
    if (bay::sv(frame.event) == "error" ||
        (document != nullptr && says_error_of_itself(*document))) {
        return fail(answer_error(dialect_.errors, text), out);
    }
    if (document != nullptr && translated_.reader->is_whole(*document)) {
        return whole_as_stream(*document, out);
    }
    chunks_.clear();
    const Read<void> read = document != nullptr ? translated_.reader->event(*document, chunks_)
                                                : translated_.reader->list_event(*list, chunks_);
    if (const bay_status status = tell_chunks(out); status != BAY_OK) return status;
    return read ? bay_status{BAY_OK} : fail(read.error(), out);
}

bay_status TranslatedExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_ || renews(done, out)) return BAY_OK;
    // What breaks behind the end of an answer is no part of it.
    const bool end_mark = done.last != 0;
    if (streamed_ && (answered_whole_ || end_mark || translated_.reader->complete())) {
        finished_ = true;
        return out.done();
    }
    if (done.failure != BAY_FAIL_NONE || done.status / 100 != 2) return fail(failure_of(done), out);
    if (!streamed_) return whole_answer(done, out);
    chunks_.clear();
    if (translated_.reader->ends(chunks_)) {
        finished_ = true;
        const bay_status status = tell_chunks(out);
        return status == BAY_OK ? out.done() : status;
    }
    return fail(
        transport_error(BAY_FAIL_RESET, done.status, "the stream ended before its answer did"),
        out);
}

shared::Failure TranslatedExchange::failure_of(const bay_ev_http& done) const {
    if (done.failure != BAY_FAIL_NONE) {
        return transport_error(done.failure, done.status, bay::sv(done.error));
    }
    const std::span<const bay_kv> headers(done.headers, done.header_count);
    return openai_error(dialect_.errors, done.status, headers, bay::sv(done.data),
                        bay::Host::unix_ms());
}

bay_status TranslatedExchange::whole_as_stream(const json::object& document, bay::Out out) {
    auto answer = translated_.reader->whole(document);
    if (!answer) return fail(answer.error(), out);
    answered_whole_ = true;
    if (const bay_status status = tell_usage(out); status != BAY_OK) return status;
    for (const json::object& chunk : shared::whole_as_chunks(std::move(*answer))) {
        if (const bay_status status = out.chunk(json_tree::write(chunk)); status != BAY_OK) {
            return status;
        }
    }
    return BAY_OK;
}

bay_status TranslatedExchange::whole_answer(const bay_ev_http& done, bay::Out out) {
    const std::string_view text = bay::sv(done.data);
    const auto value = shared::parse_json(text);
    const json::object* document = value ? value->if_object() : nullptr;
    const json::array* list = value ? value->if_array() : nullptr;
    if (document == nullptr && list == nullptr) {
        if (says_error(text)) return fail(answer_error(dialect_.errors, text), out);
        return fail(unreadable_answer(done.status, text, "the provider's answer is not JSON"), out);
    }
    if (document != nullptr && says_error_of_itself(*document)) {
        return fail(answer_error(dialect_.errors, text), out);
    }
    const auto answer = document != nullptr ? translated_.reader->whole(*document)
                                            : translated_.reader->list(*list);
    if (!answer) {
        shared::Failure failure = answer.error();
        failure.upstream_status = done.status;
        failure.upstream_body = text;
        return fail(failure, out);
    }
    finished_ = true;
    if (const bay_status status = tell_usage(out); status != BAY_OK) return status;
    const std::string told = json_tree::write(*answer);
    return pictures_ ? shared::tell_picture_list(told, *pictures_, out) : out.result(told);
}

bay_status TranslatedExchange::refuse_request(const Refusal& refusal, bay::Out out) {
    finished_ = true;
    return refuse(refusal.cls, refusal.message, refusal.param, out);
}

bay_status TranslatedExchange::fail(const shared::Failure& failure, bay::Out out) {
    finished_ = true;
    return report(failure, out);
}

bay_status TranslatedExchange::tell_chunks(bay::Out out) {
    if (const bay_status status = tell_usage(out); status != BAY_OK) return status;
    for (const std::string& chunk : chunks_) {
        if (const bay_status status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return BAY_OK;
}

bay_status TranslatedExchange::tell_usage(bay::Out out) {
    return translated_.reader->usage() ? out.usage(*translated_.reader->usage())
                                       : bay_status{BAY_OK};
}

std::string_view without_endings(std::string_view address,
                                 std::initializer_list<std::string_view> endings) {
    while (address.ends_with('/')) address.remove_suffix(1);
    for (const std::string_view ending : endings) {
        if (!address.ends_with(ending)) continue;
        address.remove_suffix(ending.size());
        break;
    }
    return address;
}

shared::Failure unreadable(std::string_view provider, std::string_view what) {
    shared::Failure failure;
    failure.http_status = 502;
    failure.message = "Unreadable answer from ";
    failure.message.append(provider).append(": ").append(what);
    return failure;
}

}  // namespace patchbay::openai
