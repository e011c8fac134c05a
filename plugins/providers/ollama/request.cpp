#include "request.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "json/is_among.hpp"
#include "messages.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::ollama {

namespace json = boost::json;
using openai::Param;
using shared::is_among;

namespace {

/// OpenAI's names of what Ollama has among its options, under another name.
struct Option {
    std::string_view openai;
    std::string_view ollama;
};
constexpr Option kOptions[] = {
    {"max_tokens", "num_predict"},
    {"max_completion_tokens", "num_predict"},
};

/// Members that are no options: written elsewhere, or not at all.
constexpr std::string_view kNoOptions[] = {"model",          "messages",        "stream",
                                           "tools",          "tool_choice",     "functions",
                                           "function_call",  "response_format", "reasoning_effort",
                                           "extra_body",     "metadata",        "user",
                                           "stream_options", "prompt",          "echo",
                                           "best_of"};

/// Ollama's own members beside the options.
constexpr std::string_view kBeside[] = {"think", "format", "keep_alive", "template", "system",
                                        "raw",   "suffix", "context",    "truncate", "shift"};

void put_member(std::string_view name, const json::value& value, json::object& body) {
    if (value.is_null() || is_among(name, kNoOptions)) return;
    if (is_among(name, kBeside)) {
        body.insert_or_assign(name, value);
        return;
    }
    const auto* option = std::find_if(std::begin(kOptions), std::end(kOptions),
                                      [&](const Option& one) { return one.openai == name; });
    const std::string_view own = option != std::end(kOptions) ? option->ollama : name;
    body["options"].get_object().insert_or_assign(own, value);
}

/// gpt-oss thinks more or less and never not at all; all other models do or do not.
json::value think_of(std::string_view effort, std::string_view model) {
    if (!model.starts_with("gpt-oss")) return json::value(effort != "none" && effort != "minimal");
    if (effort == "medium") return json::value("medium");
    const bool high = effort == "high" || effort == "xhigh" || effort == "max";
    return json::value(high ? "high" : "low");
}

/// "json", or the schema; null for text.
json::value format_of(const json::object& format) {
    const std::string_view type = shared::text(format, "type");
    if (type == "json_object") return json::value("json");
    if (type != "json_schema") return nullptr;
    const json::value* schema = shared::find(shared::find_object(format, "json_schema"), "schema");
    return schema != nullptr ? *schema : json::value("json");
}

/// The name of a tool, of a choice, or of one that is allowed; a view into it.
std::string_view function_name(const json::object* tool) {
    return shared::text(shared::find_object(tool, "function"), "name");
}

/// Of whom the choice is: a function, or those that are allowed. Views into it.
std::unordered_set<std::string_view> chosen_names(const json::object& choice) {
    const json::array* allowed =
        shared::find_array(shared::find_object(choice, "allowed_tools"), "tools");
    if (allowed == nullptr) return {function_name(&choice)};
    std::unordered_set<std::string_view> names;
    for (const json::value& tool : *allowed) names.insert(function_name(tool.if_object()));
    return names;
}

/// The tools to offer: with a tool_choice of "none" none, and of functions those.
json::array tools_of(const json::object& client) {
    json::array tools;
    if (const json::array* given = shared::find_array(client, "tools")) tools = *given;
    if (const json::array* functions = shared::find_array(client, "functions")) {
        for (const json::value& function : *functions) {
            tools.emplace_back(json::object{{"type", "function"}, {"function", function}});
        }
    }
    if (shared::text(client, "tool_choice") == "none") tools.clear();
    const json::object* choice = shared::find_object(client, "tool_choice");
    if (choice == nullptr) return tools;
    const auto names = chosen_names(*choice);
    json::array chosen;
    for (const json::value& tool : tools) {
        if (names.count(function_name(tool.if_object())) > 0) chosen.push_back(tool);
    }
    return chosen.empty() ? tools : chosen;
}

openai::Refusal bad(const std::string& place, std::string_view why) {
    return {BAY_ERR_BAD_REQUEST, std::string(place).append(": ").append(why), place};
}

openai::Refusal bad_messages(const MessagesError& error) {
    return bad(error.place, error.why);
}

/// The conversation, and the path that it goes to. `tools`: what is offered.
openai::Written<std::string_view> write_conversation(const json::object& client, Form form,
                                                     json::object& body, json::array& tools) {
    const json::array* messages = shared::find_array(client, "messages");
    if (messages == nullptr) return bad("messages", "must be a list");
    tools = tools_of(client);
    if (form == Form::chat || !tools.empty() || has_calls(*messages)) {
        auto written = write_messages(*messages);
        if (!written) return bad_messages(written.error());
        body["messages"] = std::move(*written);
        return std::string_view("/api/chat");
    }
    auto prompt = write_prompt(*messages);
    if (!prompt) return bad_messages(prompt.error());
    body["prompt"] = std::move(prompt->text);
    body["images"] = std::move(prompt->images);
    return std::string_view("/api/generate");
}

/// The prompt of a text completion: one text, which may stand in a list.
openai::Written<std::string_view> write_text(const json::object& client, json::object& body) {
    const json::value* prompt = shared::find(client, "prompt");
    const json::array* list = prompt != nullptr ? prompt->if_array() : nullptr;
    if (list != nullptr && list->size() == 1) prompt = &list->front();
    if (prompt == nullptr || !prompt->is_string()) return bad("prompt", "must be one text");
    body["prompt"] = *prompt;
    return std::string_view("/api/generate");
}

}  // namespace

openai::Dialect own_dialect(std::string_view provider) {
    openai::Dialect dialect;
    dialect.provider = provider;
    dialect.base_url = "http://localhost:11434";
    dialect.key_names = {"OLLAMA_API_KEY"};
    dialect.key_optional = true;
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}, {BAY_OP_COMPLETIONS}, {BAY_OP_EMBEDDINGS}};
    dialect.supported = {Param::stream,
                         Param::temperature,
                         Param::top_p,
                         Param::max_tokens,
                         Param::max_completion_tokens,
                         Param::stop,
                         Param::seed,
                         Param::frequency_penalty,
                         Param::tools,
                         Param::tool_choice,
                         Param::functions,
                         Param::function_call,
                         Param::response_format,
                         Param::reasoning_effort};
    dialect.stream_options = false;
    dialect.messages.images_in_results = true;
    return dialect;
}

openai::Written<Sent> write_request(const bay_ev_request& request, const openai::Dialect& dialect,
                                    Form form) {
    bay::Splice spliced(request);
    // What stands there is the server's own, beside its options.
    const auto extra = shared::parse_json(spliced.value("extra_body"));
    const json::object* more = extra ? extra->if_object() : nullptr;
    bay::Dropped dropped;
    if (auto refusal = openai::write_body(request, dialect, spliced, &dropped)) return *refusal;
    const auto parsed = shared::parse_json(spliced.text());
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    if (client == nullptr)
        return openai::Refusal{BAY_ERR_BAD_REQUEST, "the body must be an object", {}};
    const std::string_view model = bay::sv(request.target->model);
    json::object body{{"model", model}};
    json::array tools;
    auto path = form == Form::text ? write_text(*client, body)
                                   : write_conversation(*client, form, body, tools);
    if (!path) return path.error();
    body["options"] = json::object();
    body["stream"] = (request.flags & BAY_REQ_STREAM) != 0;
    for (const auto& member : *client) {
        const bool own = more != nullptr && more->contains(member.key()) &&
                         openai::find_param(member.key()) == Param::unknown;
        if (own) {
            body.insert_or_assign(member.key(), member.value());
        } else {
            put_member(member.key(), member.value(), body);
        }
    }
    // The newer of the two names wins.
    if (const json::value* most = shared::find(*client, "max_completion_tokens")) {
        body["options"].get_object().insert_or_assign("num_predict", *most);
    }
    if (const std::string_view effort = shared::text(*client, "reasoning_effort");
        !effort.empty() && !body.contains("think")) {
        body["think"] = think_of(effort, model);
    }
    if (const json::object* format = shared::find_object(*client, "response_format")) {
        if (json::value own = format_of(*format); !own.is_null()) body["format"] = std::move(own);
    }
    if (!tools.empty()) body["tools"] = std::move(tools);
    return Sent{std::string(*path), json_tree::write(body), std::move(dropped)};
}

}  // namespace patchbay::ollama
