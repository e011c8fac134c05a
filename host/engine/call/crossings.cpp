#include "engine/call/crossings.hpp"

#include <array>

#include <spdlog/spdlog.h>

#include "engine/alerts/alert_service.hpp"
#include "engine/call/call.hpp"

namespace patchbay {

namespace {

using meter::Allowance;

struct Group {
    std::string_view descriptor, group;
};
constexpr auto kGroups = std::to_array<Group>({
    {"api_key", "key"},
    {"model_per_key", "key"},
    {"user", "user"},
    {"model_per_user", "user"},
    {"team", "team"},
    {"model_per_team", "team"},
    {"team_member", "team_member"},
    {"organization", "organization"},
    {"model_per_organization", "organization"},
    {"end_user", "customer"},
    {"model_per_end_user", "customer"},
    {"tag", "tag"},
    {"model_per_tag", "tag"},
});

std::string_view group_of(std::string_view descriptor) {
    for (const Group& row : kGroups) {
        if (row.descriptor == descriptor) return row.group;
    }
    return {};
}

// A limit by model names its subject as "OWNER:MODEL".
std::string model_of(const access::Crossing& crossing) {
    for (const access::Limited& limited : crossing.of->limits) {
        if (limited.subject.get() == crossing.subject) return limited.model;
    }
    return {};
}

void name_owner(const Call& call, const access::Crossing& crossing, BudgetAlert& alert) {
    const access::Subject& subject = *crossing.subject;
    alert.model = model_of(crossing);
    alert.owner = subject.value;
    if (!alert.model.empty()) alert.owner.resize(subject.value.size() - alert.model.size() - 1);
    if (alert.group == "customer") alert.customer_id = alert.owner;
    const access::Principal* const principal = call.principal.get();
    if (principal != crossing.of) return;
    alert.token = principal->hash_text;
    alert.key_alias = principal->alias;
    alert.user_id = principal->user_id;
    alert.team_id = principal->team_id;
    alert.team_alias = principal->team_alias;
    alert.organization_id = principal->organization_id;
    if (alert.group == "key") {
        alert.owner = principal->alias.empty() ? principal->name : principal->alias;
    }
    if (alert.group == "team" && !principal->team_alias.empty())
        alert.owner = principal->team_alias;
}

}  // namespace

void tell_crossing(const Call& call, const access::Crossing& crossing, std::int64_t now_us) {
    const access::Subject& subject = *crossing.subject;
    const Allowance& budget = subject.budget;
    if ((crossing.bounds & Allowance::kSoft) != 0) {
        spdlog::warn("the soft budget of {} {} is passed: {} $ of {} $", subject.descriptor,
                     subject.value, meter::dollars(budget.spent()).view(),
                     meter::dollars(budget.soft()).view());
    }
    AlertService* const alerts = call.engine.alerts;
    if (!alerts || !alerts->wanted()) return;
    BudgetAlert alert;
    alert.group = group_of(subject.descriptor);
    alert.at = now_us;
    alert.spend = budget.spent();
    if (budget.hard()) alert.max_budget = budget.limit(now_us);
    alert.soft_budget = budget.soft();
    name_owner(call, crossing, alert);
    if ((crossing.bounds & Allowance::kSoft) != 0) {
        alert.event = BudgetAlert::Event::soft_budget;
        alerts->tell(alert);
    }
    // Of several at once the last is the one that matters.
    if ((crossing.bounds & Allowance::kExceeded) != 0) {
        alert.event = BudgetAlert::Event::budget;
    } else if ((crossing.bounds & Allowance::kFiveLeft) != 0) {
        alert.event = BudgetAlert::Event::five_percent_left;
    } else if ((crossing.bounds & Allowance::kFifteenLeft) != 0) {
        alert.event = BudgetAlert::Event::fifteen_percent_left;
    } else {
        return;
    }
    alerts->tell(std::move(alert));
}

}  // namespace patchbay
