#include "engine/meter/price_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>

#include "contract/json/member_walker.hpp"
#include "engine/meter/price_names.hpp"
#include "engine/meter/price_values.hpp"

namespace patchbay::meter {

namespace {

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <std::size_t N>
const RateField* find_field(const std::array<RateField, N>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const RateField& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

// "..._priority": the suffix is taken off the name.
bool take_tier(std::string_view& name, Tier& tier) {
    for (std::size_t t = 0; t < kTiers.size(); ++t) {
        const std::string_view suffix = kTiers[t].suffix;
        if (suffix.empty() || !name.ends_with(suffix)) continue;
        const std::string_view rest = name.substr(0, name.size() - suffix.size());
        if (!rest.ends_with('_')) continue;
        name = rest.substr(0, rest.size() - 1);
        tier = static_cast<Tier>(t);
        return true;
    }
    return false;
}

// "..._above_200k_tokens" likewise.
bool take_bound(std::string_view& name, std::uint32_t& above) {
    constexpr std::string_view kAbove = "_above_";
    constexpr std::string_view kTokens = "_tokens";
    if (!name.ends_with(kTokens)) return false;
    const std::size_t at = name.rfind(kAbove);
    if (at == std::string_view::npos) return false;
    const std::string_view number =
        name.substr(at + kAbove.size(), name.size() - at - kAbove.size() - kTokens.size());
    std::uint32_t value = 0;
    const char* const end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, value);
    constexpr std::uint32_t kMostThousands = 1'000'000;
    constexpr std::uint32_t kThousand = 1000;
    const bool thousands = error == std::errc() && stop + 1 == end && *stop == 'k';
    if (!thousands || value == 0 || value > kMostThousands) return false;
    above = value * kThousand;
    name = name.substr(0, at);
    return true;
}

// The rate that a name means; nullopt = it names none.
std::optional<Rate> rate_named(std::string_view name) {
    Rate rate{};
    // A name may end as a suffix does and be one of its own.
    const RateField* field = find_field(kRateFields, name);
    bool tier = false;
    bool bound = false;
    while (!field) {
        if (!tier && take_tier(name, rate.tier)) {
            tier = true;
        } else if (!bound && take_bound(name, rate.above)) {
            bound = true;
        } else {
            return std::nullopt;
        }
        field = find_field(kRateFields, name);
    }
    rate.dimension = field->dimension;
    return rate;
}

template <std::size_t N>
FieldUse add_named(const std::array<RateField, N>& fields, std::string_view object,
                   CardTerms& terms, bool* rounded) {
    MemberWalker walker(object);
    std::vector<Rate> rates;
    for (JsonMember m; walker.next(m);) {
        const RateField* field = find_field(fields, m.name);
        if (!field) return FieldUse::unknown;
        const auto price = read_price(m.value, rounded);
        if (!price) return FieldUse::refused;
        rates.push_back({field->dimension, Tier::standard, 0, *price, false});
    }
    if (!walker.complete()) return FieldUse::refused;
    terms.rates.insert(terms.rates.end(), rates.begin(), rates.end());
    return FieldUse::rate;
}

FieldUse add_multiplier(std::string_view field, std::string_view value, CardTerms& terms) {
    constexpr Ppm kMost = 10 * kWhole;
    constexpr int kPpmPlaces = 6;
    for (std::size_t i = 0; i < kMultipliers.size(); ++i) {
        if (kMultipliers[i].field != field) continue;
        const auto ppm = read_number(value, kPpmPlaces);
        if (!ppm || *ppm <= 0 || *ppm > kMost) return FieldUse::refused;
        terms.multipliers[i] = static_cast<Ppm>(*ppm);
        return FieldUse::rate;
    }
    return FieldUse::unknown;
}

FieldUse add_provider_entry(std::string_view object, CardTerms& terms) {
    MemberWalker walker(object);
    FieldUse use = FieldUse::no_money;
    for (JsonMember m; walker.next(m);) {
        if (among(kProviderNotes, m.name)) continue;
        const FieldUse one =
            add_multiplier("provider_specific_entry." + std::string(m.name), m.value, terms);
        if (one != FieldUse::rate) return one;
        use = FieldUse::rate;
    }
    return walker.complete() ? use : FieldUse::refused;
}

// One of `tiered_pricing`: rates for prompts of lo < n <= hi, or for searches of so many results.
FieldUse add_range(std::string_view object, CardTerms& terms, bool* rounded) {
    CardTerms own;
    std::uint32_t above = 0;
    MemberWalker walker(object);
    for (JsonMember m; walker.next(m);) {
        const bool results = m.name == "max_results_range";
        if (results || m.name == "range") {
            const auto first = read_range_start(m.value);
            if (!first) return FieldUse::refused;
            // Prompts are above a bound; searches begin with their first number.
            above = results && *first > 1 ? *first - 1 : results ? 0 : *first;
            continue;
        }
        const auto rate = rate_named(m.name);
        if (!rate || rate->above != 0) return FieldUse::unknown;
        const FieldUse one = add_field(m.name, m.value, own, rounded);
        if (one != FieldUse::rate) return one;
    }
    if (!walker.complete()) return FieldUse::refused;
    for (Rate rate : own.rates) {
        rate.above = above;
        terms.rates.push_back(rate);
    }
    return FieldUse::rate;
}

FieldUse add_ranges(std::string_view array, CardTerms& terms, bool* rounded) {
    CardTerms added;
    FieldUse worst = FieldUse::rate;
    const bool whole = each_element(array, [&](std::string_view element) {
        if (worst == FieldUse::rate) worst = add_range(element, added, rounded);
    });
    if (!whole) return FieldUse::refused;
    if (worst == FieldUse::rate) {
        terms.rates.insert(terms.rates.end(), added.rates.begin(), added.rates.end());
    }
    return worst;
}

FieldUse add_off_peak(std::string_view object, CardTerms& terms, bool* rounded) {
    CardTerms own;
    MemberWalker walker(object);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "windows") {
            if (!read_hours(m.value, own.off_peak)) return FieldUse::refused;
        } else if (m.name == "weekday_timezone") {
            const auto offset = calendar_of(unquoted(m.value));
            if (!offset) return FieldUse::refused;
            own.calendar = *offset;
        } else {
            const auto rate = rate_named(m.name);
            if (!rate || rate->tier != Tier::standard) return FieldUse::unknown;
            const FieldUse one = add_field(m.name, m.value, own, rounded);
            if (one != FieldUse::rate) return one;
        }
    }
    if (!walker.complete() || own.off_peak.empty()) return FieldUse::refused;
    for (Rate rate : own.rates) {
        rate.tier = Tier::off_peak;
        terms.rates.push_back(rate);
    }
    terms.off_peak = std::move(own.off_peak);
    terms.calendar = own.calendar;
    return FieldUse::rate;
}

constexpr auto kNested = std::to_array<std::string_view>({
    "search_context_cost_per_query",
    "guardrail_cost_per_unit",
    "provider_specific_entry",
    "tiered_pricing",
    "off_peak_pricing",
});

FieldUse add_nested(std::string_view field, std::string_view value, CardTerms& terms,
                    bool* rounded) {
    if (field == "search_context_cost_per_query") {
        return add_named(kSearchFields, value, terms, rounded);
    }
    if (field == "guardrail_cost_per_unit") return add_named(kGuardFields, value, terms, rounded);
    if (field == "provider_specific_entry") return add_provider_entry(value, terms);
    if (field == "tiered_pricing") return add_ranges(value, terms, rounded);
    return add_off_peak(value, terms, rounded);
}

bool is_multiplier(std::string_view field) {
    return std::any_of(kMultipliers.begin(), kMultipliers.end(),
                       [&](const MultiplierRow& known) { return known.field == field; });
}

}  // namespace

bool looks_like_price(std::string_view field) {
    constexpr auto kMarks = std::to_array<std::string_view>(
        {"cost", "price", "pricing", "multiplier", "_entry", "free_", "billing", "fee"});
    return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
        return field.find(mark) != std::string_view::npos;
    });
}

bool is_price_field(std::string_view field) {
    return among(kNested, field) || is_multiplier(field) || rate_named(field).has_value();
}

std::string field_of_rate(const Rate& rate) {
    constexpr std::uint32_t kThousand = 1000;
    const auto field =
        std::find_if(kRateFields.begin(), kRateFields.end(),
                     [&](const RateField& known) { return known.dimension == rate.dimension; });
    if (field == kRateFields.end() || rate.tier == Tier::off_peak || rate.above % kThousand != 0) {
        return {};
    }
    std::string name(field->name);
    if (rate.above > 0) name += "_above_" + std::to_string(rate.above / kThousand) + "k_tokens";
    if (rate.tier != Tier::standard) {
        name.append("_").append(kTiers[static_cast<std::size_t>(rate.tier)].suffix);
    }
    return name;
}

FieldUse add_field(std::string_view field, std::string_view value, CardTerms& terms,
                   bool* rounded) {
    if (among(kNoPrice, field) || field.starts_with("supports_")) return FieldUse::no_price;
    if (among(kNoMoney, field)) return FieldUse::no_money;
    if (value == "null") return FieldUse::no_price;
    if (among(kNested, field)) return add_nested(field, value, terms, rounded);
    if (is_multiplier(field)) return add_multiplier(field, value, terms);
    auto rate = rate_named(field);
    if (!rate) return FieldUse::unknown;
    const auto price = read_price(value, rounded);
    if (!price) return FieldUse::refused;
    rate->rate = *price;
    // Beside the newer name the older one does not count.
    const bool older = field.starts_with("input_cost_per_token_cache_hit");
    terms.rates.insert(older ? terms.rates.begin() : terms.rates.end(), *rate);
    return FieldUse::rate;
}

void finish_terms(CardTerms& terms) {
    std::vector<Rate> rates;
    for (const Rate& rate : terms.rates) {
        const auto same = std::find_if(rates.begin(), rates.end(), [&](const Rate& known) {
            return known.dimension == rate.dimension && known.tier == rate.tier &&
                   known.above == rate.above;
        });
        if (same == rates.end()) {
            rates.push_back(rate);
        } else {
            same->rate = rate.rate;
        }
    }
    std::sort(rates.begin(), rates.end(), [](const Rate& a, const Rate& b) {
        return std::tuple(a.dimension, a.tier, a.above) < std::tuple(b.dimension, b.tier, b.above);
    });
    terms.rates = std::move(rates);
}

}  // namespace patchbay::meter
