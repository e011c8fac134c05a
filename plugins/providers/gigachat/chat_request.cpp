// SPDX-License-Identifier: Apache-2.0
#include "chat_request.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "login.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"
#include "prompt_shared/client_request.hpp"

namespace patchbay::gigachat {

namespace json = boost::json;
using openai::Param;

namespace {

constexpr std::string_view kUnnamed = "response";

/// The member, which is gone from the object.
json::value take(json::object& object, std::string_view name) {
    const auto found = object.find(name);
    if (found == object.end()) return nullptr;
    json::value value = std::move(found->value());
    object.erase(found);
    return value;
}

openai::Written<json::array> functions_of(const json::value& tools) {
    json::array functions;
    if (!tools.is_array()) return functions;
    const json::array& list = tools.get_array();
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json::object* const function = shared::find_object(list[i].if_object(), "function");
        if (function == nullptr) {
            return prompt::bad_place("tools[" + std::to_string(i) + "]",
                                     "GigaChat takes functions alone");
        }
        json::object own = *function;
        own.erase("strict");
        if (!own.contains("parameters")) {
            own["parameters"] = json::object{{"type", "object"}, {"properties", json::object()}};
        }
        functions.emplace_back(std::move(own));
    }
    return functions;
}

/// The function whose arguments are an answer of that format; an empty object for one that has no
/// schema.
json::object schema_function(const json::value& format) {
    const json::object* const told = shared::find_object(format.if_object(), "json_schema");
    const json::object* const schema = shared::find_object(told, "schema");
    if (schema == nullptr) return {};
    const std::string_view name = shared::text(told, "name", kUnnamed);
    std::string description("Output structured response: ");
    description.append(shared::text(told, "description", name));
    return {{"name", name}, {"description", description}, {"parameters", *schema}};
}

/// GigaChat takes no temperature of 0: the likeliest words are those of the least top_p.
void mend_temperature(json::object& body) {
    const json::value* const temperature = shared::find(body, "temperature");
    if (temperature == nullptr || json_tree::number(*temperature) != 0.0) return;
    body.erase("temperature");
    body["top_p"] = 0;
}

}  // namespace

openai::Dialect own_dialect(const Site& site) {
    openai::Dialect dialect;
    dialect.provider = "gigachat";
    dialect.base_url = kAddress;
    dialect.site = &site;
    dialect.key_optional = true;  // what authorizes a call is the site's to know
    dialect.bearer = false;
    dialect.key_names = {"GIGACHAT_CREDENTIALS", "GIGACHAT_API_KEY"};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS},
                          {BAY_OP_EMBEDDINGS, {}, {"dimensions", "encoding_format", "user"}}};
    dialect.supported = {Param::stream,         Param::temperature,           Param::top_p,
                         Param::max_tokens,     Param::max_completion_tokens, Param::tools,
                         Param::functions,      Param::function_call,         Param::tool_choice,
                         Param::response_format};
    dialect.ignored = {Param::stop};
    dialect.renames = {{"max_completion_tokens", "max_tokens"}};
    dialect.stream_options = false;
    return dialect;
}

json::value function_call_of(const json::value* choice, const json::array& functions,
                             bay::Dropped& dropped) {
    if (choice != nullptr && choice->is_object()) {
        const json::object& object = choice->get_object();
        const json::object* const function = shared::find_object(object, "function");
        const auto name = shared::text(function, "name", shared::text(object, "name"));
        if (!name.empty()) return json::object{{"name", name}};
        dropped.add("tool_choice");  // several are allowed: it takes one, or all
        return "auto";
    }
    const std::string_view word = choice != nullptr && choice->is_string()
                                      ? std::string_view(choice->get_string())
                                      : std::string_view("auto");
    if (word != "required") return json::value(word);
    if (functions.size() == 1) {
        return json::object{{"name", shared::text(functions.front().if_object(), "name")}};
    }
    dropped.add("tool_choice");
    return "auto";
}

openai::Written<ChatRequest> write_chat(const bay_ev_request& request,
                                        const openai::Dialect& dialect) {
    ChatRequest made;
    auto client = prompt::client_request(request, dialect, made.dropped);
    if (!client) return client.error();
    auto conversation = conversation_of(client->messages);
    if (!conversation) return conversation.error();
    json::object body = std::move(client->parameters);
    auto functions = functions_of(take(body, "tools"));
    if (!functions) return functions.error();
    if (const json::array* old = shared::find_array(body, "functions")) {
        functions->insert(functions->end(), old->begin(), old->end());
    }
    json::value choice = take(body, "tool_choice");
    if (choice.is_null()) choice = take(body, "function_call");
    json::value call =
        function_call_of(choice.is_null() ? nullptr : &choice, *functions, made.dropped);
    const json::value format = take(body, "response_format");
    if (json::object schema = schema_function(format); !schema.empty()) {
        made.schema_name = shared::text(schema, "name");
        if (functions->empty()) call = json::object{{"name", made.schema_name}};
        functions->emplace_back(std::move(schema));
    } else if (!format.is_null() && shared::text(format.if_object(), "type") != "text") {
        made.dropped.add("response_format");
    }
    if (!functions->empty()) {
        body["functions"] = std::move(*functions);
        body["function_call"] = std::move(call);
    }
    mend_temperature(body);
    body["model"] = bay::sv(request.target->model);
    body["messages"] = std::move(conversation->messages);
    if ((request.flags & BAY_REQ_STREAM) != 0) body["stream"] = true;
    made.uploads = std::move(conversation->uploads);
    made.body = std::move(body);
    return made;
}

}  // namespace patchbay::gigachat
