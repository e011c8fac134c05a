#include "control/litellm_import.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <boost/json/array.hpp>

#include "control/litellm_importer.hpp"
#include "engine/surface/request_defaults.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr const char* kWithoutEffect = " has no effect here yet: brought as it is";
constexpr std::string_view kSessions = "litellm-dashboard";  ///< the team of keys of LiteLLM's UI

// In the order in which they are taken: what others name comes first.
constexpr auto kTables = std::to_array<std::string_view>({
    "LiteLLM_BudgetTable",
    "LiteLLM_ObjectPermissionTable",
    "LiteLLM_ModelTable",
    "LiteLLM_TeamMembership",
    "LiteLLM_OrganizationTable",
    "LiteLLM_UserTable",
    "LiteLLM_OrganizationMembership",
    "LiteLLM_TeamTable",
    "LiteLLM_EndUserTable",
    "LiteLLM_TagTable",
    "LiteLLM_VerificationToken",
    "LiteLLM_DeprecatedVerificationToken",
    // Rows that have no place here yet; each is said.
    "LiteLLM_ProjectTable",
    "LiteLLM_AccessGroupTable",
    "LiteLLM_ModelAccessGroupBudgetTable",
});

// A row of LiteLLM_ObjectPermissionTable that allows and forbids nothing.
bool is_empty_permission(const json::value& value) {
    const json::object* const members = value.if_object();
    return members && members->contains("object_permission_id") &&
           std::all_of(members->begin(), members->end(), [](const auto& member) {
               return member.key() == "object_permission_id" || says_nothing(member.value());
           });
}

}  // namespace

std::string reason_of(const Refused& refused) {
    const json_tree::Tree body = json_tree::read(refused.answer.body);
    const json::object* object = body.value.if_object();
    if (object == nullptr) return refused.answer.body;
    if (const json::value* error = object->if_contains("error")) {
        return std::string(error->at("message").as_string());
    }
    const json::value& detail = object->at("detail");
    if (detail.is_object()) return std::string(detail.at("error").as_string());
    const json::value& first = detail.as_array().front();
    const json::array& place = first.at("loc").as_array();
    return std::string(place.back().as_string()) + ": " + std::string(first.at("msg").as_string());
}

void Importer::take(const std::vector<store::ForeignRow>& rows) {
    std::map<std::string_view, std::vector<LitellmRow>> tables;
    for (const store::ForeignRow& row : rows) {
        auto read = read_litellm_row(row.json);
        if (read) {
            tables[row.table].push_back(std::move(*read));
        } else {
            lost(std::string(row.table), "a row", "cannot be read: left out");
        }
    }
    const auto each = [&](std::string_view table, void (Importer::*one)(LitellmRow&)) {
        for (LitellmRow& row : tables[table]) (this->*one)(row);
    };
    for (LitellmRow& row : tables["LiteLLM_BudgetTable"]) budgets_.add(row);
    for (auto& [table, of_table] : tables) {
        if (table == "LiteLLM_BudgetTable") continue;
        for (const LitellmRow& row : of_table) budgets_.count(row.text("budget_id"));
    }
    each("LiteLLM_ObjectPermissionTable", &Importer::keep_permission);
    each("LiteLLM_ModelTable", &Importer::keep_aliases);
    each("LiteLLM_TeamMembership", &Importer::keep_membership);
    writing_.emplace(must(store::Writing::begin(
        records_, {.user_id = std::string(kDefaultUser), .changed_by = "patchbay import"})));
    each("LiteLLM_BudgetTable", &Importer::take_budget);
    for (const LitellmKind& kind : litellm_kinds()) {
        for (LitellmRow& row : tables[kind.table]) take_row(kind, row);
        if (kind.resource == &kUserResource) {
            each("LiteLLM_OrganizationMembership", &Importer::take_organization_member);
        }
    }
    each("LiteLLM_DeprecatedVerificationToken", &Importer::take_old_key);
    for (const auto& [of, terms] : memberships_) {
        if (members_.count(of) > 0) continue;
        lost("team member", of.second + " of team " + of.first,
             "is not among the members of that team: left out");
    }
    for (const std::string_view table : {"LiteLLM_ProjectTable", "LiteLLM_AccessGroupTable",
                                         "LiteLLM_ModelAccessGroupBudgetTable"}) {
        for (const LitellmRow& row : tables[table]) leave(table, row);
    }
    report_.opening = must(store::post_openings(records_.database(), std::move(openings_)));
    if (!how_.dry_run) must(writing_->commit());
    writing_.reset();
}

// Old rows have a key itself in the place of its hash, and no name: "sk-...abcd", as LiteLLM names keys.
std::string Importer::masked(std::string key) {
    constexpr std::size_t kShown = 4;
    const bool is_key = key.starts_with("sk-") && !key.starts_with("sk-...");
    if (!is_key) return key;
    return "sk-..." + (key.size() > 4 * kShown ? key.substr(key.size() - kShown) : std::string());
}

void Importer::lost(const std::string& kind, const std::string& name, const std::string& why) {
    report_.losses.push_back(kind + " " + name + ": " + why);
}

void Importer::left_out(const std::string& kind, const std::string& name, const std::string& why) {
    ++report_.counts[kind].left;
    lost(kind, name, why + ": left out");
}

void Importer::keep_permission(LitellmRow& row) {
    permissions_.emplace(row.text("object_permission_id"), row.columns());
}

void Importer::keep_aliases(LitellmRow& row) {
    aliases_.emplace(json_tree::write(row.take("id")), row.take("aliases"));
}

void Importer::keep_membership(LitellmRow& row) {
    memberships_.emplace(std::pair(row.text("team_id"), row.text("user_id")), row);
}

void Importer::leave(std::string_view table, const LitellmRow& row) {
    for (const std::string_view name : {"project_id", "access_group_name", "access_group"}) {
        if (!row.has(name)) continue;
        const std::string kind(name.substr(0, name.find('_')));
        return left_out(kind == "project" ? kind : "access group", row.text(name),
                        "there are none here yet");
    }
    left_out(std::string(table), "", "there are none here yet");
}

void Importer::take_budget(LitellmRow& row) {
    const std::string id = row.text("budget_id");
    if (budgets_.is_own(id)) return tell_unserved("budget", id, kBudgetResource, row);
    guarded("budget", id, [&] {
        Entity budget = known(kBudgetResource, "budget_id", id);
        if (!wanted("budget", budget)) return;
        budget.row.set("budget_id", id);
        fill_from("budget", id, budget, row);
    });
}

Entity Importer::known(const Resource& resource, std::string_view column,
                       const std::string& value) {
    auto row = must(records_.get(*resource.table, column, value));
    return row ? Entity::load(records_, resource, std::move(*row)) : Entity(resource);
}

bool Importer::wanted(const std::string& kind, const Entity& entity) {
    ImportReport::Count& count = report_.counts[kind];
    if (!entity.is_new() && !how_.update) {
        ++count.there;
        return false;
    }
    return true;
}

void Importer::fill_from(const std::string& kind, const std::string& name, Entity& entity,
                         LitellmRow& row) {
    if (entity.is_new()) {
        entity.row.created_at = row.time("created_at").value_or(0);
        entity.row.created_by = row.text("created_by");
    }
    const bool is_new = entity.is_new();
    fill(entity, row.columns(), records_);
    put(*writing_, entity, is_new ? "imported" : "updated");
    ++(is_new ? report_.counts[kind].taken : report_.counts[kind].updated);
    tell_unserved(kind, name, *entity.resource, row);
}

void Importer::tell_unserved(const std::string& kind, const std::string& name,
                             const Resource& resource, const LitellmRow& row) {
    for (const auto& [column, value] : row.columns()) {
        if (says_nothing(value)) continue;
        if (!is_served(resource, column)) {
            lost(kind, name, std::string(column) + " is not served: brought without it");
        } else if (has_no_effect(column) && !is_empty_permission(value)) {
            lost(kind, name, std::string(column) + kWithoutEffect);
        }
    }
    const json::value* const settings = row.columns().if_contains("router_settings");
    if (settings != nullptr && settings->is_object()) {
        for (const auto& [member, value] : settings->get_object()) {
            const bool served = is_request_default(member) || member == "model_group_alias";
            if (!served && !says_nothing(value)) {
                lost(kind, name, "router_settings." + std::string(member) + kWithoutEffect);
            }
        }
    }
    tell_metadata(kind, name, row);
}

void Importer::tell_metadata(const std::string& kind, const std::string& name,
                             const LitellmRow& row) {
    const json::value* const metadata = row.columns().if_contains("metadata");
    const json::object* const members = metadata ? metadata->if_object() : nullptr;
    if (members == nullptr) return;
    for (const auto& [member, value] : *members) {
        if (has_no_effect_in_metadata(member) && !says_nothing(value)) {
            lost(kind, name, "metadata." + std::string(member) + kWithoutEffect);
        }
    }
    const auto& there = how_.guardrails;
    for (const auto& [member, what] :
         {std::pair("guardrails", "guardrail"), {"policies", "policy"}}) {
        const json::value* const named = members->if_contains(member);
        const json::array* const list = named ? named->if_array() : nullptr;
        if (list == nullptr) continue;
        for (const json::value& one : *list) {
            const std::string text = one.is_string() ? std::string(one.get_string()) : "";
            const bool guardrail = std::string_view(member) == "guardrails";
            if (guardrail && std::find(there.begin(), there.end(), text) != there.end()) continue;
            lost(kind, name,
                 std::string("its ") + what + " " + json_tree::to_utf8(text) +
                     " is not configured here: its calls are refused without it");
        }
    }
}

void Importer::keep_policies(LitellmRow& row) {
    json::value policies = row.take("policies");
    if (says_nothing(policies)) return;
    json::value& metadata = row.columns()["metadata"];
    if (!metadata.is_object()) metadata = json::object();
    metadata.get_object()["policies"] = std::move(policies);
}

void Importer::take_row(const LitellmKind& kind, LitellmRow& row) {
    std::string shown = row.text(row.has(kind.shown) ? kind.shown : kind.id);
    if (kind.resource == &kKeyResource) shown = masked(std::move(shown));
    const std::string what(kind.resource->name);
    if (kind.resource == &kKeyResource && row.text("team_id") == kSessions) {
        return;  // of LiteLLM's UI: it ends by itself within a day
    }
    guarded(what, shown, [&] {
        const std::string id = kind.resource == &kKeyResource ? hash_of(row) : row.text(kind.id);
        Entity entity = known(*kind.resource, kind.resource->table->known_by, id);
        const bool fill_it = wanted(what, entity);
        if (entity.is_new() || how_.update) {
            entity.row.set(kind.resource->table->known_by, id);
            (this->*special(kind))(row, entity);
            use_permission(row);
            use_budget(row, entity);
        }
        if (fill_it) fill_from(what, shown, entity, row);
        if (kind.resource == &kTeamResource) take_members(row, entity);
        open(kind, row, entity);
    });
}

Importer::Special Importer::special(const LitellmKind& kind) {
    if (kind.resource == &kKeyResource) return &Importer::prepare_key;
    if (kind.resource == &kTeamResource) return &Importer::prepare_team;
    if (kind.resource == &kUserResource) return &Importer::prepare_user;
    return &Importer::prepare_other;
}

std::span<const std::string_view> litellm_tables() {
    return kTables;
}

ImportReport import_litellm(store::Records& records, const std::vector<store::ForeignRow>& rows,
                            const LitellmImport& how) {
    ImportReport report;
    try {
        Importer(records, how, report).take(rows);
    } catch (const Refused& refused) {
        report.failure = reason_of(refused);
    }
    return report;
}

}  // namespace patchbay::control
