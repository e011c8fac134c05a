#include "plan.hpp"

#include <algorithm>
#include <utility>

#include "conversation.hpp"
#include "patchbay/json_tree.hpp"
#include "sample.hpp"

namespace patchbay::demo {
namespace {

constexpr double kMaxDelayMs = 600'000;
constexpr double kMaxChoices = 128;
// What LiteLLM counts for a mocked answer.
constexpr std::uint64_t kMockPromptTokens = 10;
constexpr std::uint64_t kMockCompletionTokens = 20;

std::optional<Failure> named_failure(std::string_view mock) {
    const auto starts_with = [&](std::string_view head) {
        return mock.substr(0, head.size()) == head;
    };
    const std::string text = "asked for by mock_response: " + std::string(mock);
    if (mock == "litellm.RateLimitError") return Failure{BAY_ERR_RATE_LIMIT, 0, text, {}, {}, {}};
    if (mock == "litellm.ContextWindowExceededError") {
        return Failure{BAY_ERR_CONTEXT_LENGTH, 0, text, {}, "context_length_exceeded", "messages"};
    }
    if (mock == "litellm.InternalServerError")
        return Failure{BAY_ERR_UPSTREAM, 500, text, {}, {}, {}};
    if (starts_with("Exception: content_filter_policy")) {
        return Failure{BAY_ERR_CONTENT_POLICY, 400, text, {}, "content_policy_violation", {}};
    }
    if (starts_with("Exception: mock_streaming_error")) {
        return Failure{BAY_ERR_OVERLOADED, 529, text, {}, {}, {}, true};
    }
    return {};
}

std::string new_call_id() {
    return "call_" + bay::Host::random_hex(24);
}

std::vector<ToolCall> given_tool_calls(const json::array& calls) {
    std::vector<ToolCall> result;
    for (const json::value& value : calls) {
        const json::object* call = value.if_object();
        const json::object* function = find_object(call, "function");
        const json::value* arguments = find(function, "arguments");
        result.push_back({std::string(shared::text(call, "id")),
                          std::string(shared::text(function, "name")),
                          !arguments               ? "{}"
                          : arguments->is_string() ? std::string(arguments->get_string())
                                                   : json_tree::write(*arguments)});
        if (result.back().id.empty()) result.back().id = new_call_id();
    }
    return result;
}

// The function that "tool_choice" (or the older "function_call") forces, empty if none.
std::string_view forced_function(const json::object& body) {
    const json::value* choice = find(&body, "tool_choice");
    if (choice && choice->is_object()) {
        return shared::text(find_object(choice->if_object(), "function"), "name");
    }
    if (choice && choice->is_string() && choice->get_string() == "required") {
        const json::array* tools = find_array(&body, "tools");
        if (!tools || tools->empty()) return {};
        return shared::text(find_object(tools->front().if_object(), "function"), "name");
    }
    return shared::text(find_object(&body, "function_call"), "name");
}

// Arguments that fit the declared parameters of the function.
std::string arguments_for(const json::object& body, std::string_view name, std::string_view text) {
    const auto found_in = [&](const json::array* list, bool wrapped) -> const json::value* {
        if (!list) return nullptr;
        for (const json::value& value : *list) {
            const json::object* function = value.if_object();
            if (wrapped) function = find_object(function, "function");
            if (shared::text(function, "name") == name) return find(function, "parameters");
        }
        return nullptr;
    };
    const json::value* parameters = found_in(find_array(&body, "tools"), true);
    if (!parameters) parameters = found_in(find_array(&body, "functions"), false);
    return parameters ? json_tree::write(sample(*parameters, *parameters, text)) : "{}";
}

std::string compose(const json::object& body, const Conversation& said) {
    const json::object* format = find_object(&body, "response_format");
    const std::string_view type = shared::text(format, "type");
    if (type == "json_schema") {
        if (const json::value* schema = find(find_object(format, "json_schema"), "schema")) {
            return json_tree::write(sample(*schema, *schema, said.last_user));
        }
    }
    if (type == "json_object") return json_tree::write(json::object{{"answer", said.last_user}});
    if (said.ends_with_tool) return "The tool answered: " + said.last_tool;
    std::string text = "Hello from Patchbay's demo provider. ";
    if (said.images) text += "I got " + std::to_string(said.images) + " image(s). ";
    return said.last_user.empty() ? text + "There was no user message to answer."
                                  : text + "You said: " + said.last_user;
}

// Ends the text before the first of the "stop" sequences, then after max_tokens words.
void limit(const json::object& body, Plan& plan) {
    std::string& text = *plan.content;
    const auto cut = [&](std::string_view stop) {
        if (!stop.empty()) text.resize(std::min(text.find(stop), text.size()));
    };
    cut(shared::text(&body, "stop"));
    if (const json::array* stops = find_array(&body, "stop")) {
        for (const json::value& stop : *stops) {
            if (stop.is_string()) cut(stop.get_string());
        }
    }
    const char* name =
        find(&body, "max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    const auto words = static_cast<std::uint64_t>(number_member(&body, name, 1e9, 1e9));
    if (count_words(text) <= words) return;
    std::size_t end = 0;
    for (std::uint64_t i = 0; i < words; ++i) {
        end = text.find_first_not_of(" \t\r\n", end);
        end = text.find_first_of(" \t\r\n", end);
    }
    text.resize(end);
    plan.finish_reason = "length";
}

Failure missing(std::string_view param) {
    const std::string name(param);
    return {BAY_ERR_BAD_REQUEST,
            400,
            "'" + name + "' must be an array of messages",
            "invalid_request_error",
            "invalid_type",
            name};
}

}  // namespace

Plan make_plan(const json::object& body, const json::object& params, std::uint32_t delay_ms) {
    const auto setting = [&](std::string_view name) {
        const json::value* own = find(&body, name);
        return own ? own : find(&params, name);
    };
    const auto seconds = [&](std::string_view name) {
        const json::object& from = find(&body, name) ? body : params;
        return static_cast<std::uint32_t>(number_member(&from, name, 0, kMaxDelayMs / 1000) * 1000);
    };
    Plan plan;
    plan.chunk_delay_ms =
        static_cast<std::uint32_t>(number_member(&params, "delay_ms", delay_ms, kMaxDelayMs));
    plan.first_delay_ms = std::max(plan.chunk_delay_ms, seconds("mock_delay"));
    plan.n = static_cast<unsigned>(std::max(1.0, number_member(&body, "n", 1, kMaxChoices)));
    plan.include_usage = is_true(find_object(&body, "stream_options"), "include_usage");

    const json::array* messages = find_array(&body, "messages");
    if (!messages) {
        plan.failure = missing("messages");
        return plan;
    }
    if (is_true(&body, "mock_timeout") || is_true(&params, "mock_timeout")) {
        plan.first_delay_ms = seconds("timeout");
        plan.failure = Failure{BAY_ERR_TIMEOUT, 0, "asked for by mock_timeout", {}, {}, {}};
        return plan;
    }

    const Conversation said = read_conversation(*messages);
    const json::value* mock = setting("mock_response");
    const json::value* mock_calls = setting("mock_tool_calls");
    if (mock && mock->is_string()) {
        plan.content = std::string(mock->get_string());
        plan.failure = named_failure(*plan.content);
    } else if (mock && mock->is_object()) {
        plan.given = mock->get_object();
        const json::array* choices = find_array(&plan.given, "choices");
        const json::object* first =
            choices && !choices->empty() ? choices->front().if_object() : nullptr;
        plan.content = std::string(shared::text(find_object(first, "message"), "content"));
    }
    if (mock_calls && mock_calls->is_array()) {
        plan.tool_calls = given_tool_calls(mock_calls->get_array());
    } else if (!mock) {
        if (const std::string_view name = forced_function(body); !name.empty()) {
            plan.tool_calls = {
                {new_call_id(), std::string(name), arguments_for(body, name, said.last_user)}};
        }
    }
    if (!plan.tool_calls.empty()) {
        plan.finish_reason = "tool_calls";
    } else if (!plan.content) {
        plan.content = compose(body, said);
        limit(body, plan);
    }

    if (mock) {
        plan.prompt_tokens = kMockPromptTokens;
        plan.completion_tokens = kMockCompletionTokens;
    } else {
        plan.prompt_tokens = said.words;
        std::uint64_t words = plan.content ? count_words(*plan.content) : 0;
        for (const ToolCall& call : plan.tool_calls) words += count_words(call.arguments);
        plan.completion_tokens = words * plan.n;
    }
    return plan;
}

}  // namespace patchbay::demo
