#include "request_parts.hpp"

#include <algorithm>
#include <array>

#include "contract/json/control_params.hpp"
#include "contract/json/member_walker.hpp"
#include "engine/meter/price_fields.hpp"
#include "engine/surface/secret_names.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::client {

namespace {

namespace json = boost::json;

/// What describes a deployment besides prices and what a client may not set (is_refused_param).
constexpr auto kOfDeployment = std::to_array<std::string_view>(
    {"assistant_continue_message", "base_model", "cache_control_injection_points", "client_id",
     "ensure_alternating_roles", "extra_query", "max_retries", "model_info", "organization",
     "project", "region_name", "ssl_verify", "supports_system_message", "tenant_id",
     "user_continue_message"});

/// `mock_*` parameters that ask for a failure of routing, and not for an answer.
constexpr std::string_view kMockFailures = "mock_testing_";

json::value value_of(std::string_view text) {
    json_tree::Tree tree = json_tree::read(text);
    json_tree::make_utf8(tree.value);
    return std::move(tree.value);
}

bool describes_deployment(std::string_view name) {
    const auto& own = kOfDeployment;
    return std::find(own.begin(), own.end(), name) != own.end() || is_refused_param(name) ||
           meter::is_price_field(name);
}

bool says_nothing(std::string_view value) {
    return value == "null" || value == "false";
}

// What the retries of OpenAI's SDK are called there.
void rename_retries(json::object& deployment) {
    const auto found = deployment.find("max_retries");
    if (found == deployment.end()) return;
    json::value retries = found->value();
    deployment.erase(found);
    deployment.insert_or_assign("num_retries", std::move(retries));
}

// Takes what describes a deployment out of an object among `fallbacks`, which gets a name of its own.
void split_fallback(json::object& entry, std::size_t number, Fallback& fallback) {
    json::object rest;
    for (auto& [name, value] : entry) {
        const bool own = describes_deployment(name);
        if (!own || !value.is_null()) (own ? fallback.deployment : rest)[name] = std::move(value);
    }
    entry = std::move(rest);
    if (fallback.deployment.empty()) return;
    rename_retries(fallback.deployment);
    fallback.name += " (fallback " + std::to_string(number) + ")";
    entry["model"] = fallback.name;
}

// True if the list in the body has to be another one: `list` then.
bool read_fallbacks(std::string_view value, bool ad_hoc, std::vector<Fallback>& fallbacks,
                    std::string& list) {
    json::value read = value_of(value);
    if (!read.is_array()) return false;
    bool changed = false;
    for (json::value& entry : read.get_array()) {
        const json::value* model = &entry;
        if (entry.is_object()) model = entry.get_object().if_contains("model");
        if (model == nullptr || !model->is_string()) continue;
        const std::string name(model->get_string());
        Fallback& fallback = fallbacks.emplace_back(Fallback{name, name, {}});
        if (ad_hoc && entry.is_object()) {
            split_fallback(entry.get_object(), fallbacks.size(), fallback);
            changed = changed || !fallback.deployment.empty();
        }
    }
    if (changed) list = json_tree::write(read);
    return changed;
}

}  // namespace

void take_apart(std::string_view request, const CallOperation& operation, bool ad_hoc,
                RequestParts& parts) {
    MemberWalker walker(request);
    std::string rest = "{";
    std::string fallbacks;
    bool changed = false;
    for (JsonMember member; walker.next(member);) {
        const auto& name = member.name;
        std::string_view value = member.value;
        bool keep = true;
        if (name == "model" && value.starts_with('"')) {
            parts.model.clear();
            json_tree::append_decoded(value.substr(1, value.size() - 2), parts.model);
        }
        if (name == "stream") parts.stream = value == "true";
        if (operation.model_in_path && (name == "model" || name == "stream")) keep = false;
        if (name == "fallbacks" && read_fallbacks(value, ad_hoc, parts.fallbacks, fallbacks)) {
            value = fallbacks;
            changed = true;
        }
        if (is_mock_param(name) && !name.starts_with(kMockFailures)) {
            parts.mocked = parts.mocked || !says_nothing(value);
            keep = keep && !says_nothing(value);
        }
        if (ad_hoc && describes_deployment(name)) {
            keep = false;
            if (value != "null") parts.deployment.insert_or_assign(name, value_of(value));
        }
        changed = changed || !keep;
        if (keep) {
            if (rest.size() > 1) rest += ',';
            rest.append("\"").append(name).append("\":").append(value);
        }
    }
    parts.readable = walker.complete();
    parts.body = request;
    if (!parts.readable || !changed) return;
    rename_retries(parts.deployment);
    rest += '}';
    parts.own = std::move(rest);
    parts.body = parts.own;
}

}  // namespace patchbay::client
