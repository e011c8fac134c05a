#include "row_fields.hpp"

#include <algorithm>

#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

Fields::Fields(const json::object& object, std::string pointer, std::vector<RowProblem>& problems)
    : object_(object), pointer_(std::move(pointer)), problems_(problems) {}

std::string Fields::pointer_to(std::string_view name) const {
    std::string out = pointer_ + "/";
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

void Fields::problem(std::string_view name, std::string message) {
    problems_.push_back({pointer_to(name), std::move(message)});
}

const json::value* Fields::value(std::string_view name) {
    note(name);
    return object_.if_contains(name);
}

void Fields::text(std::string_view name, std::string& target) {
    const json::value* found = value(name);
    if (found == nullptr) return;
    if (!found->is_string()) return problem(name, "must be a string");
    target = std::string_view(found->get_string());
}

void Fields::flag(std::string_view name, bool& target) {
    const json::value* found = value(name);
    if (found == nullptr) return;
    if (!found->is_bool()) return problem(name, "must be true or false");
    target = found->get_bool();
}

void Fields::number(std::string_view name, std::optional<double>& target) {
    const json::value* found = value(name);
    if (found == nullptr) return;
    target = json_tree::number(*found);
    if (!target) problem(name, "must be a number");
}

void Fields::texts(std::string_view name, std::vector<std::string>& target) {
    const json::value* found = value(name);
    if (found == nullptr) return;
    if (found->is_string()) {
        target.emplace_back(std::string_view(found->get_string()));
        return;
    }
    if (!found->is_array()) return problem(name, "must be a list of strings");
    std::size_t index = 0;
    for (const json::value& item : found->get_array()) {
        if (item.is_string()) {
            target.emplace_back(std::string_view(item.get_string()));
        } else {
            problems_.push_back(
                {pointer_to(name) + "/" + std::to_string(index), "must be a string"});
        }
        ++index;
    }
}

void Fields::text_pairs(std::string_view name,
                        std::vector<std::pair<std::string, std::string>>& target) {
    const json::object* found = object(name);
    if (found == nullptr) return;
    for (const auto& [key, item] : *found) {
        if (item.is_string()) {
            target.emplace_back(key, std::string_view(item.get_string()));
        } else {
            problems_.push_back(
                {Fields(*found, pointer_to(name), problems_).pointer_to(key), "must be a string"});
        }
    }
}

void Fields::params(std::string_view name, ParamSet& target) {
    std::vector<std::string> names;
    texts(name, names);
    for (const std::string& item : names) {
        const Param param = find_param(item);
        if (param == Param::unknown) {
            problem(name,
                    "'" + item + "' is not a parameter of OpenAI's chat API that this table knows");
        } else {
            target.add(param);
        }
    }
}

const json::object* Fields::object(std::string_view name) {
    const json::value* found = value(name);
    if (found == nullptr) return nullptr;
    if (!found->is_object()) {
        problem(name, "must be an object");
        return nullptr;
    }
    return &found->get_object();
}

void Fields::finish() {
    for (const auto& member : object_) {
        const std::string_view name = member.key();
        if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
            problem(name, "is not known here");
        }
    }
}

}  // namespace patchbay::openai
