// The audit log: who changed what, as a chain of hashes in which no row can be altered, left out or put
// between others unnoticed.
//
//   hash = SHA-256(|prev| prev |at| at |actor| actor ... |after| after), each length 8 bytes, big-endian
//
// Secrets are replaced by an HMAC before they enter a row: a change is visible, a value is not.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "store/database.hpp"
#include "store/row.hpp"

namespace patchbay::store {

/// Who does it, and from where.
struct Actor {
    std::string user_id;       ///< LiteLLM's user; "default_user_id" for the master key
    std::int64_t key = 0;      ///< the row of the key; 0 = the master key
    std::string address{};     ///< of the client; may be empty
    std::string changed_by{};  ///< the header litellm-changed-by, which names another person
};

/// The row as JSON for the log: columns, then the document, in which members that are called like a
/// secret (password, secret, token, api_key, ...) are replaced as well.
std::string audited(const Row& row, std::string_view hmac_key);

/// Adds a row to the log; within the transaction of the change. `before` and `after` are empty where there
/// is none.
Stored<void> add_audit(Database& database, const Actor& actor, std::string_view action,
                       std::string_view table, std::string_view object, std::string_view before,
                       std::string_view after);

/// Walks the chain; the first `seq` whose hash is not what it should be, nothing if all are right.
Stored<std::optional<std::int64_t>> check_audit(Database& database);

}  // namespace patchbay::store
