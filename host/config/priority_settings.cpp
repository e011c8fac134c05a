// A share that cannot be read is an error: keys would be let in that it was to keep out, or kept out.
#include "config/priority_settings.hpp"

#include <algorithm>
#include <numeric>

#include "config/sections.hpp"

namespace patchbay {

namespace {

using Of = PriorityShare::Of;

constexpr std::string_view kSection = "litellm_settings";
constexpr std::string_view kReservation = "litellm_settings.priority_reservation";
constexpr std::string_view kSettings = "litellm_settings.priority_reservation_settings";
constexpr std::string_view kLimiter = "dynamic_rate_limiter_v3";
constexpr std::string_view kOlderLimiter = "dynamic_rate_limiter";
constexpr std::string_view kPart = "a number from 0 to 1, a part of the model's capacity";

// A number that is not below zero; nothing is none here.
std::optional<double> read_number(Reader& reader, const Entry& entry, std::string_view expected) {
    if (entry.value->kind == yaml::Node::Kind::null) {
        reader.wrong(entry, expected);
        return std::nullopt;
    }
    std::optional<double> number;
    reader.read(entry, number);
    return number;
}

void read_part(Reader& reader, const Entry& entry, double& part) {
    const auto number = read_number(reader, entry, kPart);
    if (!number) return;
    if (*number > 1) return reader.wrong(entry.quoted(), entry.place(), kPart, "a larger one");
    part = *number;
}

std::optional<Of> read_type(Reader& reader, const Entry& entry) {
    std::string type;
    reader.read(entry, type);
    if (type == "percent") return Of::percent;
    if (type == "rpm") return Of::rpm;
    if (type == "tpm") return Of::tpm;
    if (!type.empty()) {
        reader.wrong(entry.quoted(), entry.place(), "percent, rpm or tpm", "another text");
    } else if (entry.value->kind == yaml::Node::Kind::null) {
        return Of::percent;
    }
    return std::nullopt;
}

// {"type": "rpm", "value": 900}.
bool read_typed(Reader& reader, const Entry& entry, PriorityShare& share) {
    constexpr auto kParts = std::to_array<std::string_view>({"type", "value"});
    const std::string own = std::string(kReservation) + "." + std::string(entry.name());
    std::optional<double> value;
    bool given = false;
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{own, member.key, member.value};
        if (part.name() == "type") {
            const auto type = read_type(reader, part);
            if (!type) return false;
            share.of = *type;
        } else if (part.name() == "value") {
            given = true;
            value = read_number(reader, part, "a number");
        } else {
            warn_unknown(reader, part, kParts, {});
        }
    }
    if (!given) reader.problems().error(entry.place(), "`" + own + "`: it has no `value`");
    share.value = value.value_or(0);
    return value.has_value();
}

// LiteLLM divides shares by their sum where that is more than 1, so 90 and 10 are nine tenths and one.
void tell_more_than_all(Reader& reader, const Entry& section, const PrioritySettings& settings) {
    double sum = 0;
    for (const PriorityShare& share : settings.shares) {
        if (share.of != Of::percent) return;  // what that is, is told for each model
        sum += share.value;
        if (share.value <= 1) continue;
        reader.problems().warning(share.place,
                                  "`" + std::string(kReservation) + "." + share.priority +
                                      "` is more than 1, which is all of a model: each share is "
                                      "divided by the sum of all");
    }
    const bool any_over = std::any_of(settings.shares.begin(), settings.shares.end(),
                                      [](const PriorityShare& one) { return one.value > 1; });
    if (sum > 1 + PrioritySettings::kExact && !any_over) {
        reader.problems().warning(section.key->place(),
                                  section.quoted() +
                                      ": the shares come to more than 1, which is all of a model: "
                                      "each is divided by their sum");
    } else if (!any_over && sum + settings.default_share > 1 + PrioritySettings::kExact) {
        reader.problems().warning(
            section.key->place(),
            section.quoted() +
                ": the shares and that of keys without a priority "
                "(`priority_reservation_settings.default_priority`, 0.25 if it is not set) come to "
                "more than 1, so such keys may use what is reserved");
    }
}

void read_shares(Reader& reader, const Entry& entry, PrioritySettings& settings) {
    if (!reader.is_map(entry)) return;
    settings.place = entry.key->place();
    for (const yaml::Member& member : entry.value->members) {
        const Entry one{kReservation, member.key, member.value};
        PriorityShare share{std::string(one.name()), Of::percent, 0, one.key->place()};
        if (share.priority.empty()) {
            reader.problems().error(share.place, entry.quoted() + ": a priority has no name");
            continue;
        }
        bool good = false;
        if (one.value->kind == yaml::Node::Kind::map) {
            good = read_typed(reader, one, share);
        } else {
            const auto number =
                read_number(reader, one, "a number, or a mapping with `type` and `value`");
            good = number.has_value();
            share.value = number.value_or(0);
        }
        if (good) settings.shares.push_back(std::move(share));
    }
}

void read_settings(Reader& reader, const Entry& entry, PrioritySettings& settings) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"default_priority", "saturation_threshold", "saturation_check_cache_ttl"});
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{kSettings, member.key, member.value};
        if (part.name() == "default_priority") {
            read_part(reader, part, settings.default_share);
        } else if (part.name() == "saturation_threshold") {
            read_part(reader, part, settings.threshold);
        } else if (part.name() == "saturation_check_cache_ttl") {
            std::optional<double> seconds;  // of LiteLLM's look at its counts; here it is not late
            reader.read(part, seconds);
        } else {
            warn_unknown(reader, part, kNames, {});
        }
    }
}

// Those that keys are made with.
void tell_unknown_default(Reader& reader, const yaml::Node& section,
                          const PrioritySettings& settings) {
    const auto find = [](const yaml::Node& map, std::string_view name) -> const yaml::Member* {
        if (map.kind != yaml::Node::Kind::map) return nullptr;
        const auto found = std::find_if(map.members.begin(), map.members.end(),
                                        [&](const auto& m) { return m.key->text == name; });
        return found == map.members.end() ? nullptr : &*found;
    };
    const yaml::Member* given = find(section, "default_key_generate_params");
    given = given ? find(*given->value, "metadata") : nullptr;
    given = given ? find(*given->value, "priority") : nullptr;
    if (!given || given->value->kind != yaml::Node::Kind::scalar) return;
    const auto& shares = settings.shares;
    if (std::any_of(shares.begin(), shares.end(), [&](const PriorityShare& share) {
            return share.priority == given->value->text;
        })) {
        return;
    }
    reader.problems().warning(given->value->place(),
                              "`litellm_settings.default_key_generate_params.metadata.priority` is "
                              "none of `priority_reservation`: such keys have the share of keys "
                              "without a priority");
}

}  // namespace

bool read_load_limiter(Reader& reader, const Entry& entry, const PlacedText& name,
                       LitellmSettings& settings) {
    if (name.text != kLimiter && name.text != kOlderLimiter) return false;
    if (entry.name() != "callbacks") {
        reader.problems().left_out(name.place,
                                   entry.quoted() + ": '" + name.text +
                                       "' limits nothing there, as in LiteLLM: write it among the "
                                       "`callbacks`");
        return true;
    }
    if (name.text == kOlderLimiter) {
        reader.problems().warning(
            name.place, entry.quoted() + ": '" + name.text + "' does what '" +
                            std::string(kLimiter) +
                            "' does: what is left of a model is not divided by the number of keys "
                            "that call");
    }
    settings.load_limiter = name;
    return true;
}

void read_priorities(Reader& reader, const yaml::Node& section, LitellmSettings& settings) {
    PrioritySettings priorities;
    const yaml::Member* reservation = nullptr;
    for (const yaml::Member& member : section.members) {
        const Entry entry{kSection, member.key, member.value};
        if (entry.name() == "priority_reservation_settings") {
            read_settings(reader, entry, priorities);
        } else if (entry.name() == "priority_reservation") {
            reservation = &member;
            read_shares(reader, entry, priorities);
        }
    }
    if (!priorities.shares.empty()) {
        const Entry entry{kSection, reservation->key, reservation->value};
        if (settings.load_limiter.text.empty()) {
            reader.problems().left_out(entry.key->place(),
                                       entry.quoted() + " reserves nothing without `callbacks: [" +
                                           std::string(kLimiter) +
                                           "]`, as in LiteLLM: load is not limited by it");
            return;
        }
        tell_more_than_all(reader, entry, priorities);
        tell_unknown_default(reader, section, priorities);
    }
    if (settings.load_limiter.text.empty()) return;
    settings.priorities = std::make_shared<const PrioritySettings>(std::move(priorities));
}

}  // namespace patchbay
