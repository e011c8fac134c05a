// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <algorithm>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::oci {

namespace json = boost::json;

namespace {

constexpr std::string_view kWhose = "OCI";

struct Reason {
    std::string_view oci;  ///< in lower case
    std::string_view openai;
};
// "finishReason" of the models' references, generic and Cohere's.
constexpr Reason kReasons[] = {
    {"stop", "stop"},
    {"complete", "stop"},
    {"stop_sequence", "stop"},
    {"length", "length"},
    {"max_tokens", "length"},
    {"error_limit", "length"},
    {"tool_calls", "tool_calls"},
    {"tool_call", "tool_calls"},
    {"content_filter", "content_filter"},
    {"error_toxic", "content_filter"},
};

std::string_view finish_reason(std::string_view given, bool calls) {
    const std::string name = boost::algorithm::to_lower_copy(std::string(given));
    const auto* row = std::find_if(std::begin(kReasons), std::end(kReasons),
                                   [&](const Reason& known) { return known.oci == name; });
    const std::string_view reason = row != std::end(kReasons) ? row->openai : "stop";
    return calls && reason == "stop" ? "tool_calls" : reason;
}

/// The texts of a message's parts, or the text of Cohere's form.
std::string words_of(const json::object* answer) {
    std::string words(shared::text(answer, "text"));
    const json::array* parts = shared::find_array(answer, "content");
    for (const json::value& part : shared::elements(parts)) {
        words += shared::text(part.if_object(), "text");
    }
    return words;
}

/// Cohere's calls have no id, and their arguments are an object.
std::string id_of(const json::object* call) {
    constexpr std::size_t kDigits = 24;
    const std::string_view id = shared::text(call, "id");
    return id.empty() ? "call_" + bay::Host::random_hex(kDigits) : std::string(id);
}

std::string arguments_of(const json::object* call) {
    const json::value* parameters = shared::find(call, "parameters");
    if (parameters != nullptr) return shared::to_text(*parameters);
    return std::string(shared::text(call, "arguments"));
}

}  // namespace

json::object ChatReader::take_usage(const json::object* usage) {
    const std::uint64_t read = shared::count(usage, "promptTokens");
    const std::uint64_t written = shared::count(usage, "completionTokens");
    const json::object* details = shared::find_object(usage, "completionTokensDetails");
    const std::uint64_t thought = shared::count(details, "reasoningTokens");
    const std::uint64_t cached =
        shared::count(shared::find_object(usage, "promptTokensDetails"), "cachedTokens");
    if (usage != nullptr) {
        usage_ = bay_usage{};
        usage_->size = sizeof(bay_usage);
        usage_->input_tokens = read;
        usage_->output_tokens = written;
        usage_->reasoning_tokens = thought;
        usage_->cached_input_tokens = cached;
    }
    json::object made{
        {"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
    if (thought > 0) {
        made["completion_tokens_details"] = json::object{{"reasoning_tokens", thought}};
    }
    if (cached > 0) made["prompt_tokens_details"] = json::object{{"cached_tokens", cached}};
    return made;
}

bool ChatReader::is_whole(const json::object& document) const {
    return shared::find_object(document, "chatResponse") != nullptr;
}

openai::Read<json::object> ChatReader::whole(const json::object& document) {
    const json::object* answer = shared::find_object(document, "chatResponse");
    const json::array* choices = shared::find_array(answer, "choices");
    const json::object* choice =
        choices != nullptr && !choices->empty() ? choices->front().if_object() : answer;
    const json::object* given =
        choices != nullptr ? shared::find_object(choice, "message") : answer;
    if (given == nullptr || (choices == nullptr && shared::find(answer, "text") == nullptr)) {
        return openai::unreadable(kWhose, "there is no message");
    }
    json::array calls;
    const json::array* made = shared::find_array(given, "toolCalls");
    for (const json::value& value : shared::elements(made)) {
        const json::object* call = value.if_object();
        calls.emplace_back(
            shared::tool_call(id_of(call), shared::text(call, "name"), arguments_of(call)));
    }
    const std::string words = words_of(given);
    const auto reason = finish_reason(shared::text(choice, "finishReason"), !calls.empty());
    json::object message{{"role", "assistant"}};
    message["content"] = words.empty() && !calls.empty() ? json::value() : json::value(words);
    if (const auto thought = shared::text(given, "reasoningContent"); !thought.empty()) {
        message["reasoning_content"] = thought;
    }
    if (!calls.empty()) message["tool_calls"] = std::move(calls);
    return shared::whole_chat(writer_.head(), std::move(message), reason,
                              take_usage(shared::find_object(answer, "usage")));
}

void ChatReader::tell_calls(const json::array* calls, std::vector<std::string>& chunks) {
    for (const json::value& value : shared::elements(calls)) {
        const json::object* call = value.if_object();
        const std::string_view name = shared::text(call, "name");
        // A piece without a name goes on with the call before it.
        if (name.empty() && calls_ > 0) {
            writer_.arguments(calls_ - 1, arguments_of(call), chunks);
        } else {
            writer_.call(calls_++, id_of(call), name, arguments_of(call), chunks);
        }
    }
}

openai::Read<void> ChatReader::event(const json::object& document,
                                     std::vector<std::string>& chunks) {
    if (complete_) return {};
    const json::object* message = shared::find_object(document, "message");
    const json::object* given = message != nullptr ? message : &document;
    const std::string_view reason = shared::text(document, "finishReason");
    writer_.text("reasoning_content", shared::text(given, "reasoningContent"), chunks);
    // Cohere's last event repeats the whole text.
    if (message != nullptr || reason.empty()) writer_.text("content", words_of(given), chunks);
    tell_calls(shared::find_array(given, "toolCalls"), chunks);
    if (reason.empty()) return {};
    complete_ = true;
    writer_.finish(finish_reason(reason, calls_ > 0), chunks);
    const json::object* usage = shared::find_object(document, "usage");
    if (usage == nullptr) return {};
    json::object told = take_usage(usage);
    if (want_usage_) writer_.usage(std::move(told), chunks);
    return {};
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::array* vectors = shared::find_array(document, "embeddings");
    if (vectors == nullptr) return openai::unreadable(kWhose, "there are no embeddings");
    json::array data;
    for (const json::value& vector : *vectors) {
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", vector}});
    }
    const json::object* told = shared::find_object(document, "usage");
    const std::uint64_t tokens =
        std::max(shared::count(told, "promptTokens"), shared::count(told, "totalTokens"));
    usage_ = bay_usage{};
    usage_->size = sizeof(bay_usage);
    usage_->input_tokens = tokens;
    return json::object{
        {"object", "list"},
        {"model", model_},
        {"data", std::move(data)},
        {"usage", json::object{{"prompt_tokens", tokens}, {"total_tokens", tokens}}}};
}

}  // namespace patchbay::oci
