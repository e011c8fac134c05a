#include "engine/meter/reprice.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "engine/meter/counts.hpp"
#include "engine/meter/price_row.hpp"

namespace patchbay::meter {

namespace {

constexpr std::size_t kMostCards = 65'536;  ///< remembered
constexpr std::int64_t kFirstError = 400;
constexpr std::int64_t kClientLeft = 499;

void add_days(std::string_view table, std::set<std::string>& days) {
    while (!table.empty()) {
        const std::string_view line = table.substr(0, table.find('\n'));
        table.remove_prefix(std::min(table.size(), line.size() + 1));
        const RowKey key = key_of(line);
        if (is_day(key.from)) days.emplace(key.from);
    }
}

constexpr std::uint8_t bit(Multiplier which) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(which));
}

// What a call may have been, besides what the books say; nothing first.
constexpr std::array<std::uint8_t, 4> kUnknown{
    0, bit(Multiplier::fast), bit(Multiplier::geo_us),
    static_cast<std::uint8_t>(bit(Multiplier::fast) | bit(Multiplier::geo_us))};

Cost made_by(const RateCard& card, const PastAttempt& attempt, std::uint8_t multipliers) {
    const Circumstances how{.tier = tier_of(attempt.tier),
                            .size = attempt.usage.prompt,
                            .multipliers = multipliers,
                            .ended_us = attempt.ended_us};
    const Counts counts = counts_of(attempt.usage, attempt.status < kFirstError);
    return cost_of(card, counts.list(), how, attempt.terms);
}

}  // namespace

Repricer::Repricer(const std::string& own) {
    std::set<std::string> days;
    add_days(own, days);
    add_days(embedded_prices(), days);
    days_.assign(days.begin(), days.end());
    for (const std::string& day : days_) {
        books_.emplace_back(own, day);
        bundled_.emplace_back(std::string(), day);
    }
}

Repricer::Card Repricer::on(Tables tables, std::size_t day, const PastAttempt& attempt) {
    const std::vector<PriceBook>& books = tables == both ? books_ : bundled_;
    for (const std::string& model : attempt.models) {
        std::string name = (tables == both ? "+" : "-") + days_[day];
        for (const std::string_view part :
             {attempt.provider, attempt.region, std::string_view(model)}) {
            (name += '\n') += part;
        }
        auto known = cards_.find(name);
        if (known == cards_.end()) {
            if (cards_.size() >= kMostCards) cards_.clear();
            auto card = books[day].find(attempt.provider, model, attempt.region);
            known = cards_.emplace(std::move(name), std::move(card)).first;
        }
        if (known->second) return known->second;
    }
    return nullptr;
}

NewPrice Repricer::price(const PastAttempt& attempt) {
    using enum NewPrice::Outcome;
    const std::string day = day_of(attempt.ended_us);
    const auto behind = std::upper_bound(days_.begin(), days_.end(), day);
    const Card now = behind == days_.begin()
                         ? nullptr
                         : on(both, static_cast<std::size_t>(behind - days_.begin()) - 1, attempt);
    if (!now) return {unpriced, 0, 0, 0};
    if (attempt.price == 0) {
        if (attempt.cost != 0) return {unlike, 0, 0, 0};
        const Cost cost = made_by(*now, attempt, 0);
        // Whether it lost against another, or its client left, is not known: nobody is charged.
        return {known, now->id(), cost.cost, attempt.status == kClientLeft ? 0 : cost.charge};
    }
    Card then;
    for (std::size_t i = days_.size(); i-- > 0 && !then;) {
        for (const Tables tables : {both, bundled}) {
            const Card card = on(tables, i, attempt);
            if (card && card->id() == attempt.price) then = card;
        }
    }
    if (!then) return {foreign, 0, 0, 0};
    for (const std::uint8_t multipliers : kUnknown) {
        const Cost was = made_by(*then, attempt, multipliers);
        // Nobody owes an attempt that lost against another.
        const bool owed = attempt.charge != 0 || was.charge == 0;
        if (was.cost != attempt.cost || (owed && was.charge != attempt.charge)) continue;
        const Cost cost = made_by(*now, attempt, multipliers);
        return {known, now->id(), cost.cost, owed ? cost.charge : 0};
    }
    return {unlike, 0, 0, 0};
}

}  // namespace patchbay::meter
