// Where entries come from and go to: what many of them have in common, found once.
//
// An entry names a caller, those who owe it, a model and a deployment, and most entries name what others did just before.
// So what a line names is looked up as a whole, and by its texts one by one only if it is new.
//
// SQLite keeps each of them as a row, too, of which entries have the number: one index of entries by it stands for those by
// key, user, team, customer, model, group and deployment, each of which costs as much at every entry.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "contract/text_hash.hpp"
#include "store/database.hpp"
#include "store/ledger_store.hpp"
#include "store/ledger_sums.hpp"

namespace patchbay::store {

/// Statements of one migration for stores whose dialect has origins, in the words of dialect.hpp. Entries of calls whose id was made
/// here are found by it in another way (own_call.hpp).
inline constexpr std::string_view kOriginSchema = R"sql(
CREATE TABLE origin(id ID, key INT NOT NULL, key_row INT NOT NULL, "user" INT NOT NULL, team INT NOT NULL,
                    organization INT NOT NULL, customer INT NOT NULL, model_group INT NOT NULL, model INT NOT NULL,
                    deployment INT NOT NULL, provider INT NOT NULL, route INT NOT NULL,
                    UNIQUE(key, key_row, "user", team, organization, customer, model_group, model, deployment, provider,
                           route));
CREATE INDEX origin_user ON origin("user");
CREATE INDEX origin_team ON origin(team);
CREATE INDEX origin_customer ON origin(customer);
INSERT INTO origin(key, key_row, "user", team, organization, customer, model_group, model, deployment, provider, route)
SELECT DISTINCT key, key_row, "user", team, organization, customer, model_group, model, deployment, provider, route
FROM entry;
ALTER TABLE entry ADD COLUMN origin INT NOT NULL DEFAULT 0;
DROP INDEX entry_client_call;
CREATE INDEX entry_client_call ON entry(client_call) WHERE flags & 131072 = 0;
DROP INDEX entry_key;
DROP INDEX entry_user;
DROP INDEX entry_team;
DROP INDEX entry_customer;
DROP INDEX entry_model;
DROP INDEX entry_model_group;
DROP INDEX entry_deployment;
UPDATE entry SET origin = (SELECT o.id FROM origin o WHERE o.key = entry.key AND o.key_row = entry.key_row AND
    o."user" = entry."user" AND o.team = entry.team AND o.organization = entry.organization AND
    o.customer = entry.customer AND o.model_group = entry.model_group AND o.model = entry.model AND
    o.deployment = entry.deployment AND o.provider = entry.provider AND o.route = entry.route);
CREATE INDEX entry_origin ON entry(origin, ended, call);
)sql";

/// One of them, and what a batch adds to it.
struct Origin {
    std::int64_t id = 0;  ///< of its row; 0 where the dialect has none
    LedgerDebtors debtors;
    Numbers numbers{};
    std::vector<std::int64_t> counters;  ///< of the lines; not in the row
    std::int64_t batch = 0;  ///< in which `share` is that of its last line; for the one who posts
    std::size_t share = 0;
};

/// Those that were used last. One thread at a time.
class Origins {
  public:
    explicit Origins(Database& database);

    /// That of a line, whose names get numbers where they have none yet. Valid until trim() or forget(). `conflict`: the line's
    /// counters are cut off.
    Stored<Origin*> of(const LedgerLine& line);
    /// Forgets them where they are many. Between two batches.
    void trim();
    /// A transaction was taken back, and with it the numbers that it gave.
    void forget();

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return hash_text(text); }
    };

    Stored<Origin> find(const LedgerLine& line);
    Stored<std::int64_t> identity(int kind, std::string_view text);
    Stored<void> counters_of(const LedgerLine& line, std::vector<std::int64_t>& numbers);
    Stored<std::int64_t> row_of(const Origin& origin);
    void forget_origins();

    bool rows_;
    Statement find_identity_, add_identity_, find_origin_, add_origin_;
    std::string key_;  ///< of the line that is looked for
    using Known = std::unordered_map<std::string, Origin, Hash, std::equal_to<>>;
    Known origins_;
    Known::value_type* last_ = nullptr;  ///< of the line before; none: nullptr
    std::map<std::pair<int, std::string>, std::int64_t> identities_;
};

}  // namespace patchbay::store
