#include "engine/guard/selection.hpp"

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "engine/surface/body_edit.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

std::string_view guard::mode_name(unsigned mode) {
    switch (mode) {
        case kPreCall:
            return "pre_call";
        case kDuringCall:
            return "during_call";
        case kPostCall:
            return "post_call";
        default:
            return "logging_only";
    }
}

namespace guard {
namespace {

namespace json = boost::json;

// Name -> the settings given with it.
using Named = std::map<std::string, std::string, std::less<>>;

// Null if there is no such member. The scan of the request has found it to be JSON.
json::value member_value(std::span<const bay_member> members, std::string_view name) {
    const bay_member* member = find_member(members, name);
    if (!member) return nullptr;
    json_tree::Tree tree = json_tree::read(bay::sv(member->value));
    json_tree::make_utf8(tree.value);
    return std::move(tree.value);
}

Error wrong(std::string message) {
    return bad_request(std::move(message), "guardrails");
}

void take_object(const json::object& object, Named& named) {
    for (const auto& member : object) {
        std::string params = "{}";
        const auto* settings = member.value().if_object();
        const auto* extra = settings ? settings->if_contains("extra_body") : nullptr;
        if (extra && extra->is_object()) params = json_tree::write(*extra);
        named.insert_or_assign(std::string(member.key()), std::move(params));
    }
}

// ["a", {"b": {"extra_body": {...}}}] or {"a": {...}}; false = neither.
bool take(const json::value& value, Named& named) {
    if (value.is_null()) return true;
    if (const auto* object = value.if_object()) {
        take_object(*object, named);
        return true;
    }
    const auto* list = value.if_array();
    if (!list) return false;
    for (const json::value& item : *list) {
        if (const auto* text = item.if_string()) {
            named.try_emplace(std::string(text->data(), text->size()), "{}");
        } else if (const auto* object = item.if_object()) {
            take_object(*object, named);
        } else {
            return false;
        }
    }
    return true;
}

// The gateway has no policies (config/losses.hpp), so whoever names one goes without the guardrails it means.
std::optional<Error> check_policies(const json::value& policies, std::string_view place) {
    const auto* list = policies.if_array();
    if (policies.is_null() || (list && list->empty())) return std::nullopt;
    return bad_request("There are no policies on this gateway, so '" + std::string(place) +
                           "' cannot be kept to: name `guardrails`.",
                       "policies");
}

std::set<std::string, std::less<>> tags_of(const json::value& metadata) {
    std::set<std::string, std::less<>> tags;
    const auto* object = metadata.if_object();
    const auto* list = object ? object->if_contains("tags") : nullptr;
    if (!list || !list->is_array()) return tags;
    for (const json::value& item : list->get_array()) {
        if (const auto* text = item.if_string()) tags.emplace(text->data(), text->size());
    }
    return tags;
}

unsigned modes_for(const GuardrailConfig& config, const std::set<std::string, std::less<>>& tags) {
    unsigned modes = 0;
    bool tagged = false;
    for (const auto& [tag, mode] : config.modes_by_tag) {
        if (!tags.contains(tag)) continue;
        modes |= mode;
        tagged = true;
    }
    return tagged ? modes : config.modes;
}

/// One of the entries that share the name of all[first], by weight.
const Guardrail* pick(std::span<const std::unique_ptr<const Guardrail>> all, std::size_t first,
                      double random) {
    const std::string& name = all[first]->config.guardrail_name;
    std::vector<const Guardrail*> same;
    double sum = 0;
    for (const auto& guardrail : all.subspan(first)) {
        if (guardrail->config.guardrail_name != name) continue;
        same.push_back(guardrail.get());
        sum += guardrail->config.weight.value_or(1);
    }
    double left = random * sum;
    for (const Guardrail* guardrail : same) {
        left -= guardrail->config.weight.value_or(1);
        if (left < 0) return guardrail;
    }
    return same.back();
}

}  // namespace

Result<std::vector<Selected>> select(std::span<const std::unique_ptr<const Guardrail>> all,
                                     std::span<const bay_member> members,
                                     std::span<const std::string> required, double random) {
    Named named;
    json::value metadata = member_value(members, "metadata");
    if (metadata.is_null()) metadata = member_value(members, "litellm_metadata");
    if (!take(member_value(members, "guardrails"), named)) {
        return wrong("'guardrails' must be a list of names.");
    }
    if (auto refused = check_policies(member_value(members, "policies"), "policies")) {
        return std::move(*refused);
    }
    if (const auto* object = metadata.if_object()) {
        const auto* more = object->if_contains("guardrails");
        if (more && !take(*more, named)) {
            return wrong("'metadata.guardrails' must be a list of names.");
        }
        const auto* policies = object->if_contains("policies");
        auto refused = policies ? check_policies(*policies, "metadata.policies") : std::nullopt;
        if (refused) return std::move(*refused);
    }
    for (const std::string& name : required) named.try_emplace(name, "{}");
    const auto tags = tags_of(metadata);

    std::vector<Selected> selected;
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string& name = all[i]->config.guardrail_name;
        if (!seen.insert(name).second) continue;
        const Guardrail* guardrail = pick(all, i, random);
        const auto asked = named.find(name);
        unsigned modes = modes_for(guardrail->config, tags);
        if (asked == named.end() && !guardrail->config.default_on) modes &= kLoggingOnly;
        if (modes == 0) continue;
        selected.push_back({guardrail, modes, asked == named.end() ? "{}" : asked->second});
    }
    for (const auto& [name, params] : named) {
        if (!seen.contains(name)) {
            return wrong("Guardrail '" + name + "' is not configured on this gateway.");
        }
    }
    return selected;
}

}  // namespace guard
}  // namespace patchbay
