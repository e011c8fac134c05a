#include "tools.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "camel.hpp"
#include "schema.hpp"

namespace patchbay::google {

namespace {

struct Named {
    std::string_view type;    ///< OpenAI's or Anthropic's, or its beginning
    std::string_view member;  ///< of Google's Tool
};
constexpr std::array kServerTools{
    Named{"web_search", "googleSearch"},        Named{"web_fetch", "urlContext"},
    Named{"code_interpreter", "codeExecution"}, Named{"code_execution", "codeExecution"},
    Named{"computer", "computerUse"},           Named{"file_search", "fileSearch"},
    Named{"google_maps", "googleMaps"},         Named{"url_context", "urlContext"},
};

// Members of Google's Tool.
constexpr std::array<std::string_view, 9> kOwnTools{
    "googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "codeExecution", "urlContext",
    "googleMaps",   "computerUse",           "fileSearch",          "retrieval"};

constexpr std::array<std::string_view, 3> kSearches{"googleSearch", "googleSearchRetrieval",
                                                    "enterpriseWebSearch"};

template <class List>
bool holds(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

class Tools {
  public:
    Tools(const ModelTraits& traits, FunctionNames& names) : traits_(traits), names_(names) {}

    Result<void> add(const json::object& tool, const std::string& place) {
        if (add_own(tool)) return {};
        const auto type = text(tool, "type");
        const auto* function = find_object(tool, "function");
        if (type == "custom") return add_free_text(tool, place);
        if (function || type.empty() || type == "function") {
            return add_function(function ? *function : tool, place + ".function");
        }
        const auto* known =
            std::find_if(kServerTools.begin(), kServerTools.end(),
                         [&](const Named& row) { return type.starts_with(row.type); });
        if (known == kServerTools.end()) {
            return bad_request(place + ".type", "Google has no tool " + std::string(type));
        }
        const auto* options = find_object(tool, known->member);
        server_.emplace_back(known->member, options ? *options : json::object());
        return {};
    }

    Result<void> add_function(const json::object& function, const std::string& place) {
        const auto name = text(function, "name");
        if (name.empty()) return bad_request(place + ".name", "must be a string that is not empty");
        const auto* parameters = find(function, "parameters");
        if (parameters && !parameters->is_object()) {
            return bad_request(place + ".parameters", "must be an object");
        }
        json::object made{{"name", names_.upstream(name)}};
        if (const auto words = text(function, "description"); !words.empty()) {
            made["description"] = words;
        }
        if (parameters) set_parameters(parameters->get_object(), made);
        functions_.emplace_back(std::move(made));
        return {};
    }

    void search() { server_.emplace_back("googleSearch", json::object()); }

    bool has_functions() const { return !functions_.empty(); }

    /// A search is asked for that cannot stand beside the functions.
    bool lacks_search() const {
        return !searches() && std::any_of(server_.begin(), server_.end(), [](const auto& tool) {
            return holds(kSearches, tool.first);
        });
    }

    json::array finish() {
        json::array made;
        const bool all = searches();
        if (!functions_.empty()) {
            made.emplace_back(json::object{{"function_declarations", std::move(functions_)}});
        }
        for (auto& [member, options] : server_) {
            const bool beside = all || !holds(kSearches, member);
            json::object tool;
            tool[member == "codeExecution" ? "code_execution" : member] = std::move(options);
            const bool known = std::find(made.begin(), made.end(), json::value(tool)) != made.end();
            if (beside && !known) made.emplace_back(std::move(tool));
        }
        return made;
    }

  private:
    bool searches() const { return functions_.empty() || traits_.third; }

    // {"googleSearch": {}}, {"code_execution": {}}, {"functionDeclarations": [...]}
    bool add_own(const json::object& tool) {
        bool own = false;
        for (const auto& [name, value] : tool) {
            const auto member = camel_case(name);
            if (member == "functionDeclarations" && value.is_array()) {
                for (const auto& one : value.get_array()) functions_.push_back(one);
                own = true;
            } else if (holds(kOwnTools, member) && value.is_object()) {
                server_.emplace_back(member, value.get_object());
                own = true;
            }
        }
        return own && text(tool, "type").empty();
    }

    // The model writes the text of the tool as the one argument of a function.
    Result<void> add_free_text(const json::object& tool, const std::string& place) {
        const auto* custom = find_object(tool, "custom");
        const auto& given = custom ? *custom : tool;
        const auto name = text(given, "name");
        if (name.empty()) return bad_request(place + ".name", "must be a string that is not empty");
        std::string words(text(given, "description"));
        if (const auto* format = find_object(given, "format")) {
            const auto* grammar = find_object(*format, "grammar");
            const auto rules = text(grammar ? grammar : format, "definition");
            if (!rules.empty()) words.append("\nThe text follows this grammar:\n").append(rules);
        }
        json::object input{{"type", "string"}, {"description", "The raw text, as it is."}};
        functions_.emplace_back(json::object{{"name", names_.upstream(name)},
                                             {"description", words},
                                             {"parameters",
                                              {{"type", "object"},
                                               {"properties", {{kFreeText, std::move(input)}}},
                                               {"required", json::array{kFreeText}}}}});
        return {};
    }

    const ModelTraits& traits_;
    FunctionNames& names_;
    json::array functions_;
    std::vector<std::pair<std::string, json::object>> server_;
};

json::object calling(std::string_view mode, json::array allowed = {}) {
    json::object config{{"mode", mode}};
    if (!allowed.empty()) config["allowed_function_names"] = std::move(allowed);
    return config;
}

std::string_view name_in(const json::object& choice) {
    for (const std::string_view member : {"function", "custom"}) {
        if (const auto* named = find_object(choice, member)) return text(*named, "name");
    }
    return text(choice, "name");
}

Result<json::object> allowed_tools(const json::object& choice, FunctionNames& names) {
    const auto* allowed = find_object(choice, "allowed_tools");
    const auto& given = allowed ? *allowed : choice;
    json::array listed;
    if (const auto* tools = find_array(given, "tools")) {
        for (const auto& tool : *tools) {
            const auto* object = tool.if_object();
            const auto name = object ? name_in(*object) : std::string_view();
            if (!name.empty()) listed.emplace_back(names.upstream(name));
        }
    }
    return calling(text(given, "mode") == "required" ? "ANY" : "VALIDATED", std::move(listed));
}

struct Word {
    std::string_view choice;
    std::string_view mode;
};
constexpr std::array kWords{Word{"auto", "AUTO"}, Word{"none", "NONE"}, Word{"required", "ANY"},
                            Word{"any", "ANY"}, Word{"validated", "VALIDATED"}};

Result<json::object> choice_of(const json::value& choice, FunctionNames& names) {
    const auto* object = choice.if_object();
    const auto* string = choice.if_string();
    if (!object && !string) return bad_request("tool_choice", "must be a string or an object");
    const auto word = string ? view(*string) : text(*object, "type");
    const auto* known = std::find_if(kWords.begin(), kWords.end(),
                                     [&](const Word& row) { return row.choice == word; });
    if (known != kWords.end()) return calling(known->mode);
    if (!object)
        return bad_request("tool_choice",
                           "must be none, auto, required, validated or a named tool");
    if (word == "allowed_tools") return allowed_tools(*object, names);
    const auto name = name_in(*object);
    if (name.empty()) return bad_request("tool_choice", "must name a function");
    return calling("ANY", json::array{names.upstream(name)});
}

}  // namespace

Result<void> set_tools(const json::object& client, const ModelTraits& traits, FunctionNames& names,
                       json::object& body, bay::Dropped& dropped) {
    Tools tools(traits, names);
    const bool newer = find(client, "tools") != nullptr;
    const std::string_view member = newer ? "tools" : "functions";
    if (const auto* given = find(client, member)) {
        const auto* list = given->if_array();
        if (!list) return bad_request(std::string(member), "must be an array");
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto place = std::string(member) + "[" + std::to_string(i) + "]";
            const auto* tool = (*list)[i].if_object();
            if (!tool) return bad_request(place, "must be an object");
            auto added = newer ? tools.add(*tool, place) : tools.add_function(*tool, place);
            if (!added) return added;
        }
    }
    const bool search = find(client, "web_search_options") != nullptr;
    if (search) tools.search();
    const bool functions = tools.has_functions();
    if (tools.lacks_search()) dropped.add(search ? "web_search_options" : "tools");
    auto made = tools.finish();
    if (made.empty()) return {};
    body["tools"] = std::move(made);
    const auto* choice = find(client, "tool_choice");
    if (!choice) choice = find(client, "function_call");
    if (!choice || !functions) return {};
    auto chosen = choice_of(*choice, names);
    if (!chosen) return chosen.error();
    body["toolConfig"] = json::object{{"functionCallingConfig", std::move(*chosen)}};
    return {};
}

}  // namespace patchbay::google
