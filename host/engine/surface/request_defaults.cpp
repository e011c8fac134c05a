#include "engine/surface/request_defaults.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

constexpr std::string_view kPolicies = "model_group_retry_policy";
constexpr auto kMembers =
    std::to_array<std::string_view>({"num_retries", "timeout", "fallbacks",
                                     "context_window_fallbacks", "content_policy_fallbacks"});

/// `{"gpt-4o": {"RateLimitErrorRetries": 3}}`
Result<std::shared_ptr<const FailurePolicies>> read_policies(const json::value& value) {
    constexpr std::int64_t kMost = 100;
    const std::string name(kPolicies);
    if (!value.is_object()) return wrong_value(name, "an object by model group");
    auto policies = std::make_shared<FailurePolicies>();
    for (const auto& [group, numbers] : value.get_object()) {
        const std::string place = name + '.' + std::string(group);
        if (!numbers.is_object()) return wrong_value(place, "an object");
        FailurePolicy& policy = (*policies)[group];
        for (const auto& [key, number] : numbers.get_object()) {
            const auto cls = policy_class_of(key, "Retries");
            if (!cls || number.is_null()) continue;
            const auto* const times = number.if_int64();
            if (times == nullptr || *times < 0 || *times > kMost) {
                return wrong_value(place + '.' + std::string(key), "a whole number from 0 to 100");
            }
            policy.of[static_cast<std::size_t>(*cls)] = static_cast<int>(*times);
        }
    }
    return std::shared_ptr<const FailurePolicies>(std::move(policies));
}

bay_str view(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

void RequestDefaults::fill_in(RequestOptions& request) const {
    if (!request.num_retries) request.num_retries = options.num_retries;
    if (!request.timeout) request.timeout = options.timeout;
    if (!request.fallbacks) request.fallbacks = options.fallbacks;
    request.retry_policies = options.retry_policies;
}

bool RequestDefaults::gave_fallbacks(const RequestOptions& request) const {
    return request.fallbacks && request.fallbacks == options.fallbacks;
}

bool is_request_default(std::string_view name) {
    return name == kPolicies || std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end();
}

Result<RequestDefaults> read_request_defaults(const json::object& router_settings) {
    std::vector<std::pair<std::string_view, std::string>> texts;
    for (const std::string_view name : kMembers) {
        const json::value* const value = router_settings.if_contains(name);
        if (value && !value->is_null()) texts.emplace_back(name, json_tree::write(*value));
    }
    std::vector<bay_member> members;
    for (const auto& [name, text] : texts) members.push_back({view(name), view(text), 0, 0});
    auto options = read_request_options(members);
    if (!options) return options.error();
    RequestDefaults defaults{std::move(*options)};
    if (const json::value* const value = router_settings.if_contains(kPolicies);
        value && !value->is_null()) {
        auto policies = read_policies(*value);
        if (!policies) return policies.error();
        defaults.options.retry_policies = std::move(*policies);
    }
    return defaults;
}

}  // namespace patchbay
