// Who calls the management API.
#pragma once

#include <optional>
#include <string>

#include "config/secret.hpp"
#include "control/access.hpp"
#include "control/exchange.hpp"
#include "store/records.hpp"

namespace patchbay::control {

struct Caller {
    Role role = Role::none;
    std::string user_id;             ///< of the key's user; "default_user_id" for the master key
    std::optional<store::Row> key;   ///< the virtual key; none = the master key
    std::optional<store::Row> user;  ///< of the key

    bool is_admin() const { return role == Role::proxy_admin; }
    /// Administrators, also those who only look.
    bool sees_all() const { return is_admin() || role == Role::proxy_admin_viewer; }
    store::Actor actor(const Ask& ask) const;
};

/// Finds out who presents the key of `ask`, and that it may call `route` (LiteLLM's `allowed_routes`);
/// refuses in LiteLLM's words, which never repeat the key. `records` is null without a database: then there
/// is the master key only. Without a master key everybody is proxy_admin.
Caller identify(store::Records* records, const Secret& master_key, const Ask& ask,
                std::string_view route, Access access);

/// SHA-256 of a key as the store has it; a hash in hex as clients may also name a key by is taken as it is.
std::string key_hash(std::string_view key);

}  // namespace patchbay::control
