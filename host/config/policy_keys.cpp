#include "config/policy_keys.hpp"

#include <algorithm>
#include <array>

namespace patchbay {
namespace {

struct PolicyName {
    std::string_view error;  ///< of LiteLLM's exception, "TimeoutError"
    PolicyClass cls;
};
constexpr auto kPolicyNames = std::to_array<PolicyName>({
    {"BadRequestError", PolicyClass::bad_request},
    {"AuthenticationError", PolicyClass::authentication},
    {"TimeoutError", PolicyClass::timeout},
    {"RateLimitError", PolicyClass::rate_limit},
    {"ContentPolicyViolationError", PolicyClass::content_policy},
    {"InternalServerError", PolicyClass::internal_server},
});

/// Members named after an exception and `ending`, "Retries" or "AllowedFails".
void read_policy(Reader& reader, const Entry& entry, std::string_view ending,
                 FailurePolicy& policy) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry one{entry.section, member.key, member.value};
        const auto* row =
            std::find_if(kPolicyNames.begin(), kPolicyNames.end(), [&](const PolicyName& known) {
                return one.name() == std::string(known.error) + std::string(ending);
            });
        if (row == kPolicyNames.end()) {
            reader.problems().warning(member.key->place(),
                                      entry.quoted() + ": this key is not known: ignored");
            continue;
        }
        reader.read(one, policy.of[static_cast<std::size_t>(row->cls)]);
    }
}

}  // namespace

void read_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    read_policy(reader, entry, "Retries", settings.routing.retry_policy);
}

void read_group_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        read_policy(reader, {entry.section, entry.key, member.value}, "Retries",
                    settings.routing.group_retry_policy[member.key->text]);
    }
}

void read_allowed_fails_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    read_policy(reader, entry, "AllowedFails", settings.routing.allowed_fails_policy.emplace());
}

}  // namespace patchbay
