// What litellm_settings say of keys, users and teams. A bound that cannot be read is an error: without it keys would be
// made that it was to refuse.
#include "config/key_settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/budget_keys.hpp"
#include "config/sections.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kSection = "litellm_settings";

enum class Kind {
    text,
    texts,
    money,
    count,
    duration,
    role,     ///< of a user
    teams,    ///< names, or {"team_id", "user_role", "max_budget_in_team"}
    mapping,  ///< taken as it stands
};

struct Param {
    std::string_view name;
    Kind kind;
};

// What LiteLLM fills in at /key/generate.
constexpr auto kKeyParams = std::to_array<Param>({{"max_budget", Kind::money},
                                                  {"budget_duration", Kind::duration},
                                                  {"duration", Kind::duration},
                                                  {"tpm_limit", Kind::count},
                                                  {"rpm_limit", Kind::count},
                                                  {"max_parallel_requests", Kind::count},
                                                  {"user_id", Kind::text},
                                                  {"team_id", Kind::text},
                                                  {"models", Kind::texts},
                                                  {"allowed_routes", Kind::texts},
                                                  {"metadata", Kind::mapping}});
constexpr auto kUserParams = std::to_array<Param>({{"user_role", Kind::role},
                                                   {"max_budget", Kind::money},
                                                   {"budget_duration", Kind::duration},
                                                   {"tpm_limit", Kind::count},
                                                   {"rpm_limit", Kind::count},
                                                   {"max_parallel_requests", Kind::count},
                                                   {"models", Kind::texts},
                                                   {"metadata", Kind::mapping},
                                                   {"teams", Kind::teams}});
constexpr auto kTeamParams = std::to_array<Param>({{"max_budget", Kind::money},
                                                   {"budget_duration", Kind::duration},
                                                   {"tpm_limit", Kind::count},
                                                   {"rpm_limit", Kind::count},
                                                   {"models", Kind::texts},
                                                   {"organization_id", Kind::text},
                                                   {"team_member_permissions", Kind::texts}});

constexpr auto kUserRoles = std::to_array<std::string_view>(
    {"proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"});
// LiteLLM has more of them, which nobody has here.
constexpr auto kMakerRoles =
    std::to_array<std::string_view>({"proxy_admin", "proxy_admin_viewer", "internal_user",
                                     "internal_user_viewer", "org_admin", "team", "customer"});
constexpr auto kMemberRoles = std::to_array<std::string_view>({"admin", "user"});

std::string listed(std::span<const std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

std::optional<std::string> read_text(Reader& reader, const Entry& entry) {
    std::string text;
    reader.read(entry, text);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

bool read_role(Reader& reader, const Entry& entry, std::string_view role, const Place& place,
               std::span<const std::string_view> known) {
    if (contains(known, role)) return true;
    reader.wrong(entry.quoted(), place, "one of " + listed(known), "another text");
    return false;
}

void read_team(Reader& reader, const Entry& entry, const yaml::Node& node,
               boost::json::array& teams) {
    constexpr std::string_view kTeam = "names of teams, or mappings with `team_id`";
    if (node.kind == yaml::Node::Kind::map) {
        bool named = false;
        for (const yaml::Member& member : node.members) {
            const Entry part{"litellm_settings.default_internal_user_params.teams", member.key,
                             member.value};
            if (part.name() == "team_id") {
                named = read_text(reader, part).has_value();
            } else if (part.name() == "user_role") {
                const auto role = read_text(reader, part);
                if (role) read_role(reader, part, *role, part.place(), kMemberRoles);
            } else if (part.name() == "max_budget_in_team") {
                read_amount(reader, part);
            } else {
                constexpr auto kParts =
                    std::to_array<std::string_view>({"team_id", "user_role", "max_budget_in_team"});
                warn_unknown(reader, part, kParts, {});
            }
        }
        if (!named) return reader.wrong(entry.quoted(), node.place(), kTeam, "none");
        teams.push_back(reader.json(node));
        return;
    }
    const auto found = node.kind == yaml::Node::Kind::scalar ? reader.scalar(node) : std::nullopt;
    const auto* name = found ? std::get_if<std::string>(&found->value) : nullptr;
    if (!name || name->empty()) {
        return reader.wrong(entry.quoted(), node.place(), kTeam, kind_name(node));
    }
    teams.emplace_back(*name);
}

boost::json::value read_param(Reader& reader, const Entry& entry, Kind kind) {
    switch (kind) {
        case Kind::text:
        case Kind::role: {
            const auto text = read_text(reader, entry);
            if (!text) break;
            if (kind == Kind::role && !read_role(reader, entry, *text, entry.place(), kUserRoles)) {
                break;
            }
            return boost::json::value(*text);
        }
        case Kind::texts: {
            std::vector<std::string> list;
            reader.read(entry, list);
            boost::json::array texts(list.begin(), list.end());
            return texts;
        }
        case Kind::money:
            // As it is written: the amount is read exactly where it is used.
            if (read_amount(reader, entry)) return reader.json(*entry.value, true);
            break;
        case Kind::count: {
            std::optional<std::int64_t> count;
            reader.read(entry, count);
            if (count) return *count;
            break;
        }
        case Kind::duration: {
            std::string duration;
            read_duration(reader, entry, duration);
            if (!duration.empty()) return boost::json::value(duration);
            break;
        }
        case Kind::teams: {
            boost::json::array teams;
            if (!reader.is_list(entry)) break;
            for (const yaml::Node* item : entry.value->items) {
                read_team(reader, entry, *item, teams);
            }
            return teams;
        }
        case Kind::mapping: {
            boost::json::object object;
            reader.read(entry, object);
            return object;
        }
    }
    return nullptr;
}

void read_params(Reader& reader, const Entry& entry, std::span<const Param> params,
                 boost::json::object& object) {
    if (!reader.is_map(entry)) return;
    const std::string section = std::string(kSection) + "." + std::string(entry.name());
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{section, member.key, member.value};
        if (part.value->kind == yaml::Node::Kind::null) continue;
        const auto found = std::find_if(params.begin(), params.end(),
                                        [&](const Param& p) { return p.name == part.name(); });
        if (found == params.end()) {
            std::string names;
            for (const Param& param : params) {
                if (!names.empty()) names += ", ";
                names += param.name;
            }
            reader.problems().left_out(
                part.place(),
                part.quoted() +
                    " is not given to those that are made: ignored; these are: " + names);
            continue;
        }
        if (boost::json::value value = read_param(reader, part, found->kind); !value.is_null()) {
            object[part.name()] = std::move(value);
        }
    }
}

void read_bounds(Reader& reader, const Entry& entry, KeyBounds& bounds) {
    if (!reader.is_map(entry)) return;
    const std::string section = std::string(kSection) + "." + std::string(entry.name());
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{section, member.key, member.value};
        if (part.name() == "max_budget") {
            bounds.max_budget_nano = read_amount(reader, part);
        } else if (part.name() == "tpm_limit") {
            reader.read(part, bounds.tpm_limit);
        } else if (part.name() == "rpm_limit") {
            reader.read(part, bounds.rpm_limit);
        } else if (part.name() == "max_parallel_requests") {
            reader.read(part, bounds.max_parallel_requests);
        } else if (part.name() == "budget_duration") {
            read_duration(reader, part, bounds.budget_duration);
        } else if (part.name() == "duration") {
            read_duration(reader, part, bounds.duration);
        } else {
            reader.problems().error(
                part.place(), part.quoted() +
                                  " is no bound of keys, so keys would be made that it was to "
                                  "refuse: max_budget, budget_duration, duration, tpm_limit, "
                                  "rpm_limit and max_parallel_requests are");
        }
    }
}

void read_makers(Reader& reader, const Entry& entry, std::string_view roles,
                 std::span<const std::string_view> known, KeyMakers& makers) {
    if (!reader.is_map(entry)) return;
    const std::string section =
        std::string(kSection) + ".key_generation_settings." + std::string(entry.name());
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{section, member.key, member.value};
        const bool null = part.value->kind == yaml::Node::Kind::null;
        if (part.name() == "required_params") {
            reader.read(part, makers.required_params);
        } else if (part.name() == roles && !null) {
            std::vector<PlacedText> list;
            reader.read(part, list);
            makers.roles.emplace();
            for (PlacedText& role : list) {
                if (read_role(reader, part, role.text, role.place, known)) {
                    makers.roles->push_back(std::move(role.text));
                }
            }
        } else if (part.name() != roles) {
            reader.problems().error(
                part.place(), part.quoted() +
                                  " is no rule for those who make keys, so keys would be made that "
                                  "it was to refuse: " +
                                  std::string(roles) + " and required_params are");
        }
    }
}

void read_key_makers(Reader& reader, const Entry& entry, KeySettings& keys) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{"litellm_settings.key_generation_settings", member.key, member.value};
        if (part.name() == "team_key_generation") {
            read_makers(reader, part, "allowed_team_member_roles", kMemberRoles, keys.team_keys);
        } else if (part.name() == "personal_key_generation") {
            read_makers(reader, part, "allowed_user_roles", kMakerRoles, keys.personal_keys);
        } else {
            reader.problems().error(part.place(),
                                    part.quoted() +
                                        " is no kind of keys, so keys would be made that it was to "
                                        "refuse: team_key_generation and personal_key_generation "
                                        "are");
        }
    }
}

// The longest that a duration can be, or the shortest, in seconds: months differ. It has been read, so it is one.
std::int64_t seconds_of(std::string_view duration, std::int64_t days_of_month) {
    constexpr std::int64_t kDay = 86'400;
    std::int64_t count = 0;
    const auto [end, ec] =
        std::from_chars(duration.data(), duration.data() + duration.size(), count);
    const std::string_view unit = duration.substr(static_cast<std::size_t>(end - duration.data()));
    if (unit == "mo") return count * days_of_month * kDay;
    if (unit == "w") return count * 7 * kDay;
    if (unit == "d") return count * kDay;
    if (unit == "h") return count * 3'600;
    return unit == "m" ? count * 60 : count;
}

// In months that are short or long.
bool may_be_longer(std::string_view duration, std::string_view bound) {
    constexpr std::int64_t kShort = 28, kLong = 31;
    const bool both_months = duration.ends_with("mo") && bound.ends_with("mo");
    return seconds_of(duration, kLong) > seconds_of(bound, both_months ? kLong : kShort);
}

bool is_over(std::string_view name, const boost::json::value& given, const KeyBounds& bounds) {
    const auto over = [&](const std::optional<std::int64_t>& bound) {
        return bound && given.to_number<std::int64_t>() > *bound;
    };
    if (name == "max_budget") {
        constexpr double kNano = 1e9;
        return bounds.max_budget_nano &&
               std::llround(given.to_number<double>() * kNano) > *bounds.max_budget_nano;
    }
    if (name == "tpm_limit") return over(bounds.tpm_limit);
    if (name == "rpm_limit") return over(bounds.rpm_limit);
    if (name == "max_parallel_requests") return over(bounds.max_parallel_requests);
    if (name != "budget_duration" && name != "duration") return false;
    const std::string& bound = name == "duration" ? bounds.duration : bounds.budget_duration;
    return !bound.empty() && may_be_longer(given.get_string(), bound);
}

// A key that is given more than its bound is refused, so none could be made without a word of its own.
void tell_defaults_over_bounds(Reader& reader, const yaml::Node& section, const KeySettings& keys) {
    for (const yaml::Member& member : section.members) {
        if (member.key->text != "default_key_generate_params") continue;
        for (const yaml::Member& given : member.value->members) {
            const Entry part{"litellm_settings.default_key_generate_params", given.key,
                             given.value};
            const auto* value = keys.default_key.if_contains(part.name());
            if (value == nullptr || !is_over(part.name(), *value, keys.bounds)) continue;
            reader.problems().left_out(
                part.place(),
                part.quoted() +
                    " is over its bound in `upperbound_key_generate_params`: keys that "
                    "do not say their own are refused");
        }
    }
}

}  // namespace

void read_key_settings(Reader& reader, const yaml::Node& section, LitellmSettings& settings) {
    KeySettings keys;
    for (const yaml::Member& member : section.members) {
        const Entry entry{kSection, member.key, member.value};
        const std::string_view name = entry.name();
        if (name == "upperbound_key_generate_params") {
            read_bounds(reader, entry, keys.bounds);
        } else if (name == "default_key_generate_params") {
            read_params(reader, entry, kKeyParams, keys.default_key);
        } else if (name == "default_internal_user_params") {
            read_params(reader, entry, kUserParams, keys.default_user);
        } else if (name == "default_team_params") {
            read_params(reader, entry, kTeamParams, keys.default_team);
        } else if (name == "key_generation_settings") {
            read_key_makers(reader, entry, keys);
        } else if (name == "max_internal_user_budget" ||
                   name == "default_max_internal_user_budget") {
            boost::json::value amount = read_param(reader, entry, Kind::money);
            // The older name counts where the newer one is not there.
            const bool newer = name == "max_internal_user_budget";
            if (!amount.is_null() && (newer || !keys.internal_user.contains("max_budget"))) {
                keys.internal_user["max_budget"] = std::move(amount);
            }
        } else if (name == "internal_user_budget_duration") {
            boost::json::value duration = read_param(reader, entry, Kind::duration);
            if (!duration.is_null()) keys.internal_user["budget_duration"] = std::move(duration);
        }
    }
    tell_defaults_over_bounds(reader, section, keys);
    settings.keys = std::make_shared<const KeySettings>(std::move(keys));
}

}  // namespace patchbay
