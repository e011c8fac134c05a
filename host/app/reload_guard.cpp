#include "app/reload_guard.hpp"

#include <algorithm>
#include <string>

namespace patchbay::app {

namespace {

/// Does every request pass it?
bool is_for_all(const GuardrailConfig& guardrail) {
    return guardrail.default_on;
}

bool has_trust(const Config& config) {
    return config.plugins.trust.pinned || !config.plugins.trust.ed25519.empty();
}

}  // namespace

std::vector<Problem> lost_locks(const Config& in_use, const Config& next, const Place& file) {
    std::vector<Problem> lost;
    const auto tell = [&](Problem::Severity severity, const std::string& what) {
        lost.push_back({severity, file, what});
    };
    if (!in_use.general.master_key.empty() && next.general.master_key.empty()) {
        tell(Problem::Severity::error,
             "the configuration in use has a master key, this one has none: restart to serve "
             "without");
    }
    if (has_trust(in_use) && !has_trust(next)) {
        tell(Problem::Severity::error,
             "the configuration in use says whose plugin files may run (`plugins.trust`), this one "
             "does not: restart to serve without");
    }
    const auto& now = next.guardrails;
    const bool any = std::any_of(now.begin(), now.end(), is_for_all);
    for (const GuardrailConfig& before : in_use.guardrails) {
        if (!is_for_all(before)) continue;
        const bool kept = std::any_of(now.begin(), now.end(), [&](const GuardrailConfig& other) {
            return is_for_all(other) && other.guardrail_name == before.guardrail_name;
        });
        if (kept) continue;
        const std::string what =
            "every request passes the guardrail '" + before.guardrail_name + "' ";
        if (any) {
            tell(Problem::Severity::warning, what + "no more");
        } else {
            tell(Problem::Severity::error,
                 what +
                     "in the configuration in use, in this one none does: restart to serve "
                     "without");
        }
    }
    if (in_use.litellm.logging.turn_off_message_logging &&
        !next.litellm.logging.turn_off_message_logging) {
        tell(Problem::Severity::warning,
             "`litellm_settings.turn_off_message_logging` is gone: texts are in the records from "
             "now on");
    }
    return lost;
}

}  // namespace patchbay::app
