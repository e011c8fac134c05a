// Tested by dropped_paths_test.cpp.
#include "engine/call/dropped_paths.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <patchbay/json_tree.hpp>
#include <string_view>
#include <utility>

#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

using Steps = std::span<const std::string_view>;

constexpr std::string_view kEach = "[*]";
constexpr std::size_t kMostSteps = 20;  // LiteLLM's bound

// Names and brackets: "a.b[0]" is a, b, [0]. Empty: it is no path.
std::vector<std::string_view> steps_of(std::string_view path) {
    std::vector<std::string_view> steps;
    if (path.find_first_of(".[") == std::string_view::npos) return steps;
    while (!path.empty()) {
        if (path[0] == '.') {
            path.remove_prefix(1);
            continue;
        }
        const std::size_t close = path[0] == '[' ? path.find(']') : std::string_view::npos;
        if (path[0] == '[' && close == std::string_view::npos) return {};
        const std::size_t end =
            path[0] == '[' ? close + 1 : std::min(path.find_first_of(".["), path.size());
        steps.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return steps.size() <= kMostSteps ? steps : std::vector<std::string_view>();
}

bool erase_at(json::value& value, Steps steps);

bool erase_in_list(json::array& list, Steps steps) {
    if (steps.size() < 2) return false;
    const auto rest = steps.subspan(1);
    if (steps[0] == kEach) {
        bool erased = false;
        for (json::value& element : list) erased |= erase_at(element, rest);
        return erased;
    }
    const std::string_view digits = steps[0].substr(1, steps[0].size() - 2);
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const bool read = error == std::errc() && stop == digits.data() + digits.size();
    return read && index < list.size() && erase_at(list[index], rest);
}

// True if there was something.
bool erase_at(json::value& value, Steps steps) {
    if (steps[0][0] == '[') {
        json::array* const list = value.if_array();
        return list != nullptr && erase_in_list(*list, steps);
    }
    json::object* const object = value.if_object();
    if (object == nullptr || json_tree::is_number(value)) return false;
    if (steps.size() == 1) return object->erase(steps[0]) > 0;
    json::value* const inner = object->if_contains(steps[0]);
    return inner != nullptr && erase_at(*inner, steps.subspan(1));
}

bool erase_path(json::value& value, const std::vector<std::string_view>& steps) {
    const Steps inside = Steps(steps).subspan(1);
    bool erased = !inside.empty() && erase_at(value, inside);
    if (steps[0] != "tools" || steps.size() < 3 || steps[2] == "function") return erased;
    std::vector<std::string_view> of_function(inside.begin(), inside.end());
    of_function.insert(of_function.begin() + 1, "function");
    return erase_at(value, of_function) || erased;
}

std::optional<std::string_view> text_of(std::string_view name, std::span<const bay_member> members,
                                        std::span<const BodyMember> defaults) {
    if (const bay_member* given = find_member(members, name)) return bay::sv(given->value);
    const auto known = std::find_if(defaults.begin(), defaults.end(), [&](const BodyMember& one) {
        return one.first.size() == name.size() + 2 && one.first.substr(1, name.size()) == name;
    });
    if (known == defaults.end()) return std::nullopt;
    return known->second;
}

// A member that paths lead into. Each is read once, however many paths there are: a client may name many, of a large one.
struct Entered {
    std::string name;  ///< in quotation marks
    json_tree::Tree tree;
    bool erased = false;
};

BodyMember* find_override(std::vector<BodyMember>& overrides, std::string_view name) {
    const auto found = std::find_if(overrides.begin(), overrides.end(),
                                    [&](const BodyMember& one) { return one.first == name; });
    return found == overrides.end() ? nullptr : &*found;
}

}  // namespace

void drop_paths(const std::vector<std::string>& paths, std::span<const bay_member> members,
                std::span<const BodyMember> defaults,
                const std::function<bool(std::string_view name)>& unsent,
                std::vector<BodyMember>& overrides) {
    std::vector<Entered> all;
    for (const std::string& path : paths) {
        const auto steps = steps_of(path);
        if (steps.empty() || steps[0][0] == '[') continue;
        const std::string name = "\"" + std::string(steps[0]) + "\"";
        auto one = std::find_if(all.begin(), all.end(),
                                [&](const Entered& known) { return known.name == name; });
        if (one == all.end()) {
            const BodyMember* const before = find_override(overrides, name);
            if (before == nullptr && unsent(steps[0])) continue;
            const auto text = before != nullptr ? std::optional<std::string_view>(before->second)
                                                : text_of(steps[0], members, defaults);
            if (!text) continue;
            one = all.insert(all.end(), Entered{name, json_tree::read(*text)});
        }
        if (one->tree) one->erased |= erase_path(one->tree.value, steps);
    }
    for (const Entered& one : all) {
        if (!one.erased) continue;
        std::string left = json_tree::write(one.tree.value);
        if (BodyMember* const before = find_override(overrides, one.name)) {
            before->second = std::move(left);
        } else {
            overrides.emplace_back(one.name, std::move(left));
        }
    }
}

}  // namespace patchbay
