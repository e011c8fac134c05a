#include "control/fields.hpp"

#include <array>

namespace patchbay::control {

namespace {

using enum Type;
using enum Where;

constexpr auto kKeyFields = std::to_array<Field>({
    {"key_alias", text, column, "alias"},
    {"models", list, doc, {}, "[]"},
    {"aliases", object, doc, {}, "{}"},
    {"config", object, doc, {}, "{}"},
    {"permissions", object, doc, {}, "{}", true},
    {"metadata", object, doc, {}, "{}"},
    {"max_budget", money, limits, "max_nano", "null", true},
    {"soft_budget", money, limits, "soft_nano", "null", true},
    {"budget_duration", duration, limits, "duration", "null", true},
    {"tpm_limit", integer, limits, "tpm", "null", true},
    {"rpm_limit", integer, limits, "rpm", "null", true},
    {"max_parallel_requests", integer, limits, "parallel", "null", true},
    {"temp_budget_increase", money, limits, "extra_nano", "null", true},
    {"temp_budget_expiry", time, limits, "extra_until", "null", true},
    {"budget_limits", budget_windows, doc, {}, "null", true},
    {"model_max_budget", model_budgets, doc, {}, "{}", true},
    {"budget_fallbacks", object, doc, {}, "{}", true},
    {"allowed_cache_controls", list, doc, {}, "[]"},
    {"allowed_routes", list, doc, {}, "[]", true},
    {"access_group_ids", list, doc, {}, "[]", true},
    {"router_settings", router_settings, doc, {}, "null", true},
    {"key_type", text, doc, {}, "null", true},
    {"auto_rotate", boolean, doc, {}, "false"},
    {"rotation_interval", duration, doc},
    {"object_permission", object, doc, {}, "null", true},
    {"agent_id", text, doc},
    {"blocked", boolean, column, "blocked", "null", true},
    {"model_rpm_limit", model_rates, metadata, {}, "null", true},
    {"model_tpm_limit", model_rates, metadata, {}, "null", true},
    {"rpm_limit_type", text, metadata, {}, "null", true},
    {"tpm_limit_type", text, metadata, {}, "null", true},
    {"guardrails", list, metadata, {}, "null", true},
    {"disable_global_guardrails", boolean, metadata, {}, "null", true},
    {"tags", list, metadata},
    {"enforced_params", list, metadata, {}, "null", true},
    {"allowed_passthrough_routes", list, metadata, {}, "null", true},
    {"throttle_on_budget_exceeded", boolean, metadata, {}, "null", true},
});

constexpr auto kTeamFields = std::to_array<Field>({
    {"team_alias", text, column, "alias"},
    {"models", list, doc, {}, "[]"},
    {"metadata", object, doc, {}, "{}"},
    {"max_budget", money, limits, "max_nano"},
    {"soft_budget", money, limits, "soft_nano"},
    {"budget_duration", duration, limits, "duration"},
    {"tpm_limit", integer, limits, "tpm"},
    {"rpm_limit", integer, limits, "rpm"},
    {"max_parallel_requests", integer, limits, "parallel"},
    {"budget_limits", budget_windows, doc},
    {"model_max_budget", model_budgets, doc, {}, "{}"},
    {"model_aliases", object, doc},
    {"blocked", boolean, column, "blocked", "false"},
    {"admins", list, doc, {}, "[]"},
    {"members", list, doc, {}, "[]"},
    {"team_member_permissions", list, doc, {}, "[]"},
    {"default_team_member_models", list, doc},
    {"access_group_ids", list, doc, {}, "[]"},
    {"router_settings", router_settings, doc},
    {"object_permission", object, doc},
    {"team_member_budget", money, metadata},
    {"team_member_budget_duration", duration, metadata},
    {"team_member_rpm_limit", integer, metadata},
    {"team_member_tpm_limit", integer, metadata},
    {"team_member_key_duration", duration, metadata},
    {"model_rpm_limit", model_rates, metadata},
    {"model_tpm_limit", model_rates, metadata},
    {"guardrails", list, metadata},
    {"tags", list, metadata},
});

constexpr auto kUserFields = std::to_array<Field>({
    {"user_email", text, column, "email"},
    {"user_alias", text, column, "alias"},
    {"user_role", text, column, "role"},
    {"sso_user_id", text, column, "sso_id"},
    {"models", list, doc, {}, "[]"},
    {"metadata", object, doc, {}, "{}"},
    {"max_budget", money, limits, "max_nano"},
    {"budget_duration", duration, limits, "duration"},
    {"tpm_limit", integer, limits, "tpm"},
    {"rpm_limit", integer, limits, "rpm"},
    {"max_parallel_requests", integer, limits, "parallel"},
    {"budget_limits", budget_windows, doc},
    {"model_max_budget", model_budgets, doc, {}, "{}"},
    {"allowed_cache_controls", list, doc, {}, "[]"},
    {"object_permission", object, doc},
});

constexpr auto kBudgetFields = std::to_array<Field>({
    {"max_budget", money, column, "max_nano"},
    {"soft_budget", money, column, "soft_nano"},
    {"max_parallel_requests", integer, column, "parallel"},
    {"tpm_limit", integer, column, "tpm"},
    {"rpm_limit", integer, column, "rpm"},
    {"budget_duration", duration, column, "duration"},
    {"model_max_budget", model_budgets, doc},
});

constexpr auto kCustomerFields = std::to_array<Field>({
    {"alias", text, column, "alias"},
    {"blocked", boolean, column, "blocked", "false"},
    {"allowed_model_region", text, doc},
    {"default_model", text, doc},
    {"object_permission", object, doc},
});

constexpr auto kOrganizationFields = std::to_array<Field>({
    {"organization_alias", text, column, "alias"},
    {"models", list, doc, {}, "[]"},
    {"metadata", object, doc, {}, "{}"},
    {"max_budget", money, limits, "max_nano"},
    {"soft_budget", money, limits, "soft_nano"},
    {"budget_duration", duration, limits, "duration"},
    {"tpm_limit", integer, limits, "tpm"},
    {"rpm_limit", integer, limits, "rpm"},
    {"max_parallel_requests", integer, limits, "parallel"},
    {"model_max_budget", model_budgets, doc, {}, "{}"},
    {"object_permission", object, doc},
    {"model_rpm_limit", model_rates, metadata},
    {"model_tpm_limit", model_rates, metadata},
});

constexpr auto kTagFields = std::to_array<Field>({
    {"description", text, doc},
    {"models", list, doc},
    {"model_info", object, doc},
    {"max_budget", money, limits, "max_nano"},
    {"soft_budget", money, limits, "soft_nano"},
    {"budget_duration", duration, limits, "duration"},
    {"tpm_limit", integer, limits, "tpm"},
    {"rpm_limit", integer, limits, "rpm"},
    {"max_parallel_requests", integer, limits, "parallel"},
    {"model_max_budget", model_budgets, doc, {}, "{}"},
});

}  // namespace

const Resource kKeyResource{"key", &store::kKeyTable, kKeyFields};
const Resource kTeamResource{"team", &store::kTeamTable, kTeamFields};
const Resource kUserResource{"user", &store::kUserTable, kUserFields};
const Resource kBudgetResource{"budget", &store::kBudgetTable, kBudgetFields};
const Resource kOrganizationResource{"organization", &store::kOrganizationTable,
                                     kOrganizationFields};
const Resource kTagResource{"tag", &store::kTagTable, kTagFields};
const Resource kCustomerResource{"customer", &store::kCustomerTable, kCustomerFields};

}  // namespace patchbay::control
