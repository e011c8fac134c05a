// SPDX-License-Identifier: Apache-2.0
#include "tool_names.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

namespace patchbay::anthropic {

namespace {

constexpr std::string_view kNameless = "tool";

bool is_taken_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

bool is_valid(std::string_view name, std::size_t longest) {
    return !name.empty() && name.size() <= longest &&
           std::all_of(name.begin(), name.end(), is_taken_character);
}

std::string made_valid(std::string_view name, std::size_t longest) {
    std::string valid;
    for (const char c : name) {
        if ((c & 0xc0) == 0x80) continue;  // one "_" for a character of several bytes
        valid += is_taken_character(c) ? c : '_';
        if (valid.size() == longest) break;
    }
    return valid.empty() ? std::string(kNameless) : valid;
}

// FNV-1a: the same on every machine, unlike std::hash.
std::string suffix_of(std::string_view name, std::uint32_t round) {
    std::uint32_t hash = 2166136261u + round;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    std::string suffix = "_";
    for (int shift = 28; shift >= 0; shift -= 4) suffix += "0123456789abcdef"[hash >> shift & 15];
    return suffix;
}

json::value* name_of(json::object& object, std::string_view member = "name") {
    auto* name = object.if_contains(member);
    return name && name->is_string() ? name : nullptr;
}

std::string_view words(const json::value& name) {
    return {name.get_string().data(), name.get_string().size()};
}

// Tools of Anthropic's own have a type with a date; those of the client have none, or "custom".
bool is_clients(const json::object& tool) {
    const auto type = text(tool, "type");
    return type.empty() || type == "custom" || type == "function";
}

template <class Visit>
void each_reference(json::value& at, const Visit& visit) {
    if (auto* list = at.if_array()) {
        for (auto& element : *list) each_reference(element, visit);
    } else if (auto* object = at.if_object()) {
        if (text(*object, "type") == "tool_reference") {
            if (auto* name = name_of(*object, "tool_name")) visit(*name);
            return;
        }
        for (const std::string_view member : {"content", "tool_references"}) {
            if (auto* inner = find(*object, member)) each_reference(*inner, visit);
        }
    }
}

// Every place in `body` that holds the name of a client's tool, in order.
template <class Visit>
void each_name(json::object& body, const Visit& visit) {
    if (auto* tools = body.if_contains("tools"); tools && tools->is_array()) {
        for (auto& tool : tools->get_array()) {
            auto* object = tool.if_object();
            if (!object || !is_clients(*object)) continue;
            if (auto* name = name_of(*object)) visit(*name);
        }
    }
    if (auto* choice = body.if_contains("tool_choice"); choice && choice->is_object()) {
        if (auto* name = name_of(choice->get_object())) visit(*name);
    }
    auto* messages = body.if_contains("messages");
    if (!messages || !messages->is_array()) return;
    for (auto& message : messages->get_array()) {
        auto* content = message.is_object() ? message.get_object().if_contains("content") : nullptr;
        if (!content || !content->is_array()) continue;
        for (auto& block : content->get_array()) {
            auto* object = block.if_object();
            if (!object) continue;
            if (text(*object, "type") == "tool_use") {
                if (auto* name = name_of(*object)) visit(*name);
            } else if (text(*object, "type") == "tool_result") {
                each_reference(block, visit);
            }
        }
    }
}

}  // namespace

ToolNames ToolNames::rename(json::object& body, std::string_view reserved, std::size_t longest) {
    const auto goes_as_it_is = [&](std::string_view name) {
        return is_valid(name, longest) && name != reserved;
    };
    bool all_valid = true;
    each_name(body, [&](const json::value& name) {
        all_valid = all_valid && goes_as_it_is(words(name));
    });
    ToolNames names;
    if (all_valid) return names;

    std::unordered_set<std::string> used;
    if (!reserved.empty()) used.emplace(reserved);
    each_name(body, [&](const json::value& name) {
        if (goes_as_it_is(words(name))) used.emplace(words(name));
    });
    if (const auto* tools = find_array(body, "tools")) {
        for (const auto& tool : *tools) {
            const auto* object = tool.if_object();
            if (object && !is_clients(*object)) used.emplace(text(*object, "name"));
        }
    }
    std::unordered_map<std::string, std::string> to_upstream;
    each_name(body, [&](json::value& name) {
        const std::string given(words(name));
        if (goes_as_it_is(given)) return;
        auto known = to_upstream.find(given);
        if (known == to_upstream.end()) {
            auto valid = made_valid(given, longest);
            const auto head = valid.substr(0, longest - suffix_of(given, 0).size());
            for (std::uint32_t round = 0; !used.insert(valid).second; ++round) {
                valid = head + suffix_of(given, round);
            }
            names.renamed_.emplace_back(valid, given);
            known = to_upstream.emplace(given, std::move(valid)).first;
        }
        name = known->second;
    });
    return names;
}

std::string_view ToolNames::original(std::string_view upstream) const {
    const auto found = std::find_if(renamed_.begin(), renamed_.end(),
                                    [&](const auto& pair) { return pair.first == upstream; });
    return found == renamed_.end() ? upstream : std::string_view(found->second);
}

void ToolNames::restore_references(json::value& block) const {
    if (renamed_.empty()) return;
    each_reference(block, [&](json::value& name) { name = original(words(name)); });
}

}  // namespace patchbay::anthropic
