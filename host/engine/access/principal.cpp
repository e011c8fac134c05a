#include "engine/access/principal.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
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

// A limit is a whole number: what is below 0 allows nothing, a fraction is cut off.
std::int64_t limit_of(const json::value& number) {
    constexpr std::int64_t kMost = 1'000'000'000'000'000;
    if (const auto* whole = number.if_int64()) return std::clamp<std::int64_t>(*whole, 0, kMost);
    if (number.is_uint64()) return kMost;
    const double value = std::clamp(number.get_double(), 0.0, static_cast<double>(kMost));
    return static_cast<std::int64_t>(value);
}

// {"gpt-4o": 10} in the document, or in its metadata, where LiteLLM keeps it.
void add_model_rates(const json::object& doc, std::string_view name,
                     std::optional<std::int64_t> LimitsRecord::*which,
                     std::map<std::string, LimitsRecord>& limits) {
    const json::value* found = member(doc, name);
    if (!found) found = member(metadata_of(doc), name);
    if (!found || !found->is_object()) return;
    for (const auto& [model, rate] : found->get_object()) {
        if (rate.is_number()) limits[model].*which = limit_of(rate);
    }
}

void add_aliases(const json::object& doc, std::string_view name, Principal& principal) {
    const json::value* const found = member(doc, name);
    if (!found || !found->is_object()) return;
    for (const auto& [alias, model] : found->get_object()) {
        if (model.is_string()) principal.aliases.emplace(alias, model.get_string());
    }
}

class Maker {
  public:
    Maker(Principal& principal, SubjectTable& subjects)
        : principal_(principal), subjects_(subjects) {}

    void add(const SubjectTable::Id& id, std::string_view descriptor, std::string value,
             const LimitsRecord& limits, bool asked) {
        auto subject = subjects_.get(id, descriptor, std::move(value));
        subject->limit_rates(limits);
        subject->budget.load(limits);
        if (limits.budget != 0) principal_.budgets.push_back(limits.budget);
        principal_.limits.push_back({std::move(subject), asked});
    }
    void add_models(Kind kind, std::int64_t row, std::string_view descriptor,
                    const std::string& value, const json::object& doc) {
        std::map<std::string, LimitsRecord> limits;
        add_model_rates(doc, "model_rpm_limit", &LimitsRecord::rpm, limits);
        add_model_rates(doc, "model_tpm_limit", &LimitsRecord::tpm, limits);
        for (const auto& [model, rates] : limits) {
            auto subject = subjects_.get({kind, row, 0, model}, descriptor, value + ":" + model);
            subject->limit_rates(rates);
            principal_.limits.push_back({std::move(subject), true, model});
        }
    }

  private:
    Principal& principal_;
    SubjectTable& subjects_;
};

}  // namespace

std::string_view Principal::unaliased(std::string_view model) const {
    const auto found = aliases.find(model);
    return found == aliases.end() ? model : std::string_view(found->second);
}

std::shared_ptr<const Principal> make_principal(const store::KeyRecord& record,
                                                SubjectTable& subjects, std::string& why) {
    const auto parsed = [&](const std::string& doc, const char* of) -> std::optional<json::object> {
        if (doc.empty()) return json::object();
        boost::system::error_code ec;
        json::value value = json::parse(doc, ec);
        if (!ec && value.is_object()) return std::move(value.get_object());
        why = std::string("the document of ") + of + " is no JSON object";
        return std::nullopt;
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
    p.admin = record.role == kAdmin && record.team.id == 0;
    p.blocked = record.blocked;
    p.team_blocked = record.team.blocked;
    p.session = record.session;
    p.expires = record.expires;
    p.routes = texts(*key, "allowed_routes");
    p.cache_controls = texts(*key, "allowed_cache_controls");
    if (const json::value* expected = member(metadata_of(*key), "expected_output_tokens")) {
        if (expected->is_int64()) p.expected_output_tokens = expected->get_int64();
    }
    add_aliases(*key, "aliases", p);
    add_aliases(*team, "model_aliases", p);

    p.models.emplace_back(ListOf::key, model_list(*key));
    if (record.team.id != 0) {
        p.models.emplace_back(ListOf::team, model_list(*team));
    } else if (record.user.id != 0) {
        p.models.emplace_back(ListOf::user, model_list(*user));
    }
    if (record.organization.id != 0) {
        p.models.emplace_back(ListOf::organization, model_list(*organization));
    }

    Maker maker(p, subjects);
    maker.add({Kind::key, record.id, 0, {}}, "api_key", p.hash_text, record.limits, true);
    if (record.user.id != 0) {
        maker.add({Kind::user, record.user.id, 0, {}}, "user", p.user_id, record.user.limits,
                  record.team.id == 0);
    }
    if (record.team.id != 0) {
        maker.add({Kind::team, record.team.id, 0, {}}, "team", p.team_id, record.team.limits, true);
        if (record.user.id != 0) {
            maker.add({Kind::member, record.team.id, record.user.id, {}}, "team_member",
                      p.team_id + ":" + p.user_id, record.member, true);
        }
        maker.add_models(Kind::team, record.team.id, "model_per_team", p.team_id, *team);
    }
    if (record.organization.id != 0) {
        maker.add({Kind::organization, record.organization.id, 0, {}}, "organization",
                  p.organization_id, record.organization.limits, true);
    }
    maker.add_models(Kind::key, record.id, "model_per_key", p.hash_text, *key);
    return made;
}

}  // namespace patchbay::access
