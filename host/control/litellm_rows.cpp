// What is particular to a kind of rows: the other half of litellm_importer.hpp.
#include <algorithm>

#include <boost/json/array.hpp>

#include "control/litellm_importer.hpp"
#include "control/member_budget.hpp"
#include "control/people.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::Subject;

namespace {

constexpr std::int64_t kMinute = 60'000'000;

}  // namespace

std::string Importer::hash_of(const LitellmRow& row) {
    const std::string token = row.text("token");
    if (token.starts_with("sk-")) return key_hash(token);
    constexpr std::size_t kHash = 32;
    auto hash = store::unhex(token);
    if (!hash || hash->size() != kHash) throw LeftOut{"its token is no hash of a key"};
    return std::move(*hash);
}

void Importer::prepare_key(LitellmRow& row, Entity& key) {
    if (row.has("project_id")) {
        throw LeftOut{"is of project " + row.text("project_id") +
                      ", and projects, with their limits, are not there yet"};
    }
    keep_policies(row);
    key.row.set("name", row.text("key_name"));
    if (key.is_new()) key.row.set("is_session", std::int64_t{0});
    const auto instant = [&](std::string_view from, std::string_view to) {
        const auto at = row.time(from);
        if (row.has(from) && !at) throw LeftOut{std::string(from) + " is no time"};
        key.row.set(to, at ? store::Value(*at) : store::Value());
    };
    instant("expires", "expires");
    instant("key_rotation_at", "rotates_at");
    instant("last_active", "last_used");
    if (!row.has("blocked")) row.columns()["blocked"] = false;
    key.row.set("user",
                row.has("user_id") ? store::Value(user_for(row.text("user_id"))) : store::Value());
    key.row.set("team", named(row, "team_id", store::kTeamTable));
    key.row.set("organization", named(row, "organization_id", store::kOrganizationTable));
    // A budget that is raised for a while stands in LiteLLM's metadata.
    json::value* metadata = row.columns().if_contains("metadata");
    if (metadata == nullptr || !metadata->is_object()) return;
    for (const std::string_view name : {"temp_budget_increase", "temp_budget_expiry"}) {
        json::value* raised = metadata->get_object().if_contains(name);
        if (raised == nullptr) continue;
        json::value value = std::move(*raised);
        metadata->get_object().erase(name);
        row.columns()[name] = std::move(value);
    }
}

void Importer::prepare_team(LitellmRow& row, Entity& team) {
    keep_policies(row);
    use_member_budget(row, team);
    team.row.set("organization", named(row, "organization_id", store::kOrganizationTable));
    const json::value model = row.take("model_id");
    const auto aliases = aliases_.find(json_tree::write(model));
    if (aliases != aliases_.end()) row.columns()["model_aliases"] = aliases->second;
}

// LiteLLM has the terms in a budget that the metadata name; here they stand in the metadata, too.
void Importer::use_member_budget(LitellmRow& row, Entity& team) {
    json::value* const metadata = row.columns().if_contains("metadata");
    json::object* const members = metadata ? metadata->if_object() : nullptr;
    const json::value* const named =
        members ? members->if_contains("team_member_budget_id") : nullptr;
    if (named == nullptr || !named->is_string()) return;
    const std::string id(named->get_string());
    members->erase("team_member_budget_id");
    const LitellmRow* const terms = budgets_.find(id);
    if (terms == nullptr) throw LeftOut{"its team_member_budget_id " + id + " is not there"};
    std::optional<store::Row> own;
    if (const auto known = member_budget(team)) {
        own = must(records_.get(store::kBudgetTable, *known));
    }
    const std::int64_t budget = budget_row(own, id);
    set_member_budget(team, budget);
    member_budgets_.insert_or_assign(id, budget);
    for (const auto& [member, column] : kMemberTerms) {
        const json::value* const term = terms->columns().if_contains(column);
        if (term && !term->is_null()) (*members)[member] = *term;
    }
}

void Importer::prepare_user(LitellmRow& row, Entity& user) {
    if (row.has("sso_user_id")) {
        const auto other = must(records_.get(store::kUserTable, "sso_id", row.text("sso_user_id")));
        if (other && other->id != user.row.id) {
            throw LeftOut{"its sso_user_id is that of user " + other->text("user_id")};
        }
    }
    user.row.set("password",
                 row.has("password") ? store::Value(row.text("password")) : store::Value());
    row.take("password");
}

store::Value Importer::named(const LitellmRow& row, std::string_view column,
                             const store::Table& table) {
    if (!row.has(column)) return {};
    const auto found = must(records_.get(table, table.known_by, row.text(column)));
    if (!found)
        throw LeftOut{"its " + std::string(column) + " " + row.text(column) + " is not there"};
    return found->id;
}

std::int64_t Importer::user_for(const std::string& user_id) {
    const auto found = must(records_.get(store::kUserTable, "user_id", user_id));
    if (found) return found->id;
    store::Row row(store::kUserTable);
    row.set("user_id", user_id);
    row.set("role", std::string(role_name(Role::internal_user_viewer)));
    must(writing_->put(row, "imported"));
    ++report_.counts["user"].taken;
    return row.id;
}

void Importer::use_permission(LitellmRow& row) {
    const auto found = permissions_.find(row.text("object_permission_id"));
    row.take("object_permission_id");
    if (found != permissions_.end()) row.columns()["object_permission"] = found->second;
}

void Importer::use_budget(LitellmRow& row, Entity& entity) {
    const std::string id = row.text("budget_id");
    row.take("budget_id");
    if (entity.shares_budget()) {
        entity.budget.reset();
        entity.row.set("budget", {});
    }
    if (id.empty()) return;
    if (budgets_.find(id) == nullptr) throw LeftOut{"its budget_id " + id + " is not there"};
    const bool customer = entity.resource == &kCustomerResource;
    if (!budgets_.is_own(id) && !has_limits(row)) {
        drop_limits(row);  // what is not set there is the budget's
        row.columns()["budget_id"] = id;
    } else if (customer) {
        own_budget(entity, id);
    } else {
        budgets_.merge_into(row, id);
    }
}

void Importer::own_budget(Entity& entity, const std::string& id) {
    entity.row.set("budget", budget_row(entity.budget, id));
    entity.budget = must(records_.get(store::kBudgetTable, entity.row.number("budget")));
}

std::int64_t Importer::budget_row(const std::optional<store::Row>& known, const std::string& id) {
    Entity budget(kBudgetResource);
    if (known) budget = Entity::load(records_, kBudgetResource, *known);
    const LitellmRow* terms = budgets_.find(id);
    fill(budget, terms->columns(), records_);
    put(*writing_, budget, budget.is_new() ? "imported" : "updated");
    return budget.row.id;
}

void Importer::take_members(LitellmRow& row, const Entity& team) {
    const json::value* list = row.columns().if_contains("members_with_roles");
    const json::array* members = list ? list->if_array() : nullptr;
    if (members == nullptr) return;
    for (const json::value& element : *members) {
        const LitellmRow member(element.is_object() ? element.get_object() : json::object());
        const std::string team_id = team.row.text("team_id");
        const std::string name = member.text("user_id") + " of team " + team_id;
        if (!member.has("user_id")) {
            left_out("team member", member.text("user_email") + " of team " + team_id,
                     "has no user_id");
            continue;
        }
        members_.emplace(team_id, member.text("user_id"));
        guarded("team member", name, [&] {
            const std::int64_t user = user_for(member.text("user_id"));
            const auto terms = memberships_.find({team_id, member.text("user_id")});
            const LitellmRow none{json::object()};
            const LitellmRow& membership = terms == memberships_.end() ? none : terms->second;
            take_member(Subject::team, team.row.id, user, member.text("role"), membership,
                        "team member");
            open({store::kMember, 0, store::kMembers, store::member_name(team.row.id, user)},
                 membership, budgets_.find(membership.text("budget_id")));
        });
    }
}

void Importer::take_organization_member(LitellmRow& row) {
    const std::string name =
        row.text("user_id") + " of organization " + row.text("organization_id");
    guarded("organization member", name, [&] {
        const auto parent = named(row, "organization_id", store::kOrganizationTable);
        take_member(Subject::organization, std::get<std::int64_t>(parent),
                    user_for(row.text("user_id")), row.text("user_role"), row,
                    "organization member");
    });
}

void Importer::take_member(Subject kind, std::int64_t parent, std::int64_t user,
                           const std::string& role, const LitellmRow& terms,
                           const std::string& what) {
    const auto known = must(records_.member(kind, parent, user));
    ImportReport::Count& count = report_.counts[what];
    if (known && !how_.update) {
        ++count.there;
        return;
    }
    store::Member member = known ? *known : store::Member{kind, parent, user, {}, {}, "{}"};
    member.role = role.empty() ? "user" : role;
    const std::string budget_id = terms.text("budget_id");
    if (!budget_id.empty()) {
        if (budgets_.find(budget_id) == nullptr) {
            throw LeftOut{"its budget_id " + budget_id + " is not there"};
        }
        const auto shared = member_budgets_.find(budget_id);
        std::optional<store::Row> own;
        if (member.budget) own = must(records_.get(store::kBudgetTable, *member.budget));
        member.budget =
            shared != member_budgets_.end() ? shared->second : budget_row(own, budget_id);
    }
    must(writing_->put(member));
    ++(known ? count.updated : count.taken);
}

void Importer::take_old_key(LitellmRow& row) {
    const std::string token = row.text("token");
    const std::string name = token.starts_with("sk-") ? masked(token) : token.substr(0, 8) + "...";
    guarded("former key", name, [&] {
        const auto hash = store::unhex(row.text("token"));
        const auto active = store::unhex(row.text("active_token_id"));
        const auto until = row.time("revoke_at");
        if (!hash || !active || !until) throw LeftOut{"cannot be read"};
        if (*until <= unix_us()) return;
        const auto key = must(records_.get(store::kKeyTable, "hash", *active));
        if (!key) throw LeftOut{"the key in its place is not there"};
        must(writing_->keep_old_hash(*hash, key->id, *until));
        ++report_.counts["former key"].taken;
    });
}

void Importer::open(const LitellmKind& kind, const LitellmRow& row, const Entity& entity) {
    store::Opening opening{kind.book, entity.row.id, {}, {}};
    if (kind.book == store::kCustomer) {
        opening.kind = store::kCustomers;
        opening.name = row.text(kind.id);
    } else if (kind.book == store::kCounter) {
        opening.kind = store::kCounters;
        opening.name = store::counters::of_tag(row.text(kind.id));
    }
    const LitellmRow* shared = nullptr;
    if (entity.shares_budget()) shared = budgets_.find(entity.budget->text("budget_id"));
    open(std::move(opening), row, shared);
}

void Importer::open(store::Opening opening, const LitellmRow& row, const LitellmRow* budget) {
    const std::int64_t spend = row.money("spend");
    opening.ever = std::max(spend, row.money("total_spend"));
    const LitellmRow& terms = row.has("budget_duration") || !budget ? row : *budget;
    const std::int64_t now = unix_us();
    // What LiteLLM is about to set back belongs to a period that is over.
    const bool goes_on = terms.time("budget_reset_at").value_or(INT64_MAX) > now;
    if (terms.has("budget_duration") && goes_on) opening.within = spend;
    opening.minute = now / kMinute;
    if (opening.ever > 0) openings_.push_back(std::move(opening));
}

}  // namespace patchbay::control
