// SPDX-License-Identifier: Apache-2.0
#include "chat_reader.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::gigachat {

namespace json = boost::json;

namespace {

const json::object* first_choice(const json::object& document) {
    const json::array* const choices = shared::find_array(document, "choices");
    return choices != nullptr && !choices->empty() ? choices->front().if_object() : nullptr;
}

/// Arguments as a JSON text.
std::string arguments_of(const json::object& call) {
    const json::value* const given = shared::find(call, "arguments");
    if (given == nullptr) return "{}";
    return given->is_string() ? std::string(std::string_view(given->get_string()))
                              : shared::to_text(*given);
}

std::string new_call_id() {
    constexpr std::size_t kDigits = 24;
    return "call_" + bay::Host::random_hex(kDigits);
}

/// What OpenAI's messages have no member for: it is sent back with the history.
json::object own_fields(const json::object& message) {
    json::object fields;
    if (const json::value* state = shared::find(message, "functions_state_id")) {
        fields["functions_state_id"] = *state;
    }
    return fields;
}

}  // namespace

void ChatReader::take_head(const json::object& document) {
    if (std::exchange(head_taken_, true)) return;
    if (const auto id = shared::text(document, "id"); !id.empty()) writer_.head().id = id;
    const std::uint64_t created = shared::count(document, "created");
    if (created != 0) writer_.head().created = static_cast<std::int64_t>(created);
}

void ChatReader::take_usage(const json::object& document) {
    const json::object* const told = shared::find_object(document, "usage");
    if (told == nullptr) return;
    const std::uint64_t read = shared::count(told, "prompt_tokens");
    const std::uint64_t written = shared::count(told, "completion_tokens");
    usage_ = bay_usage{};
    usage_->size = sizeof(bay_usage);
    usage_->input_tokens = read;
    usage_->output_tokens = written;
    told_usage_ = *told;  // precached_prompt_tokens, which are not billed, stand beside the others
    told_usage_["prompt_tokens"] = read;
    told_usage_["completion_tokens"] = written;
    told_usage_["total_tokens"] = read + written;
}

openai::Read<std::string_view> ChatReader::finish_reason(std::string_view given) const {
    if (given == "error") {
        shared::Failure failure;
        failure.message = "GigaChat gave the answer up";
        return failure;
    }
    if (given == "length") return given;
    if (given == "blacklist") return std::string_view("content_filter");
    return std::string_view(calls_ ? "tool_calls" : "stop");
}

bool ChatReader::is_whole(const json::object& document) const {
    return shared::find_object(first_choice(document), "message") != nullptr;
}

openai::Read<json::object> ChatReader::whole(const json::object& document) {
    const json::object* const choice = first_choice(document);
    const json::object* const given = shared::find_object(choice, "message");
    if (given == nullptr) return openai::unreadable("GigaChat", "there is no message");
    take_head(document);
    take_usage(document);
    json::object message{{"role", "assistant"}, {"content", shared::text(given, "content")}};
    if (const auto thought = shared::text(given, "reasoning_content"); !thought.empty()) {
        message["reasoning_content"] = thought;
    }
    json::array calls;
    if (const json::array* ready = shared::find_array(given, "tool_calls")) calls = *ready;
    if (const json::object* call = shared::find_object(given, "function_call")) {
        const std::string_view name = shared::text(call, "name");
        if (!schema_name_.empty() && name == schema_name_) {
            message["content"] = arguments_of(*call);
        } else {
            calls.emplace_back(shared::tool_call(new_call_id(), name, arguments_of(*call)));
        }
    }
    calls_ = !calls.empty();
    if (calls_) {
        if (shared::text(message, "content").empty()) message["content"] = nullptr;
        message["tool_calls"] = std::move(calls);
    }
    if (json::object fields = own_fields(*given); !fields.empty()) {
        message["provider_specific_fields"] = std::move(fields);
    }
    const auto reason = finish_reason(shared::text(choice, "finish_reason"));
    if (!reason) return reason.error();
    if (told_usage_.empty()) {
        told_usage_ = {{"prompt_tokens", 0}, {"completion_tokens", 0}, {"total_tokens", 0}};
    }
    return shared::whole_chat(writer_.head(), std::move(message), *reason, told_usage_);
}

openai::Read<void> ChatReader::event(const json::object& document,
                                     std::vector<std::string>& chunks) {
    take_head(document);
    take_usage(document);
    const json::object* const choice = first_choice(document);
    if (choice != nullptr && !complete_) {
        if (const json::object* told = shared::find_object(choice, "delta")) {
            if (const auto read = delta(*told, chunks); !read) return read.error();
        }
        if (const auto given = shared::text(choice, "finish_reason"); !given.empty()) {
            const auto reason = finish_reason(given);
            if (!reason) return reason.error();
            complete_ = true;
            writer_.finish(*reason, chunks);
        }
    }
    if (complete_ && want_usage_ && usage_ && !std::exchange(usage_sent_, true)) {
        writer_.usage(told_usage_, chunks);
    }
    return {};
}

openai::Read<void> ChatReader::delta(const json::object& delta, std::vector<std::string>& chunks) {
    writer_.text("reasoning_content", shared::text(delta, "reasoning_content"), chunks);
    // What is said beside the answer that the schema asks for is no part of it.
    if (!schema_) writer_.text("content", shared::text(delta, "content"), chunks);
    if (const json::array* ready = shared::find_array(delta, "tool_calls")) {
        calls_ = true;
        writer_.delta({{"tool_calls", *ready}}, chunks);
    }
    if (const json::object* call = shared::find_object(delta, "function_call")) {
        const std::string_view name = shared::text(call, "name");
        if (!schema_name_.empty() && name == schema_name_) {
            schema_ = true;
            writer_.text("content", arguments_of(*call), chunks);
        } else if (std::exchange(calls_, true)) {
            return openai::unreadable("GigaChat", "an answer calls two functions");
        } else {
            writer_.call(0, new_call_id(), name, arguments_of(*call), chunks);
        }
    }
    if (json::object fields = own_fields(delta); !fields.empty()) {
        writer_.delta({{"provider_specific_fields", std::move(fields)}}, chunks);
    }
    return {};
}

}  // namespace patchbay::gigachat
