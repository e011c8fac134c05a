#include "control/litellm_kinds.hpp"

#include <algorithm>
#include <array>

namespace patchbay::control {

namespace {

constexpr auto kKinds = std::to_array<LitellmKind>({
    {"LiteLLM_OrganizationTable", &kOrganizationResource, "organization_id", "organization_alias",
     store::kOrganization},
    {"LiteLLM_UserTable", &kUserResource, "user_id", "user_id", store::kUser},
    {"LiteLLM_TeamTable", &kTeamResource, "team_id", "team_alias", store::kTeam},
    {"LiteLLM_EndUserTable", &kCustomerResource, "user_id", "user_id", store::kCustomer},
    {"LiteLLM_TagTable", &kTagResource, "tag_name", "tag_name", store::kCounter},
    {"LiteLLM_VerificationToken", &kKeyResource, "token", "key_name", store::kKeyRow},
});

constexpr auto kServed = std::to_array<std::string_view>({
    "budget_id",
    "budget_reset_at",
    "created_at",
    "created_by",
    "expires",
    "key_name",
    "key_rotation_at",
    "last_active",
    "last_breach_check_at",
    "last_rotation_at",
    "members_with_roles",
    "model_spend",
    "object_permission",
    "organization_id",
    "password_reset_required",
    "rotation_count",
    "settings_updated_at",
    "soft_budget_cooldown",
    "spend",
    "tag_name",
    "team_id",
    "teams",
    "token",
    "total_spend",
    "updated_at",
    "updated_by",
    "user_id",
});

constexpr auto kNoEffect = std::to_array<std::string_view>({
    "access_group_ids",
    "agent_id",
    "auto_rotate",
    "budget_fallbacks",
    "config",
    "default_team_member_models",
    "object_permission",
    "permissions",
});

constexpr auto kNoEffectInMetadata = std::to_array<std::string_view>({
    "allow_team_guardrail_config",
    "allowed_passthrough_routes",
    "allowed_vector_store_indexes",
    "callback_settings",
    "disable_global_guardrails",
    "end_user_budget_id",
    "enforced_batch_output_expires_after",
    "enforced_file_expires_after",
    "logging",
    "mcp_rpm_limit",
    "model_itpm_limit",
    "model_otpm_limit",
    "prompts",
    "secret_manager_settings",
    "tag_rpm_limit",
    "throttle_on_budget_exceeded",
});

bool holds(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool has_no_effect(std::string_view column) {
    return holds(kNoEffect, column);
}

bool has_no_effect_in_metadata(std::string_view member) {
    return holds(kNoEffectInMetadata, member);
}

std::span<const LitellmKind> litellm_kinds() {
    return kKinds;
}

bool is_served(const Resource& resource, std::string_view column) {
    const auto fields = resource.fields;
    const bool is_field = std::any_of(fields.begin(), fields.end(),
                                      [&](const Field& field) { return field.name == column; });
    return is_field || holds(kServed, column);
}

}  // namespace patchbay::control
