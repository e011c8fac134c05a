#include "engine/surface/gemini/generate_tools.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/gemini/schema.hpp"
#include "engine/surface/hub/tool_schema.hpp"

namespace patchbay::surface {

namespace {

// Of a declaration beside name, description and parameters: what a function gives back, and that the
// model need not wait for it.
constexpr std::array<std::string_view, 3> kHints{"response", "responseJsonSchema", "behavior"};

struct Mode {
    std::string_view mode;
    std::string_view choice;  ///< empty: none is made
};
constexpr std::array kModes{
    Mode{"MODE_UNSPECIFIED", ""}, Mode{"AUTO", "auto"},      Mode{"ANY", "required"},
    Mode{"NONE", "none"},         Mode{"VALIDATED", "auto"},
};

/// How the model may call.
struct Calling {
    std::string_view choice;
    std::optional<std::vector<std::string_view>> allowed;  ///< names; nullopt: all

    /// One is asked for by its name: the others stay, as they do for OpenAI.
    bool names_one() const { return choice == "required" && allowed && allowed->size() == 1; }
    bool allows(std::string_view name) const {
        return !allowed || names_one() ||
               std::find(allowed->begin(), allowed->end(), name) != allowed->end();
    }
};

Result<Calling> read_calling(const json::object& request, Reading& reading) {
    Calling calling;
    const Place above("toolConfig");
    const auto* config = object_field(request, "toolConfig");
    if (!config) return calling;
    if (field(*config, "retrievalConfig")) reading.note(Place("retrievalConfig", &above));
    const auto* given = object_field(*config, "functionCallingConfig");
    if (!given) return calling;
    const Place place("functionCallingConfig", &above);
    if (const auto mode = text_field(*given, "mode"); !mode.empty()) {
        const auto* known = std::find_if(kModes.begin(), kModes.end(),
                                         [&](const Mode& row) { return row.mode == mode; });
        if (known == kModes.end()) {
            return bad_shape(Place("mode", &place), "must be AUTO, ANY, NONE or VALIDATED");
        }
        calling.choice = known->choice;
        if (mode == "VALIDATED") reading.note(Place("mode", &place));
    }
    const auto* names = array_field(*given, "allowedFunctionNames");
    if (!names || names->empty()) return calling;
    calling.allowed.emplace();
    const Place list("allowedFunctionNames", &place);
    for (std::size_t i = 0; i < names->size(); ++i) {
        const auto* name = (*names)[i].if_string();
        if (!name) return bad_shape(Place(i, &list), "must be a string");
        calling.allowed->push_back(view(*name));
    }
    return calling;
}

Result<json::object> parameters_of(const json::object& declaration, const Place& place) {
    const auto* exact = field(declaration, "parametersJsonSchema");
    const auto* given = exact ? exact : field(declaration, "parameters");
    if (!given) return object_schema({});
    const auto* schema = as_object(given);
    if (!schema) {
        return bad_shape(Place(exact ? "parametersJsonSchema" : "parameters", &place),
                         "must be an object");
    }
    return object_schema(exact ? *schema : json_schema(*schema));
}

Result<void> add_function(const json::object& declaration, const Place& place,
                          const Calling& calling, Reading& reading, json::array& tools) {
    const auto name = text_field(declaration, "name");
    if (name.empty()) {
        return bad_shape(Place("name", &place), "must be a string that is not empty");
    }
    if (!calling.allows(name)) return {};
    json::object function{{"name", reading.names.shorten(name)}};
    if (const auto words = text_field(declaration, "description"); !words.empty()) {
        function["description"] = words;
    }
    auto parameters = parameters_of(declaration, place);
    if (!parameters) return parameters.error();
    function["parameters"] = std::move(*parameters);
    for (const auto hint : kHints) {
        if (field(declaration, hint)) reading.note(Place(hint, &place));
    }
    tools.emplace_back(json::object{{"type", "function"}, {"function", std::move(function)}});
    return {};
}

Result<void> add_tool(const json::object& tool, const Place& place, const Calling& calling,
                      Reading& reading, json::array& tools, json::object& chat) {
    for (const auto& [given, value] : tool) {
        const auto name = camel_case(given);
        if (value.is_null()) continue;
        if (name == "googleSearch" || name == "googleSearchRetrieval") {
            const auto* options = as_object(&value);
            if (options && !options->empty()) reading.note(Place(name, &place));
            chat["web_search_options"] = json::object();
            continue;
        }
        if (name != "functionDeclarations") {
            reading.refuse(Place(name, &place));
            continue;
        }
        const Place list(name, &place);
        const auto* declarations = value.if_array();
        if (!declarations) return bad_shape(list, "must be an array");
        for (std::size_t i = 0; i < declarations->size(); ++i) {
            const Place at(i, &list);
            const auto* declaration = as_object(&(*declarations)[i]);
            if (!declaration) return bad_shape(at, "must be an object");
            auto added = add_function(*declaration, at, calling, reading, tools);
            if (!added) return added;
        }
    }
    return {};
}

json::value choice_of(const Calling& calling, Reading& reading) {
    if (calling.names_one()) {
        const auto name = reading.names.shorten(calling.allowed->front());
        return {{"type", "function"}, {"function", {{"name", name}}}};
    }
    return json::value(calling.choice);
}

}  // namespace

Result<void> write_tools_of_gemini(const json::object& request, Reading& reading,
                                   json::object& chat) {
    const auto calling = read_calling(request, reading);
    if (!calling) return calling.error();
    const auto* given = field(request, "tools");
    if (!given) return {};
    const Place list("tools");
    const auto* each = given->if_array();
    if (!each) return bad_shape(list, "must be an array");
    json::array tools;
    for (std::size_t i = 0; i < each->size(); ++i) {
        const Place place(i, &list);
        const auto* tool = as_object(&(*each)[i]);
        if (!tool) return bad_shape(place, "must be an object");
        auto added = add_tool(*tool, place, *calling, reading, tools, chat);
        if (!added) return added;
    }
    if (tools.empty()) return {};
    chat["tools"] = std::move(tools);
    if (!calling->choice.empty()) chat["tool_choice"] = choice_of(*calling, reading);
    return {};
}

}  // namespace patchbay::surface
