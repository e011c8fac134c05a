#include "documents.hpp"

#include <utility>

namespace patchbay::demo {
namespace {

json::object head(const Envelope& envelope, std::string_view object) {
    return {{"id", envelope.id},
            {"object", object},
            {"created", envelope.created},
            {"model", envelope.model}};
}

json::object usage(const Plan& plan) {
    return {{"prompt_tokens", plan.prompt_tokens},
            {"completion_tokens", plan.completion_tokens},
            {"total_tokens", plan.prompt_tokens + plan.completion_tokens}};
}

json::object tool_call(const ToolCall& call, std::string_view arguments) {
    return {{"id", call.id},
            {"type", "function"},
            {"function", json::object{{"name", call.name}, {"arguments", arguments}}}};
}

// "one two\nthree" -> "one ", "two\n", "three": white space stays with the word before it.
std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> result;
    while (!text.empty()) {
        std::size_t end = text.find_first_of(" \t\r\n", text.find_first_not_of(" \t\r\n"));
        end = std::min(text.find_first_not_of(" \t\r\n", end), text.size());
        result.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return result;
}

}  // namespace

json::object completion(const Envelope& envelope, const Plan& plan) {
    json::object result = head(envelope, "chat.completion");
    json::object message{{"role", "assistant"}, {"content", nullptr}};
    if (plan.content) message["content"] = *plan.content;
    for (const ToolCall& call : plan.tool_calls) {
        json::value& calls = message["tool_calls"];
        if (calls.is_null()) calls.emplace_array();
        calls.get_array().push_back(tool_call(call, call.arguments));
    }
    json::array choices;
    for (unsigned i = 0; i < plan.n; ++i) {
        choices.push_back(json::object{{"index", i},
                                       {"message", message},
                                       {"logprobs", nullptr},
                                       {"finish_reason", plan.finish_reason}});
    }
    result["choices"] = std::move(choices);
    result["usage"] = usage(plan);
    for (const auto& [name, value] : plan.given) result[name] = value;
    return result;
}

std::vector<json::object> deltas(const Plan& plan) {
    std::vector<json::object> result;
    if (plan.content) {
        for (const std::string_view word : words(*plan.content)) {
            result.push_back({{"content", word}});
        }
    }
    for (std::size_t i = 0; i < plan.tool_calls.size(); ++i) {
        const ToolCall& call = plan.tool_calls[i];
        json::object begin = tool_call(call, "");
        begin["index"] = i;
        result.push_back({{"tool_calls", json::array{std::move(begin)}}});
        json::object rest{{"index", i}, {"function", json::object{{"arguments", call.arguments}}}};
        result.push_back({{"tool_calls", json::array{std::move(rest)}}});
    }
    if (result.empty()) result.push_back({{"content", ""}});
    result.front()["role"] = "assistant";
    return result;
}

json::object chunk(const Envelope& envelope, unsigned choice, json::object delta,
                   std::string_view finish_reason) {
    json::object result = head(envelope, "chat.completion.chunk");
    json::value finish;
    if (!finish_reason.empty()) finish = finish_reason;
    result["choices"] = json::array{json::object{{"index", choice},
                                                 {"delta", std::move(delta)},
                                                 {"logprobs", nullptr},
                                                 {"finish_reason", std::move(finish)}}};
    return result;
}

json::object usage_chunk(const Envelope& envelope, const Plan& plan) {
    json::object result = head(envelope, "chat.completion.chunk");
    result["choices"] = json::array{};
    result["usage"] = usage(plan);
    return result;
}

}  // namespace patchbay::demo
