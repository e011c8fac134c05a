// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::oci {

namespace json = boost::json;

namespace {

openai::Refusal bad(std::string place, std::string_view why) {
    std::string message = place + ": ";
    return {BAY_ERR_BAD_REQUEST, message.append(why), std::move(place)};
}

json::object text_part(std::string_view text) {
    return {{"type", "TEXT"}, {"text", text}};
}

/// One part of OpenAI's as one of Oracle's.
openai::Written<json::object> part_of(const json::object* part, const std::string& place) {
    const std::string_view type = shared::text(part, "type");
    if (type == "text") return text_part(shared::text(part, "text"));
    if (type != "image_url") return bad(place, "must be a text or a picture");
    const json::object* image = shared::find_object(part, "image_url");
    json::object url{{"url", shared::text(image, "url", shared::text(part, "image_url"))}};
    if (const auto detail = shared::text(image, "detail"); !detail.empty()) {
        url["detail"] = boost::algorithm::to_upper_copy(std::string(detail));
    }
    return json::object{{"type", "IMAGE"}, {"imageUrl", std::move(url)}};
}

openai::Written<json::array> content_of(const json::value& content, const std::string& place) {
    json::array made;
    if (content.is_string()) {
        made.emplace_back(text_part(std::string_view(content.get_string())));
        return made;
    }
    const json::array* parts = content.if_array();
    if (parts == nullptr) return bad(place, "must be a text or a list of parts");
    for (const json::value& part : *parts) {
        auto one = part_of(part.if_object(), place + "[" + std::to_string(made.size()) + "]");
        if (!one) return one.error();
        made.emplace_back(std::move(*one));
    }
    return made;
}

/// The words of a message's content, for the form that takes text alone.
openai::Written<std::string> words_of(const json::object& message, const std::string& place) {
    const json::value* content = shared::find(message, "content");
    if (content == nullptr) return std::string();
    auto parts = content_of(*content, place + ".content");
    if (!parts) return parts.error();
    std::string words;
    for (const json::value& part : *parts) {
        const json::object& object = part.get_object();
        if (shared::text(object, "type") != "TEXT") {
            return bad(place + ".content", "models of Cohere take text alone");
        }
        words += shared::text(object, "text");
    }
    return words;
}

json::array generic_calls(const json::array& calls) {
    json::array made;
    for (const json::value& value : calls) {
        const json::object* call = value.if_object();
        const json::object* function = shared::find_object(call, "function");
        made.emplace_back(json::object{{"id", shared::text(call, "id")},
                                       {"type", "FUNCTION"},
                                       {"name", shared::text(function, "name")},
                                       {"arguments", shared::text(function, "arguments", "{}")}});
    }
    return made;
}

/// Arguments are a JSON text there and an object here.
json::object cohere_call(const json::object* function) {
    auto arguments = shared::parse_json(shared::text(function, "arguments", "{}"));
    json::object parameters;
    if (arguments && arguments->is_object()) parameters = std::move(arguments->get_object());
    return {{"name", shared::text(function, "name")}, {"parameters", std::move(parameters)}};
}

json::array cohere_calls(const json::array* calls) {
    json::array made;
    for (const json::value& call : shared::elements(calls)) {
        made.emplace_back(cohere_call(shared::find_object(call.if_object(), "function")));
    }
    return made;
}

/// The call that a result answers: the last of that id before it.
json::object call_of_result(const json::array& messages, std::size_t before, std::string_view id) {
    for (std::size_t i = before; i-- > 0;) {
        const json::array* calls = shared::find_array(messages[i].if_object(), "tool_calls");
        for (const json::value& call : shared::elements(calls)) {
            if (shared::text(call.if_object(), "id") != id) continue;
            return cohere_call(shared::find_object(call.if_object(), "function"));
        }
    }
    return cohere_call(nullptr);
}

json::object tool_result(json::object call, const std::string& words) {
    json::array outputs;
    json::object output;
    output["output"] = words;
    outputs.emplace_back(std::move(output));
    return {{"call", std::move(call)}, {"outputs", std::move(outputs)}};
}

/// Python's names of JSON Schema's types, as Cohere's definitions have them.
std::string_view python_type(std::string_view type) {
    constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
        {"string", "str"},   {"integer", "int"}, {"number", "float"},
        {"boolean", "bool"}, {"array", "List"},  {"object", "Dict"}};
    for (const auto& [schema, python] : kTypes) {
        if (schema == type) return python;
    }
    return "str";
}

/// A property of a tool's schema as a definition; what it cannot say stands in the description.
json::object definition_of(const json::object* property, bool required) {
    std::string description(shared::text(property, "description"));
    if (const json::array* values = shared::find_array(property, "enum")) {
        if (!description.empty()) description += ". ";
        description += "Allowed values: [";
        for (const json::value& value : *values) {
            if (&value != values->data()) description += ", ";
            description += value.is_string()
                               ? "'" + std::string(std::string_view(value.get_string())) + "'"
                               : shared::to_text(value);
        }
        description += ']';
    }
    return {{"description", description},
            {"type", python_type(shared::text(property, "type"))},
            {"isRequired", required}};
}

/// A tool's schema as definitions by name.
json::object definitions_of(const json::object* schema) {
    json::object definitions;
    const json::object* properties = shared::find_object(schema, "properties");
    if (properties == nullptr) return definitions;
    const json::array& required = shared::elements(shared::find_array(schema, "required"));
    for (const auto& property : *properties) {
        const bool needed =
            std::any_of(required.begin(), required.end(), [&](const json::value& name) {
                return name.is_string() && std::string_view(name.get_string()) == property.key();
            });
        definitions[property.key()] = definition_of(property.value().if_object(), needed);
    }
    return definitions;
}

}  // namespace

openai::Written<json::array> generic_messages(const json::array& messages) {
    json::array made;
    for (const json::value& value : messages) {
        const std::string place = "messages[" + std::to_string(made.size()) + "]";
        const json::object* message = value.if_object();
        if (message == nullptr) return bad(place, "must be an object");
        const std::string_view role = shared::text(message, "role");
        json::object one{{"role", boost::algorithm::to_upper_copy(std::string(role))}};
        if (const json::value* content = shared::find(message, "content")) {
            auto parts = content_of(*content, place + ".content");
            if (!parts) return parts.error();
            one["content"] = std::move(*parts);
        }
        if (const json::array* calls = shared::find_array(message, "tool_calls")) {
            one["toolCalls"] = generic_calls(*calls);
        }
        if (const auto id = shared::text(message, "tool_call_id"); !id.empty()) {
            one["toolCallId"] = id;
        }
        made.emplace_back(std::move(one));
    }
    return made;
}

json::array generic_tools(const json::array& tools) {
    json::array made;
    for (const json::value& tool : tools) {
        const json::object* function = shared::find_object(tool.if_object(), "function");
        json::object one{{"type", "FUNCTION"}};
        for (const char* name : {"name", "description", "parameters"}) {
            if (const json::value* value = shared::find(function, name)) one[name] = *value;
        }
        made.emplace_back(std::move(one));
    }
    return made;
}

openai::Written<void> put_cohere_messages(const json::array& messages, json::object& chat) {
    json::array history, results;
    std::string preamble, asked;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const std::string place = "messages[" + std::to_string(i) + "]";
        const json::object* message = messages[i].if_object();
        if (message == nullptr) return bad(place, "must be an object");
        auto words = words_of(*message, place);
        if (!words) return words.error();
        const std::string_view role = shared::text(message, "role");
        const bool last = i + 1 == messages.size();
        if (role == "system" || role == "developer") {
            preamble.append(preamble.empty() ? "" : "\n").append(*words);
        } else if (role == "tool") {
            results.emplace_back(tool_result(
                call_of_result(messages, i, shared::text(message, "tool_call_id")), *words));
            const bool more = !last && shared::text(messages[i + 1].if_object(), "role") == "tool";
            if (last || more) continue;
            history.emplace_back(
                json::object{{"role", "TOOL"}, {"toolResults", std::exchange(results, {})}});
        } else if (role == "assistant") {
            json::object turn{{"role", "CHATBOT"}, {"message", *words}};
            auto calls = cohere_calls(shared::find_array(message, "tool_calls"));
            if (!calls.empty()) turn["toolCalls"] = std::move(calls);
            history.emplace_back(std::move(turn));
        } else if (last) {
            asked = std::move(*words);
        } else {
            history.emplace_back(json::object{{"role", "USER"}, {"message", *words}});
        }
    }
    chat["message"] = std::move(asked);
    chat["chatHistory"] = std::move(history);
    if (!preamble.empty()) chat["preambleOverride"] = std::move(preamble);
    if (!results.empty()) chat["toolResults"] = std::move(results);
    return {};
}

json::array cohere_tools(const json::array& tools) {
    json::array made;
    for (const json::value& tool : tools) {
        const json::object* function = shared::find_object(tool.if_object(), "function");
        made.emplace_back(json::object{
            {"name", shared::text(function, "name")},
            {"description", shared::text(function, "description")},
            {"parameterDefinitions", definitions_of(shared::find_object(function, "parameters"))}});
    }
    return made;
}

}  // namespace patchbay::oci
