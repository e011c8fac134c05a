// `patchbay keys`, `teams`, `users` and `spend`: the management API on the store itself, without a server. Gateways that run
// hear of what is changed as they do of what another gateway changes.
#pragma once

#include <iosfwd>
#include <string>

#include "config/secret.hpp"
#include "control/settings.hpp"
#include "store/address.hpp"

namespace patchbay::app {

struct ManageAsk {
    std::string command, verb;  ///< "keys", "list"
    std::string operand;  ///< what the verb is about: a name, or the body as JSON; may be empty
    bool json = false;    ///< the answer as the API gives it, else a table
    store::Address store{};
    control::Settings settings{};  ///< of the configuration: who asks is the administrator
    Secret hmac_key{};
};

/// Is there such a command?
bool is_managed(const std::string& command);

enum class Managed {
    done,
    slip,         ///< of the command line: a name is missing, or is too much
    refused,      ///< asking again will not help
    unavailable,  ///< the store is not configured, or does not answer
};

/// Asks and tells the answer, or the reason why there is none, on `out`.
Managed manage(const ManageAsk& ask, std::ostream& out);

}  // namespace patchbay::app
