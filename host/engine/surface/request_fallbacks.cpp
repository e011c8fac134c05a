#include "engine/surface/request_fallbacks.hpp"

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

constexpr std::size_t kMostFallbacks = 100;

/// A target: its name, or an object whose only member is `model`.
const json::string* target_of(const json::value& item) {
    if (item.is_string()) return &item.get_string();
    if (!item.is_object() || item.get_object().size() != 1) return nullptr;
    const json::value* model = item.get_object().if_contains("model");
    return model ? model->if_string() : nullptr;
}

std::optional<Error> read_targets(std::string_view name, const json::value& value,
                                  std::vector<std::string>& targets) {
    if (!value.is_array() || value.get_array().size() > kMostFallbacks) {
        return wrong_value(name, "a list of models");
    }
    for (const json::value& item : value.get_array()) {
        const json::string* target = target_of(item);
        if (target == nullptr) {
            return wrong_value(name, "a list of models; parameters of their own cannot be given");
        }
        targets.emplace_back(*target);
    }
    return std::nullopt;
}

/// `[{"gpt-4o": ["claude"]}]`.
std::optional<Error> read_by_group(std::string_view name, const json::value& value,
                                   FallbackMap& map) {
    if (!value.is_array() || value.get_array().size() > kMostFallbacks) {
        return wrong_value(name, "a list");
    }
    for (const json::value& item : value.get_array()) {
        if (!item.is_object() || item.get_object().size() != 1) {
            return wrong_value(
                name, "a list of objects with one member, a model group and its fallbacks");
        }
        const auto& [group, targets] = *item.get_object().begin();
        if (auto error = read_targets(name, targets, map[std::string(group)])) return error;
    }
    return std::nullopt;
}

/// Is it LiteLLM's form by group? Else it is a list of targets.
bool is_by_group(const json::value& value) {
    if (!value.is_array() || value.get_array().empty()) return false;
    const json::value& first = value.get_array().front();
    return first.is_object() && first.get_object().size() == 1 &&
           first.get_object().begin()->value().is_array();
}

std::optional<Error> read_member(std::string_view name, const json::value& value,
                                 RequestFallbacks& found) {
    if (name == "max_fallbacks") {
        if (!value.is_int64() || value.get_int64() < 0 ||
            value.get_int64() > static_cast<std::int64_t>(kMostFallbacks)) {
            return wrong_value(name, "a whole number from 0 to 100");
        }
        found.by_group.max = static_cast<int>(value.get_int64());
        return std::nullopt;
    }
    if (name == "default_fallbacks") {
        return read_targets(name, value, found.by_group.general["*"]);
    }
    if (name == "context_window_fallbacks") {
        return read_by_group(name, value, found.by_group.context_window);
    }
    if (name == "content_policy_fallbacks") {
        return read_by_group(name, value, found.by_group.content_policy);
    }
    if (is_by_group(value)) return read_by_group(name, value, found.by_group.general);
    found.no_general = value.is_array() && value.get_array().empty();
    return read_targets(name, value, found.list);
}

bool is_fallback_param(std::string_view name) {
    return name == "fallbacks" || name == "context_window_fallbacks" ||
           name == "content_policy_fallbacks" || name == "default_fallbacks" ||
           name == "max_fallbacks";
}

}  // namespace

Result<std::shared_ptr<const RequestFallbacks>> read_request_fallbacks(
    std::span<const bay_member> members) {
    std::shared_ptr<RequestFallbacks> found;
    for (const bay_member& member : members) {
        const std::string_view name(member.name.ptr, member.name.len);
        if (!is_fallback_param(name)) continue;
        json_tree::Tree tree = json_tree::read({member.value.ptr, member.value.len});
        if (!tree) return wrong_value(name, "JSON");
        json_tree::make_utf8(tree.value);
        if (tree.value.is_null()) continue;
        if (!found) found = std::make_shared<RequestFallbacks>();
        if (auto error = read_member(name, tree.value, *found)) return *error;
    }
    return std::shared_ptr<const RequestFallbacks>(std::move(found));
}

}  // namespace patchbay
