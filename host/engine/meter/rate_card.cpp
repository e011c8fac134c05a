#include "engine/meter/rate_card.hpp"

#include <algorithm>
#include <tuple>

#include <boost/multiprecision/cpp_int.hpp>

namespace patchbay::meter {

namespace {

using Wide = boost::multiprecision::int256_t;

Wide widened(Int128 value) {
    constexpr int kHalf = 64;
    return (Wide(static_cast<std::uint64_t>(value >> kHalf)) << kHalf) |
           Wide(static_cast<std::uint64_t>(value));
}

// a * b / c, half to even; none of them negative, and c not 0. The result is cut to kMostRate.
Atto scaled(Atto a, Atto b, Atto c) {
    const Wide product = widened(a) * widened(b);
    const Wide divisor = widened(c);
    Wide whole = product / divisor;
    const Wide twice = (product % divisor) * 2;
    if (twice > divisor || (twice == divisor && (whole & 1) != 0)) whole += 1;
    if (whole > widened(kMostRate)) return kMostRate;
    return whole.convert_to<Int128>();
}

auto order(const Rate& rate) {
    return std::tuple(rate.dimension, rate.tier, ~rate.above);
}

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kMinutesOfDay = 24 * 60;

std::int64_t floored(std::int64_t n, std::int64_t d) {
    return n / d - (n % d < 0 ? 1 : 0);
}

}  // namespace

RateCard::RateCard(CardTerms terms, std::uint64_t id) : terms_(std::move(terms)), id_(id) {
    sort();
    assume();
    sort();
}

void RateCard::sort() {
    auto& rates = terms_.rates;
    std::sort(rates.begin(), rates.end(),
              [](const Rate& a, const Rate& b) { return order(a) < order(b); });
    std::size_t at = 0;
    for (std::size_t d = 0; d < kDimensions.size(); ++d) {
        while (at < rates.size() && static_cast<std::size_t>(rates[at].dimension) < d) ++at;
        first_[d] = static_cast<std::uint16_t>(at);
    }
    first_.back() = static_cast<std::uint16_t>(rates.size());
}

const Rate* RateCard::best(Dimension dimension, Tier tier, std::uint64_t size) const {
    const auto d = static_cast<std::size_t>(dimension);
    for (std::size_t i = first_[d]; i < first_[d + 1]; ++i) {
        const Rate& rate = terms_.rates[i];
        if (rate.tier != tier) continue;
        const bool exceeded =
            rate.above == 0 || size > rate.above || (terms_.inclusive && size == rate.above);
        if (exceeded) return &rate;
    }
    return nullptr;
}

const Rate* RateCard::standard(Dimension dimension) const {
    return best(dimension, Tier::standard, 0);
}

void RateCard::assume() {
    std::vector<Rate> more;
    const auto has_tier = [&](Tier tier) {
        return std::any_of(terms_.rates.begin(), terms_.rates.end(),
                           [&](const Rate& rate) { return rate.tier == tier; });
    };
    // A model that is paid by pictures tells their tokens only as tokens that it made.
    if (!standard(Dimension::text_out)) {
        for (Rate rate : terms_.rates) {
            if (rate.dimension != Dimension::image_out) continue;
            rate.dimension = Dimension::text_out;
            more.push_back(rate);
        }
        terms_.rates.insert(terms_.rates.end(), more.begin(), more.end());
        more.clear();
        sort();
    }
    // A ranking is told as the searches that it was.
    if (!standard(Dimension::search_medium)) {
        if (const Rate* query = standard(Dimension::queries)) {
            Rate search = *query;
            search.dimension = Dimension::search_medium;
            terms_.rates.push_back(search);
            sort();
        }
    }
    for (std::size_t t = 1; t < kTiers.size(); ++t) {
        const auto tier = static_cast<Tier>(t);
        if (tier == Tier::off_peak) continue;
        const bool own = has_tier(tier);
        if (!own && tier != Tier::batches) continue;
        for (const Rate& rate : terms_.rates) {
            if (rate.tier != Tier::standard || !is_token(rate.dimension)) continue;
            if (!own) {
                more.push_back({rate.dimension, tier, rate.above, divided(rate.rate, 2), true});
                continue;
            }
            const std::uint64_t size = rate.above == 0 ? 0 : std::uint64_t{rate.above} + 1;
            if (best(rate.dimension, tier, size)) continue;
            for (Dimension d = rate.dimension; row(d).stands_in_for != d;) {
                d = row(d).stands_in_for;
                const Rate* in_tier = best(d, tier, size);
                const Rate* usual = best(d, Tier::standard, size);
                if (!in_tier || !usual || usual->rate == 0) continue;
                more.push_back({rate.dimension, tier, rate.above,
                                scaled(rate.rate, in_tier->rate, usual->rate), true});
                break;
            }
        }
    }
    terms_.rates.insert(terms_.rates.end(), more.begin(), more.end());
}

std::optional<RateCard::Found> RateCard::find(Dimension dimension, Tier tier, std::uint64_t size,
                                              bool off_peak) const {
    while (true) {
        const Rate* found = off_peak ? best(dimension, Tier::off_peak, size) : nullptr;
        if (!found) found = best(dimension, tier, size);
        if (!found && tier != Tier::standard) found = best(dimension, Tier::standard, size);
        const DimensionRow& known = row(dimension);
        if (found) return Found{found->rate, known.divisor, found->assumed};
        if (known.stands_in_for == dimension) return std::nullopt;
        dimension = known.stands_in_for;
    }
}

bool RateCard::off_peak_at(std::int64_t unix_us) const {
    if (terms_.off_peak.empty()) return false;
    const std::int64_t minutes = floored(unix_us, kMinute);
    const auto minute = minutes - floored(minutes, kMinutesOfDay) * kMinutesOfDay;
    const std::int64_t day = floored(minutes + terms_.calendar, kMinutesOfDay);
    // 1970 began on a Thursday.
    const std::int64_t weekday = (day + 3) - floored(day + 3, 7) * 7;
    return std::any_of(terms_.off_peak.begin(), terms_.off_peak.end(), [&](const Hours& hours) {
        if ((hours.weekdays >> weekday & 1) == 0) return false;
        if (hours.from < hours.to) return minute >= hours.from && minute < hours.to;
        return minute >= hours.from || minute < hours.to;
    });
}

}  // namespace patchbay::meter
