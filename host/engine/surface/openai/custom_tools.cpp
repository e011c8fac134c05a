#include "engine/surface/openai/custom_tools.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/body_edit.hpp"
#include "engine/surface/hub/mentions.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kInput = "input";

// {"type":"custom","custom":{...}}: the inner object. Some clients write its members beside the type, as in
// the Responses API; with an input_schema it is Anthropic's tool, and none of these. Else nullptr.
const json::object* custom_in(const json::value& value) {
    const auto* object = as_object(&value);
    if (!object || text(*object, "type") != "custom") return nullptr;
    if (const auto* inner = find_object(*object, "custom")) return inner;
    return find(*object, "name") && !find(*object, "input_schema") ? object : nullptr;
}

// The same object, of the type function; `function` in the place of what makes it custom.
json::object with_function(const json::object& given, json::object function) {
    json::object made = given;
    for (const std::string_view member : {"custom", "name", "description", "format", "input"}) {
        made.erase(member);
    }
    made["type"] = "function";
    made["function"] = std::move(function);
    return made;
}

Result<void> write_tools(json::array& tools, FunctionsOfCustom& made) {
    for (std::size_t i = 0; i < tools.size(); ++i) {
        const auto* custom = custom_in(tools[i]);
        if (!custom) continue;
        std::string place = "tools[" + std::to_string(i) + "]";
        if (find(tools[i].get_object(), "custom")) place += ".custom";
        const auto name = text(*custom, "name");
        if (name.empty()) {
            return bad_request(place + ".name: must be a string that is not empty",
                               place + ".name");
        }
        const auto* format = find_object(*custom, "format");
        const auto* grammar = format ? find_object(*format, "grammar") : nullptr;
        if (!grammar) grammar = format;
        const auto definition = grammar ? text(*grammar, "definition") : std::string_view();
        if (!definition.empty()) made.dropped.push_back(place + ".format");
        made.names.emplace_back(name);
        tools[i] = with_function(
            tools[i].get_object(),
            free_text_function(name, text(*custom, "description"), definition,
                               grammar ? text(*grammar, "syntax") : std::string_view()));
    }
    return {};
}

// A tool that is named: tool_choice, or one of those that are allowed.
void write_named(json::value& value) {
    if (const auto* custom = custom_in(value)) {
        json::object function;
        function["name"] = text(*custom, "name");
        value = with_function(value.get_object(), std::move(function));
    }
}

void write_choice(json::value& choice) {
    write_named(choice);
    auto* object = choice.if_object();
    if (!object || text(*object, "type") != "allowed_tools") return;
    auto* inner = object->if_contains("allowed_tools");
    auto& allowed = inner && inner->is_object() ? inner->get_object() : *object;
    auto* tools = allowed.if_contains("tools");
    if (!tools || !tools->is_array()) return;
    for (auto& tool : tools->get_array()) write_named(tool);
}

void write_messages(json::value& messages) {
    if (!messages.is_array()) return;
    for (auto& message : messages.get_array()) {
        auto* object = message.if_object();
        auto* calls = object ? object->if_contains("tool_calls") : nullptr;
        if (!calls || !calls->is_array()) continue;
        for (auto& call : calls->get_array()) {
            const auto* custom = custom_in(call);
            if (!custom) continue;
            json::object arguments;
            arguments[kInput] = text(*custom, kInput);
            json::object function{{"name", text(*custom, "name")},
                                  {"arguments", json_tree::write(arguments)}};
            call = with_function(call.get_object(), std::move(function));
        }
    }
}

bool says_custom(std::string_view json) {
    return mentions(json, R"("custom")");
}

}  // namespace

json::object free_text_function(std::string_view name, std::string_view description,
                                std::string_view definition, std::string_view syntax) {
    std::string words(description);
    if (!definition.empty()) {
        words.append("\n\nThe input must match this grammar (")
            .append(syntax)
            .append("):\n")
            .append(definition);
    }
    json::object input{{"type", "string"}, {"description", "The input, as plain text."}};
    json::object parameters{{"type", "object"},
                            {"properties", json::object{{kInput, std::move(input)}}},
                            {"required", json::array{kInput}},
                            {"additionalProperties", false}};
    return {{"name", name}, {"description", words}, {"parameters", std::move(parameters)}};
}

std::string custom_input(std::string_view arguments) {
    const auto tree = json_tree::read(arguments);
    const auto* object = tree ? as_object(&tree.value) : nullptr;
    if (object && object->empty()) return {};
    const auto* input = object ? object->if_contains(kInput) : nullptr;
    if (input && input->is_string()) return std::string(view(input->get_string()));
    return std::string(arguments);
}

bool may_have_custom_tools(std::span<const bay_member> members) {
    const bay_member* tools = find_member(members, "tools");
    return tools && says_custom(bay::sv(tools->value));
}

Result<FunctionsOfCustom> functions_of_custom(std::string_view body,
                                              std::span<const bay_member> members) {
    FunctionsOfCustom made;
    auto tools = json_tree::read(bay::sv(find_member(members, "tools")->value));
    if (!tools || !tools.value.is_array()) return made;
    if (auto written = write_tools(tools.value.get_array(), made); !written) return written.error();
    if (made.names.empty()) return made;
    std::vector<BodyMember> overrides{{R"("tools")", json_tree::write(tools.value)}};
    const auto rewrite = [&](std::string_view name, void (*write)(json::value&)) {
        const bay_member* member = find_member(members, name);
        if (!member || !says_custom(bay::sv(member->value))) return;
        auto tree = json_tree::read(bay::sv(member->value));
        if (!tree) return;
        write(tree.value);
        overrides.emplace_back('"' + std::string(name) + '"', json_tree::write(tree.value));
    };
    rewrite("tool_choice", write_choice);
    rewrite("messages", write_messages);
    BodyEdits edits;
    edits.overrides = overrides;
    made.json = EditedBody({body, members}, edits).view().json;
    return made;
}

bool CustomCalls::is_custom(std::string_view name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::optional<std::string> CustomCalls::whole(std::string_view json) const {
    auto tree = json_tree::read(json);
    auto* answer = tree ? tree.value.if_object() : nullptr;
    auto* choices = answer ? answer->if_contains("choices") : nullptr;
    if (!choices || !choices->is_array()) return std::nullopt;
    bool changed = false;
    for (auto& value : choices->get_array()) {
        auto* choice = value.if_object();
        auto* message = choice ? choice->if_contains("message") : nullptr;
        auto* calls = message && message->is_object()
                          ? message->get_object().if_contains("tool_calls")
                          : nullptr;
        if (!calls || !calls->is_array()) continue;
        for (auto& one : calls->get_array()) {
            auto* call = one.if_object();
            const auto* function = call ? find_object(*call, "function") : nullptr;
            if (!function || !is_custom(text(*function, "name"))) continue;
            json::object custom{{"name", text(*function, "name")},
                                {kInput, custom_input(text(*function, "arguments"))}};
            call->erase("function");
            (*call)["type"] = "custom";
            (*call)["custom"] = std::move(custom);
            changed = true;
        }
    }
    if (!changed) return std::nullopt;
    return json_tree::write(tree.value);
}

CustomCalls::Call* CustomCalls::find_call(std::uint64_t choice, std::uint64_t index) {
    const auto found = std::find_if(calls_.begin(), calls_.end(), [&](const Call& call) {
        return call.choice == choice && call.index == index;
    });
    return found == calls_.end() ? nullptr : &*found;
}

// What is told of a call now, or null. `name` is not empty where the call begins.
json::value CustomCalls::piece(Call& call, json::object entry, std::string_view name,
                               std::string_view arguments) {
    std::string input;
    if (call.told) {
        // White space behind the object, or what was too long to be held.
        if (!call.progress.complete()) input = arguments;
    } else {
        call.progress.feed(arguments);
        call.arguments += arguments;
        held_ += arguments.size();
        if (call.progress.complete() || held_ > kMostHeld) {
            held_ -= call.arguments.size();
            input = custom_input(std::exchange(call.arguments, {}));
            call.told = true;
        }
    }
    if (name.empty() && input.empty()) return nullptr;
    json::object custom;
    if (!name.empty()) custom["name"] = name;
    custom[kInput] = input;
    entry.erase("function");
    if (!name.empty()) entry["type"] = "custom";
    entry["index"] = call.index;
    entry["custom"] = std::move(custom);
    return entry;
}

// Rewrites the choice of a chunk. `late` gets what must be told before the choice ends. True if anything changed.
bool CustomCalls::take(json::object& choice, json::array& late) {
    const auto number = count(choice, "index");
    auto* delta = choice.if_contains("delta");
    auto* calls =
        delta && delta->is_object() ? delta->get_object().if_contains("tool_calls") : nullptr;
    bool changed = false;
    if (calls && calls->is_array()) {
        json::array kept;
        for (auto& value : calls->get_array()) {
            auto* entry = value.if_object();
            const auto* function = entry ? find_object(*entry, "function") : nullptr;
            const auto index = entry ? count(*entry, "index") : 0;
            const std::string name(function ? text(*function, "name") : std::string_view());
            Call* call = function ? find_call(number, index) : nullptr;
            const bool begins = !call && is_custom(name) && calls_.size() < kMostCalls;
            if (begins) call = &calls_.emplace_back(Call{number, index});
            if (!call) {
                kept.push_back(std::move(value));
                continue;
            }
            changed = true;
            auto told =
                piece(*call, *entry, begins ? name : std::string(), text(*function, "arguments"));
            if (!told.is_null()) kept.push_back(std::move(told));
        }
        if (kept.empty()) {
            delta->get_object().erase("tool_calls");
        } else {
            *calls = std::move(kept);
        }
    }
    if (!find(choice, "finish_reason")) return changed;
    for (auto& call : calls_) {
        if (call.choice != number || call.told) continue;
        call.told = true;
        if (call.arguments.empty()) continue;
        held_ -= call.arguments.size();
        json::object custom;
        custom[kInput] = custom_input(std::exchange(call.arguments, {}));
        late.emplace_back(json::object{{"index", call.index}, {"custom", std::move(custom)}});
        changed = true;
    }
    return changed;
}

bool CustomCalls::chunk(std::string_view json, std::vector<std::string>& chunks) {
    const bool begins = json.find(R"("tool_calls")") != json.npos;
    if (!begins && calls_.empty()) return false;
    auto tree = json_tree::read(json);
    auto* chunk = tree ? tree.value.if_object() : nullptr;
    auto* choices = chunk ? chunk->if_contains("choices") : nullptr;
    if (!choices || !choices->is_array()) return false;
    bool changed = false;
    json::array kept;
    json::array before;
    for (auto& value : choices->get_array()) {
        auto* choice = value.if_object();
        json::array late;
        const bool own = choice && take(*choice, late);
        changed = changed || own;
        if (!late.empty()) {
            json::object delta;
            delta["tool_calls"] = std::move(late);
            before.emplace_back(json::object{{"index", count(*choice, "index")},
                                             {"delta", std::move(delta)},
                                             {"finish_reason", nullptr}});
        }
        const auto* delta = own ? find_object(*choice, "delta") : nullptr;
        const bool nothing = delta && delta->empty() && !find(*choice, "finish_reason") &&
                             !find(*choice, "logprobs");
        if (!nothing) kept.push_back(std::move(value));
    }
    if (!changed) return false;
    if (!before.empty()) {
        json::object told = *chunk;
        told.erase("usage");
        told["choices"] = std::move(before);
        chunks.push_back(json_tree::write(told));
    }
    const bool empty = kept.empty() && !find(*chunk, "usage");
    if (empty) return true;
    *choices = std::move(kept);
    chunks.push_back(json_tree::write(tree.value));
    return true;
}

}  // namespace patchbay::surface
