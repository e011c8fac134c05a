// How rows of LiteLLM's database are taken: the state behind litellm_import.hpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "control/litellm_budgets.hpp"
#include "control/litellm_import.hpp"
#include "control/litellm_kinds.hpp"
#include "store/openings.hpp"

namespace patchbay::control {

/// A row that is left out, with the reason.
struct LeftOut {
    std::string why;
};

/// What a refusal says, for a line.
std::string reason_of(const Refused& refused);

/// Throws Refused where the store fails.
class Importer {
  public:
    Importer(store::Records& records, const LitellmImport& how, ImportReport& report)
        : records_(records), how_(how), report_(report) {}

    void take(const std::vector<store::ForeignRow>& rows);

  private:
    void lost(const std::string& kind, const std::string& name, const std::string& why);
    void left_out(const std::string& kind, const std::string& name, const std::string& why);

    void keep_permission(LitellmRow& row);
    void keep_aliases(LitellmRow& row);
    void keep_membership(LitellmRow& row);
    void leave(std::string_view table, const LitellmRow& row);

    // A budget that several share.
    void take_budget(LitellmRow& row);

    // Runs `take`; a refusal leaves the row out.
    template <class Take>
    void guarded(const std::string& kind, const std::string& name, Take take) {
        try {
            take();
        } catch (const LeftOut& left) {
            left_out(kind, name, left.why);
        } catch (const Refused& refused) {
            if (refused.answer.status >= 500) throw;
            left_out(kind, name, reason_of(refused));
        }
    }

    Entity known(const Resource& resource, std::string_view column, const std::string& value);

    // Counts it; false: it is there already, and stays as it is.
    bool wanted(const std::string& kind, const Entity& entity);

    // Fills the entity and writes it; what LiteLLM has beyond that is said.
    void fill_from(const std::string& kind, const std::string& name, Entity& entity,
                   LitellmRow& row);

    void tell_unserved(const std::string& kind, const std::string& name, const Resource& resource,
                       const LitellmRow& row);
    void tell_metadata(const std::string& kind, const std::string& name, const LitellmRow& row);

    // Policies stand in `metadata` here, where they keep calls from going on without them.
    static void keep_policies(LitellmRow& row);

    void take_row(const LitellmKind& kind, LitellmRow& row);

    using Special = void (Importer::*)(LitellmRow&, Entity&);
    static Special special(const LitellmKind& kind);
    void prepare_other(LitellmRow&, Entity&) {}

    // What may be shown of a key's name, or of what stands in the place of its hash.
    static std::string masked(std::string key);

    // LiteLLM has the SHA-256 of a key; versions of long ago had the key.
    static std::string hash_of(const LitellmRow& row);

    void prepare_key(LitellmRow& row, Entity& key);

    void prepare_team(LitellmRow& row, Entity& team);
    void use_member_budget(LitellmRow& row, Entity& team);

    void prepare_user(LitellmRow& row, Entity& user);

    // The row that a column names, which must be there: without it limits would be missing.
    store::Value named(const LitellmRow& row, std::string_view column, const store::Table& table);

    // LiteLLM's keys and teams name users that were never made.
    std::int64_t user_for(const std::string& user_id);

    void use_permission(LitellmRow& row);

    // A budget that is shared stays so where nothing stands beside it.
    void use_budget(LitellmRow& row, Entity& entity);

    // Limits of customers and members are no fields of theirs, but a budget's.
    void own_budget(Entity& entity, const std::string& id);
    std::int64_t budget_row(const std::optional<store::Row>& known, const std::string& id);

    void take_members(LitellmRow& row, const Entity& team);

    void take_organization_member(LitellmRow& row);

    void take_member(store::Subject kind, std::int64_t parent, std::int64_t user,
                     const std::string& role, const LitellmRow& terms, const std::string& what);

    void take_old_key(LitellmRow& row);

    // What the row's subject has spent.
    void open(const LitellmKind& kind, const LitellmRow& row, const Entity& entity);
    // `spend` is that of the budget's period, `total_spend`, where there is one, all of it.
    void open(store::Opening opening, const LitellmRow& row, const LitellmRow* budget);

    store::Records& records_;
    const LitellmImport& how_;
    ImportReport& report_;
    std::optional<store::Writing> writing_;
    LitellmBudgets budgets_;
    std::map<std::string, boost::json::object> permissions_;
    std::map<std::string, boost::json::value> aliases_;  ///< of a team's models, by number
    std::map<std::pair<std::string, std::string>, LitellmRow> memberships_;  ///< by team and user
    std::set<std::pair<std::string, std::string>> members_;                  ///< likewise, as taken
    std::map<std::string, std::int64_t> member_budgets_;  ///< of teams, by LiteLLM's budget_id
    std::vector<store::Opening> openings_;
};

}  // namespace patchbay::control
