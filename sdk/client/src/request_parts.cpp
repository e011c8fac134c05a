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
    {"base_model", "client_id", "extra_query", "max_retries", "model_info", "organization",
     "project", "region_name", "ssl_verify", "tenant_id"});

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

void read_fallbacks(std::string_view value, std::vector<std::string>& models) {
    const json::value list = value_of(value);
    if (!list.is_array()) return;
    for (const json::value& entry : list.get_array()) {
        const json::value* model = &entry;
        if (entry.is_object()) model = entry.get_object().if_contains("model");
        if (model && model->is_string()) models.emplace_back(model->get_string());
    }
}

// What the retries of OpenAI's SDK are called there.
void rename_retries(json::object& deployment) {
    const auto found = deployment.find("max_retries");
    if (found == deployment.end()) return;
    json::value retries = found->value();
    deployment.erase(found);
    deployment.insert_or_assign("num_retries", std::move(retries));
}

}  // namespace

void take_apart(std::string_view request, const CallOperation& operation, bool ad_hoc,
                RequestParts& parts) {
    MemberWalker walker(request);
    std::string rest = "{";
    bool changed = false;
    for (JsonMember member; walker.next(member);) {
        const auto& [name, value] = member;
        bool keep = true;
        if (name == "model" && value.starts_with('"')) {
            parts.model.clear();
            json_tree::append_decoded(value.substr(1, value.size() - 2), parts.model);
        }
        if (name == "stream") parts.stream = value == "true";
        if (operation.model_in_path && (name == "model" || name == "stream")) keep = false;
        if (name == "fallbacks") read_fallbacks(value, parts.fallbacks);
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
