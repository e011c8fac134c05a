#include "engine/meter/price_import.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "contract/json/member_walker.hpp"
#include "engine/meter/price_fields.hpp"
#include "engine/meter/price_values.hpp"

namespace patchbay::meter {

namespace {

// Names that a row cannot hold.
bool plain_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\';
    });
}

// Fireworks reads its cache at half the price unless it says another; the map leaves that to LiteLLM's
// code.
void add_half_for_cached(CardTerms& terms) {
    std::vector<Rate> cached;
    for (Rate rate : terms.rates) {
        if (rate.dimension == Dimension::cached_in && rate.tier == Tier::standard) return;
        if (rate.dimension != Dimension::text_in || rate.tier != Tier::standard) continue;
        rate.dimension = Dimension::cached_in;
        rate.rate = divided(rate.rate, 2);
        cached.push_back(rate);
    }
    terms.rates.insert(terms.rates.end(), cached.begin(), cached.end());
}

class MapReader {
  public:
    explicit MapReader(PriceMap& map) : map_(map) {}

    bool read(std::string_view json) {
        MemberWalker walker(json);
        for (JsonMember m; walker.next(m);) {
            if (m.name == "sample_spec") continue;
            if (!m.value.starts_with('{') || !plain_name(m.name)) {
                map_.refused.push_back(std::string(m.name) + ": no entry of a model");
                continue;
            }
            read_model(m.name, m.value);
        }
        if (!walker.complete()) return false;
        resolve_aliases();
        return true;
    }

  private:
    void read_model(std::string_view model, std::string_view entry) {
        CardTerms terms;
        std::string alias;
        std::string_view provider;
        std::string_view ranges;
        MemberWalker walker(entry);
        for (JsonMember m; walker.next(m);) {
            if (m.name == "alias_of") alias = unquoted(m.value);
            if (m.name == "litellm_provider") provider = unquoted(m.value);
            if (m.name == "tiered_pricing") {
                ranges = m.value;
            } else {
                take(model, m.name, m.value, terms);
            }
        }
        // Ranges go before what stands beside them.
        if (!ranges.empty()) take(model, "tiered_pricing", ranges, terms);
        // xAI charges from a bound on, others above it.
        terms.inclusive = provider == "xai";
        if (provider == "fireworks_ai") add_half_for_cached(terms);
        finish_terms(terms);
        if (terms.rates.empty() && !alias.empty()) {
            aliases_.emplace_back(model, std::move(alias));
        } else if (terms.rates.empty()) {
            ++map_.without_price;
        } else {
            map_.models.insert_or_assign(std::string(model), std::move(terms));
        }
    }

    void take(std::string_view model, std::string_view field, std::string_view value,
              CardTerms& terms) {
        bool rounded = false;
        switch (add_field(field, value, terms, &rounded)) {
            case FieldUse::rate:
            case FieldUse::no_price:
                break;
            case FieldUse::no_money:
                ++map_.no_money[std::string(field)];
                break;
            case FieldUse::unknown:
                ++(looks_like_price(field) ? map_.unknown_prices
                                           : map_.unknown)[std::string(field)];
                break;
            case FieldUse::refused:
                map_.refused.push_back(std::string(model) + ": " + std::string(field) + ": " +
                                       std::string(value.substr(0, 100)));
                break;
        }
        if (rounded) map_.rounded.push_back(std::string(model) + ": " + std::string(field));
    }

    void resolve_aliases() {
        for (const auto& [model, name] : aliases_) {
            std::string target = name;
            constexpr int kMostSteps = 5;
            for (int step = 0; step < kMostSteps; ++step) {
                const auto next = std::find_if(aliases_.begin(), aliases_.end(),
                                               [&](const auto& a) { return a.first == target; });
                if (next == aliases_.end()) break;
                target = next->second;
            }
            const auto found = map_.models.find(target);
            if (found == map_.models.end()) {
                ++map_.without_price;
            } else {
                map_.models.insert_or_assign(model, CardTerms(found->second));
            }
        }
    }

    PriceMap& map_;
    std::vector<std::pair<std::string, std::string>> aliases_;
};

PriceDiff::Change greatest_change(const std::string& model, const CardTerms& before,
                                  const CardTerms& after) {
    PriceDiff::Change change{model, {}, 0};
    const auto rate_in = [](const CardTerms& terms, const Rate& wanted) -> double {
        for (const Rate& rate : terms.rates) {
            const bool same = rate.dimension == wanted.dimension && rate.tier == wanted.tier &&
                              rate.above == wanted.above;
            if (same) return static_cast<double>(rate.rate);
        }
        return 0;
    };
    const auto offer = [&](const Rate& rate) {
        const double was = rate_in(before, rate);
        const double is = rate_in(after, rate);
        if (was == is) return;
        constexpr double kHundred = 100;
        const double percent =
            was == 0 ? std::numeric_limits<double>::infinity() : (is / was - 1) * kHundred;
        if (!change.rate.empty() && std::abs(percent) <= std::abs(change.percent)) return;
        change.rate = rate_name(rate);
        change.percent = percent;
    };
    for (const Rate& rate : before.rates) offer(rate);
    for (const Rate& rate : after.rates) offer(rate);
    if (change.rate.empty()) change.rate = "multipliers or hours";
    return change;
}

}  // namespace

bool read_price_map(std::string_view json, PriceMap& map) {
    return MapReader(map).read(json);
}

PriceDiff merge_prices(std::string_view table, const PriceMap& map, std::string_view from,
                       std::string_view source) {
    PriceDiff diff;
    std::vector<std::string> lines;
    std::map<std::string, CardTerms> newest;  // of each model that the table has
    while (!table.empty()) {
        const std::size_t end = table.find('\n');
        const std::string_view line = table.substr(0, end);
        table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
        std::string what;
        auto known = read_row(line, what);
        if (!known) continue;
        lines.emplace_back(line);
        newest.insert_or_assign(known->model, std::move(known->terms));
    }
    for (const auto& [model, terms] : map.models) {
        const auto before = newest.find(model);
        if (before != newest.end() && before->second == terms) {
            ++diff.same;
            continue;
        }
        if (before == newest.end()) {
            diff.added.push_back(model);
        } else {
            diff.changed.push_back(greatest_change(model, before->second, terms));
        }
        std::erase_if(lines, [&from, &name = model](const std::string& line) {
            const RowKey key = key_of(line);
            return key.model == name && key.from == from;
        });
        lines.push_back(write_row({model, std::string(from), std::string(source), terms}));
    }
    for (const auto& [model, terms] : newest) {
        if (!map.models.contains(model)) diff.gone.push_back(model);
    }
    std::sort(lines.begin(), lines.end(), [](const std::string& a, const std::string& b) {
        return compare_keys(key_of(a), key_of(b)) < 0;
    });
    for (const std::string& line : lines) (diff.table += line) += '\n';
    return diff;
}

}  // namespace patchbay::meter
