// A key as the store has it, with all that decides what it may do.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "store/period.hpp"
#include "store/subjects.hpp"

namespace patchbay::store {

/// SHA-256 of the text of a key.
using KeyHash = std::array<std::uint8_t, 32>;

/// The limits of one subject; nullopt: it has none of that kind. Amounts are nano-dollars, rates of a minute,
/// times microseconds since 1970.
struct LimitsRecord {
    std::int64_t budget = 0;  ///< the row they are of; 0 = there is none
    std::optional<std::int64_t> max_nano, soft_nano, rpm, tpm, parallel;
    BudgetDuration duration;      ///< of max_nano and soft_nano
    std::int64_t extra_nano = 0;  ///< over max_nano, until then:
    std::int64_t extra_until = 0;
    Period period;  ///< of the duration, when the record was read
    std::int64_t spent =
        0;            ///< in that period, as far as it was posted; 0 without max_nano and soft_nano
    std::string doc;  ///< the other members of the budget, a JSON object; empty without a row
};

/// A user, a team or an organization. Owns what it shows.
struct SubjectRecord {
    std::int64_t id = 0;  ///< of its row; 0 = the key is of none
    std::string name;     ///< user_id, team_id, organization_id
    std::string alias;
    bool blocked = false;
    std::string doc;  ///< LiteLLM's other members, a JSON object
    LimitsRecord limits;
};

struct KeyRecord {
    std::int64_t id = 0;  ///< of its row
    KeyHash hash{};       ///< that is presented; with a grace period not the row's
    std::string name;     ///< "sk-...abcd"
    std::string alias;
    std::optional<std::int64_t> expires;
    std::optional<std::int64_t>
        replaced;  ///< when the grace period of `hash` ends; nullopt: it has none
    bool blocked = false;
    bool session = false;  ///< of the UI
    std::string doc;
    LimitsRecord limits;
    SubjectRecord user, team, organization;
    std::string role;     ///< of the user: "internal_user"
    LimitsRecord member;  ///< of the user in the team
};

/// On whose behalf calls are made: a customer (the `user` of requests), or a tag.
struct PartyRecord {
    Subject kind = Subject::customer;
    std::int64_t id =
        0;  ///< of its row; 0 = nobody has registered it, and it has limits all the same
    std::string name;
    bool blocked = false;
    std::string doc;
    LimitsRecord limits;
};

/// The limits of customers and tags that have none of their own, registered or not.
struct PartyDefaults {
    std::optional<std::int64_t> customer_nano;  ///< of each, for ever; goes before `budget_id`'s
    std::string budget_id;  ///< of a budget whose terms each customer has; empty: none

    struct Tag {
        std::int64_t max_nano = 0;
        BudgetDuration duration;
        bool operator==(const Tag&) const = default;
    };
    std::map<std::string, Tag, std::less<>> tags;

    bool any_customer() const { return customer_nano || !budget_id.empty(); }
    bool operator==(const PartyDefaults&) const = default;
};

/// One who owes: a row, a customer by its name, or a counter (ledger_counters.hpp).
struct Spender {
    Subject kind = Subject::key;  ///< not looked at for a counter
    std::int64_t row = 0;
    std::string name{};  ///< of a customer, or of the counter
    bool counter = false;
};

}  // namespace patchbay::store
