#include "control/access.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace patchbay::control {

namespace {

constexpr auto kRoles = std::to_array<std::pair<Role, std::string_view>>({
    {Role::none, "unknown"},
    {Role::internal_user_viewer, "internal_user_viewer"},
    {Role::internal_user, "internal_user"},
    {Role::proxy_admin_viewer, "proxy_admin_viewer"},
    {Role::proxy_admin, "proxy_admin"},
});

}  // namespace

std::string_view role_name(Role role) {
    return kRoles.at(static_cast<std::size_t>(role)).second;
}

std::optional<Role> role_of(std::string_view name) {
    const auto* const found =
        std::find_if(kRoles.begin() + 1, kRoles.end(), [&](auto& r) { return r.second == name; });
    if (found == kRoles.end()) return std::nullopt;
    return found->first;
}

bool permitted(Access access, Role role) {
    switch (access) {
        case Access::any_key:
            return true;
        case Access::spend:
            return role != Role::none;
        case Access::internal:
            return role == Role::internal_user || role == Role::proxy_admin;
        case Access::admin_read:
            return role == Role::proxy_admin_viewer || role == Role::proxy_admin;
        case Access::admin:
            return role == Role::proxy_admin;
    }
    return false;
}

}  // namespace patchbay::control
