// SPDX-License-Identifier: Apache-2.0
#include "langgraph.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"
#include "prompt_shared/client_request.hpp"

namespace patchbay::chat_apis {

namespace json = boost::json;

namespace {

constexpr std::string_view kWhose = "LangGraph";

/// True for a content that is texts alone, which a graph's models take as one.
bool is_texts(const json::array& parts) {
    return std::all_of(parts.begin(), parts.end(), [](const json::value& part) {
        return shared::text(part.if_object(), "type") == "text";
    });
}

/// All texts of a content, which is one or a list of parts.
std::string words_of(const json::value* content) {
    std::string words;
    if (content == nullptr) return words;
    if (content->is_string()) return std::string(std::string_view(content->get_string()));
    const json::array* const parts = content->if_array();
    for (std::size_t i = 0; parts != nullptr && i < parts->size(); ++i) {
        const json::value& part = (*parts)[i];
        words += part.is_string() ? std::string_view(part.get_string())
                                  : shared::text(part.if_object(), "text");
    }
    return words;
}

/// Whose message it is: LangChain's types, whole and in pieces, or OpenAI's roles.
bool is_models(const json::object& message) {
    const std::string_view type = shared::text(message, "type");
    return type == "ai" || type == "AIMessage" || type == "AIMessageChunk" ||
           shared::text(message, "role") == "assistant";
}

bool is_users(const json::object& message) {
    const std::string_view type = shared::text(message, "type");
    return type == "human" || type == "HumanMessage" || shared::text(message, "role") == "user";
}

/// {"error", "message"} of a run that has failed.
shared::Failure failure_of_run(const json::object* told) {
    shared::Failure failure;
    failure.message = "the run has failed: ";
    failure.message.append(shared::text(told, "error"));
    failure.message.append(": ").append(shared::text(told, "message"));
    return failure;
}

openai::Written<json::array> own_messages(json::array messages) {
    for (json::value& value : messages) {
        json::object* const message = value.if_object();
        if (message == nullptr) {
            return prompt::bad_place("messages[" + std::to_string(&value - messages.data()) + "]",
                                     "must be an object");
        }
        if (shared::text(*message, "role") == "user") (*message)["role"] = "human";
        const json::array* const parts = shared::find_array(*message, "content");
        if (parts == nullptr || !is_texts(*parts)) continue;
        std::string words = words_of(&message->at("content"));
        (*message)["content"] = std::move(words);
    }
    return messages;
}

}  // namespace

openai::Dialect langgraph_dialect() {
    openai::Dialect dialect;
    dialect.provider = "langgraph";
    dialect.base_url = "http://localhost:2024";
    dialect.key_names = {"LANGGRAPH_API_KEY"};
    dialect.key_optional = true;
    dialect.headers = {{"x-api-key", "{api_key}"}};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}};
    dialect.supported = {openai::Param::stream};
    dialect.stream_options = false;
    dialect.messages.images_in_results = true;
    return dialect;
}

std::string langgraph_url(std::string_view base, std::string_view thread, bool streamed) {
    std::string url(openai::without_endings(base, {"/runs/wait", "/runs/stream"}));
    if (!thread.empty()) url.append("/threads/").append(bay::percent_encoded(thread));
    return url.append(streamed ? "/runs/stream" : "/runs/wait");
}

openai::Written<openai::Translated> LangGraphExchange::translate(const bay_ev_request& request,
                                                                 std::string_view address) const {
    const std::string_view model = bay::sv(request.target->model);
    openai::Translated made;
    auto client = prompt::client_request(request, dialect_, made.dropped);
    if (!client) return client.error();
    auto messages = own_messages(std::move(client->messages));
    if (!messages) return messages.error();
    json::object body = std::move(client->parameters);
    made.url = langgraph_url(address, shared::text(body, "thread_id"), streamed_);
    body.erase("thread_id");
    body["assistant_id"] = model;
    body["input"] = json::object{{"messages", std::move(*messages)}};
    if (streamed_) body["stream_mode"] = "messages-tuple";
    made.body = shared::to_text(body);
    made.reader =
        std::make_unique<LangGraphReader>(model, (request.flags & BAY_REQ_WANT_USAGE) != 0);
    return made;
}

bay_status LangGraphExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_ || bay::sv(frame.event) != "error") {
        return TranslatedExchange::on_http_frame(frame, out);
    }
    const auto told = shared::parse_json(bay::sv(frame.data));
    shared::Failure failure = failure_of_run(told ? told->if_object() : nullptr);
    failure.upstream_status = frame.status;
    failure.upstream_body = bay::sv(frame.data);
    return fail(failure, out);
}

void LangGraphReader::take_usage(const json::object& message) {
    const json::object* const told = shared::find_object(message, "usage_metadata");
    if (told == nullptr) return;
    if (!usage_) {
        usage_ = bay_usage{};
        usage_->size = sizeof(bay_usage);
    }
    usage_->input_tokens += shared::count(told, "input_tokens");
    usage_->output_tokens += shared::count(told, "output_tokens");
}

json::object LangGraphReader::told_usage() const {
    const std::uint64_t read = usage_ ? usage_->input_tokens : 0;
    const std::uint64_t written = usage_ ? usage_->output_tokens : 0;
    return {
        {"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
}

std::string_view LangGraphReader::document_of(std::string_view frame) const {
    // The event "end" says nothing.
    return frame == "null" ? std::string_view() : frame;
}

bool LangGraphReader::is_whole(const json::object& document) const {
    return shared::find_array(document, "messages") != nullptr || document.contains("__error__");
}

openai::Read<json::object> LangGraphReader::whole(const json::object& document) {
    if (const json::object* const error = shared::find_object(document, "__error__")) {
        return failure_of_run(error);
    }
    const json::array* const messages = shared::find_array(document, "messages");
    if (messages == nullptr) return openai::unreadable(kWhose, "the run's state has no messages");
    const json::object* last = nullptr;
    for (const json::value& value : *messages) {
        const json::object* const message = value.if_object();
        if (message == nullptr) continue;
        // What was said before the last question is history.
        if (is_users(*message)) usage_.reset();
        if (!is_models(*message)) continue;
        last = message;
        take_usage(*message);
    }
    if (last == nullptr) return openai::unreadable(kWhose, "the run has no message of the model's");
    return shared::whole_chat(
        writer_.head(),
        {{"role", "assistant"}, {"content", words_of(shared::find(last, "content"))}}, "stop",
        told_usage());
}

openai::Read<void> LangGraphReader::event(const json::object&, std::vector<std::string>&) {
    return {};  // facts about the run
}

openai::Read<void> LangGraphReader::list_event(const json::array& document,
                                               std::vector<std::string>& chunks) {
    const json::object* const message = document.empty() ? nullptr : document.front().if_object();
    if (message == nullptr || !is_models(*message)) return {};
    any_ = true;
    take_usage(*message);
    writer_.text("content", words_of(shared::find(message, "content")), chunks);
    return {};
}

bool LangGraphReader::ends(std::vector<std::string>& chunks) {
    if (!any_) return false;
    writer_.finish("stop", chunks);
    if (want_usage_ && usage_) writer_.usage(told_usage(), chunks);
    return true;
}

}  // namespace patchbay::chat_apis
