#include "engine/access/principal.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "engine/access/key_hash.hpp"

namespace patchbay::access {

namespace json = boost::json;

namespace {

using store::LimitsRecord;
using Kind = store::Subject;

constexpr std::string_view kAdmin = "proxy_admin";

// Names that stand for every model: the team's are looked at in the team's list.
bool means_all(std::string_view name) {
    return name == "all-proxy-models" || name == "all-team-models" || name == "*";
}

const json::value* member(const json::object& object, std::string_view name) {
    const json::value* const found = object.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

std::vector<std::string> texts(const json::object& object, std::string_view name) {
    std::vector<std::string> list;
    const json::value* const found = member(object, name);
    if (!found) return list;
    // What is no text stays on the list as something that nothing is called: a list of it is not an empty one.
    const auto add = [&](const json::value& value) {
        list.emplace_back(value.is_string() ? std::string(value.get_string())
                                            : json::serialize(value));
    };
    if (!found->is_array()) {
        add(*found);
        return list;
    }
    for (const json::value& value : found->get_array()) add(value);
    return list;
}

ModelList model_list(const json::object& doc) {
    ModelList list;
    list.shown = texts(doc, "models");
    list.all = list.shown.empty() || std::any_of(list.shown.begin(), list.shown.end(), means_all);
    for (const std::string& name : list.shown) {
        (name.find('*') == name.npos ? list.names : list.patterns).push_back(name);
    }
    std::sort(list.names.begin(), list.names.end());
    return list;
}

const json::object& metadata_of(const json::object& doc) {
    static const json::object kNone;
    const json::value* const found = member(doc, "metadata");
    return found && found->is_object() ? found->get_object() : kNone;
}

void add_aliases(const json::object& doc, std::string_view name, bool of_team,
                 Principal& principal) {
    const json::value* const found = member(doc, name);
    if (!found || !found->is_object()) return;
    for (const auto& [alias, value] : found->get_object()) {
        // `{"model": ..., "hidden": true}`, as the router's own may be.
        const json::value* const model =
            value.is_object() ? member(value.get_object(), "model") : &value;
        if (!model || !model->is_string()) continue;
        principal.aliases.emplace(alias, ModelAlias{std::string(model->get_string()), of_team});
    }
}

// The key's, else the team's, wholly, as in LiteLLM. Nobody can write what is wrong; of what was brought from elsewhere
// nothing is done.
void add_router_settings(const json::object& key, const json::object& team, Principal& principal) {
    for (const json::object* const doc : {&key, &team}) {
        const json::value* const found = member(*doc, "router_settings");
        if (!found || !found->is_object() || found->get_object().empty()) continue;
        if (auto read = read_request_defaults(found->get_object())) {
            principal.defaults = std::move(*read);
        }
        add_aliases(found->get_object(), "model_group_alias", false, principal);
        return;
    }
}

// The rates by model that a key has where it has none of its own. Those of its team go before them.
RatesByModel rates_else(const KeyTerms& terms, const json::object& team) {
    const bool rpm = member_of_document(team, "model_rpm_limit") != nullptr;
    const bool tpm = member_of_document(team, "model_tpm_limit") != nullptr;
    RatesByModel rates = terms.rates;
    for (auto& [model, rate] : rates) {
        if (rpm) rate.rpm.reset();
        if (tpm) rate.tpm.reset();
    }
    return rates;
}

}  // namespace

const ModelAlias* Principal::alias_of(std::string_view model) const {
    const auto found = aliases.find(model);
    return found == aliases.end() ? nullptr : &found->second;
}

std::shared_ptr<const Principal> make_principal(const store::KeyRecord& record,
                                                const KeyTerms& terms, SubjectTable& subjects,
                                                const SpentOf& spent, std::int64_t now_us,
                                                std::string& why) {
    const auto parsed = [&](const std::string& doc, const char* of) {
        auto read = read_document(doc);
        if (!read) why = std::string("the document of ") + of + " is no JSON object";
        return read;
    };
    const auto key = parsed(record.doc, "a key");
    const auto user = parsed(record.user.doc, "a user");
    const auto team = parsed(record.team.doc, "a team");
    const auto organization = parsed(record.organization.doc, "an organization");
    if (!key || !user || !team || !organization) return nullptr;

    auto made = std::make_shared<Principal>();
    Principal& p = *made;
    p.hash = record.hash;
    p.hash_text = hex(record.hash);
    p.debtors = {record.id, record.user.id, record.team.id, record.organization.id};
    p.name = record.name;
    p.alias = record.alias;
    p.user_id = record.user.name;
    p.team_id = record.team.name;
    p.team_alias = record.team.alias;
    p.organization_id = record.organization.name;
    p.admin = p.exempt = record.role == kAdmin && record.team.id == 0;
    p.blocked = record.blocked;
    p.team_blocked = record.team.blocked;
    p.session = record.session;
    p.expires = record.expires;
    p.replaced = record.replaced;
    p.routes = texts(*key, "allowed_routes");
    p.cache_controls = texts(*key, "allowed_cache_controls");
    if (const json::value* expected = member(metadata_of(*key), "expected_output_tokens")) {
        if (expected->is_int64()) p.expected_output_tokens = expected->get_int64();
    }
    if (const json::value* none = member(metadata_of(*key), "disable_fallbacks")) {
        if (none->is_bool()) p.disable_fallbacks = none->get_bool();
    }
    p.service_account = member(metadata_of(*key), "service_account_id") != nullptr;
    add_aliases(*key, "aliases", false, p);
    add_aliases(*team, "model_aliases", true, p);
    add_router_settings(*key, *team, p);

    p.models.emplace_back(ListOf::key, model_list(*key));
    if (record.team.id != 0) {
        p.models.emplace_back(ListOf::team, model_list(*team));
    } else if (record.user.id != 0) {
        p.models.emplace_back(ListOf::user, model_list(*user));
    }
    if (record.organization.id != 0) {
        p.models.emplace_back(ListOf::organization, model_list(*organization));
    }

    for (const json::object* doc : {&*key, &*team}) {
        const auto add_all = [&](std::string_view name, std::vector<std::string>& list) {
            for (std::string& text : texts(metadata_of(*doc), name))
                list.push_back(std::move(text));
        };
        add_all("tags", p.tags);
        add_all("enforced_params", p.enforced_params);
        add_all("guardrails", p.guardrails);
        add_all("policies", p.policies);
    }

    // As in LiteLLM the team's goes first.
    for (const json::object* doc : {&*key, &*team}) {
        auto given = texts(metadata_of(*doc), "priority");
        if (given.size() == 1) p.priority = std::move(given.front());
    }

    const store::LedgerDebtors& of = p.debtors;
    const RatesByModel rates = rates_else(terms, *team);
    LimitsMaker maker(p, subjects, spent, now_us);
    const auto add = [&](Kind kind, std::int64_t row, std::string_view descriptor,
                         std::string_view by_model, const std::string& name,
                         const LimitsRecord& limits, const json::object& doc) {
        if (row == 0 || !why.empty()) return;
        Owner owner{kind, row, descriptor, by_model, name, {kind, row}};
        owner.asked = kind != Kind::user || of.team == 0 || terms.user_budget_in_teams;
        if (kind == Kind::key) owner.rates_else = &rates;
        if (std::string wrong = maker.add(owner, limits, doc); !wrong.empty()) {
            why = std::string(descriptor) + " " + name + ": " + wrong;
        }
    };
    add(Kind::key, of.key, "api_key", "model_per_key", p.hash_text, record.limits, *key);
    add(Kind::user, of.user, "user", "model_per_user", p.user_id, record.user.limits, *user);
    add(Kind::team, of.team, "team", "model_per_team", p.team_id, record.team.limits, *team);
    if (of.team != 0 && of.user != 0) {
        const std::string name = p.team_id + ":" + p.user_id;
        Owner owner{Kind::member, of.team, "team_member", {}, name, {}};
        owner.of = of.user;
        LimitsRecord limits = record.member;
        limits.doc.clear();  // a member's budget is of all models
        maker.add(owner, limits, {});
    }
    add(Kind::organization, of.organization, "organization", "model_per_organization",
        p.organization_id, record.organization.limits, *organization);
    if (!why.empty()) return nullptr;
    p.limit_lines = limit_lines(p);
    return made;
}

}  // namespace patchbay::access
