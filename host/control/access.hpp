// Who may call a management route. Whose rows a caller may see or change there is decided by the handlers.
#pragma once

#include <optional>
#include <string_view>

namespace patchbay::control {

/// LiteLLM's roles of users.
enum class Role {
    none,  ///< a key of no user
    internal_user_viewer,
    internal_user,
    proxy_admin_viewer,
    proxy_admin,  ///< also the master key, and everybody where none is configured
};

/// What a route asks for.
enum class Access {
    any_key,  ///< the handler shows and changes what is the caller's own, or of a team that it administers
    spend,       ///< of users: their own spend, and administrators
    internal,    ///< users who manage their own keys, and administrators
    admin_read,  ///< administrators, also those who only look
    admin,
};

std::string_view role_name(Role role);
/// nullopt for a name that is no role.
std::optional<Role> role_of(std::string_view name);
bool permitted(Access access, Role role);

}  // namespace patchbay::control
