#include "engine/meter/price_row.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <compare>

#include "contract/json/member_walker.hpp"
#include "engine/meter/price_fields.hpp"
#include "engine/meter/price_values.hpp"
#include "store/period.hpp"

namespace patchbay::meter {

namespace {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string decimal(Int128 value, int places) {
    return std::string(DecimalText(value, places).view());
}

void append_quoted(std::string& text, std::string_view value) {
    ((text += '"') += value) += '"';
}

void append_time(std::string& text, std::uint16_t minutes) {
    constexpr int kMinutes = 60;
    const auto two = [&](int number) {
        text += static_cast<char>('0' + number / 10);
        text += static_cast<char>('0' + number % 10);
    };
    two(minutes / kMinutes);
    text += ':';
    two(minutes % kMinutes);
}

void append_hours(std::string& text, const CardTerms& terms) {
    text += ",\"off_peak\":{\"windows\":[";
    bool first = true;
    for (const Hours& hours : terms.off_peak) {
        text += first ? "{\"hours_utc\":\"" : ",{\"hours_utc\":\"";
        first = false;
        append_time(text, hours.from);
        text += '-';
        append_time(text, hours.to);
        text += "\",\"weekdays\":[";
        bool first_day = true;
        for (int day = 0; day < 7; ++day) {
            if ((hours.weekdays >> day & 1) == 0) continue;
            if (!first_day) text += ',';
            first_day = false;
            text += static_cast<char>('1' + day);
        }
        text += "]}";
    }
    text += "],\"calendar\":" + std::to_string(terms.calendar) + "}";
}

bool read_rates(std::string_view object, CardTerms& terms) {
    MemberWalker walker(object);
    for (JsonMember m; walker.next(m);) {
        auto rate = read_rate_name(m.name);
        const auto price = read_price(m.value);
        if (!rate || !price) return false;
        rate->rate = *price;
        terms.rates.push_back(*rate);
    }
    return walker.complete();
}

bool read_multipliers(std::string_view object, CardTerms& terms) {
    constexpr int kPpmPlaces = 6;
    constexpr Ppm kMost = 10 * kWhole;
    MemberWalker walker(object);
    for (JsonMember m; walker.next(m);) {
        const auto which = find_multiplier(m.name);
        const auto ppm = read_number(m.value, kPpmPlaces);
        if (!which || !ppm || *ppm <= 0 || *ppm > kMost) return false;
        terms.multipliers[static_cast<std::size_t>(*which)] = static_cast<Ppm>(*ppm);
    }
    return walker.complete();
}

bool read_off_peak(std::string_view object, CardTerms& terms) {
    MemberWalker walker(object);
    bool good = true;
    for (JsonMember m; walker.next(m);) {
        if (m.name == "windows") {
            good = good && read_hours(m.value, terms.off_peak);
        } else if (m.name == "calendar") {
            const auto minutes = read_number(m.value, 0);
            good = good && minutes && *minutes > -1440 && *minutes < 1440;
            if (good) terms.calendar = static_cast<std::int16_t>(*minutes);
        } else {
            good = false;
        }
    }
    return walker.complete() && good;
}

}  // namespace

bool is_day(std::string_view text) {
    constexpr std::string_view kForm = "dddd-dd-dd";
    if (text.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == 'd' ? !digit : text[i] != '-') return false;
    }
    const std::string_view month = text.substr(5, 2);
    const std::string_view day = text.substr(8, 2);
    return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

std::string day_of(std::int64_t unix_us) {
    using namespace std::chrono;
    return store::date_of(floor<days>(microseconds(unix_us)).count());
}

std::string rate_name(const Rate& rate) {
    std::string name(row(rate.dimension).name);
    if (rate.above > 0) name += ">" + std::to_string(rate.above);
    if (rate.tier != Tier::standard) {
        name += '@';
        name += kTiers[static_cast<std::size_t>(rate.tier)].name;
    }
    return name;
}

std::optional<Rate> read_rate_name(std::string_view name) {
    Rate rate{};
    if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
        const auto tier = find_tier(name.substr(at + 1));
        if (!tier) return std::nullopt;
        rate.tier = *tier;
        name = name.substr(0, at);
    }
    if (const std::size_t at = name.find('>'); at != std::string_view::npos) {
        const std::string_view number = name.substr(at + 1);
        const char* const end = number.data() + number.size();
        const auto [stop, error] = std::from_chars(number.data(), end, rate.above);
        if (error != std::errc() || stop != end || rate.above == 0) return std::nullopt;
        name = name.substr(0, at);
    }
    const auto dimension = find_dimension(name);
    if (!dimension) return std::nullopt;
    rate.dimension = *dimension;
    return rate;
}

std::string write_terms(const CardTerms& terms) {
    std::string text = "\"rates\":{";
    for (const Rate& rate : terms.rates) {
        if (text.back() != '{') text += ',';
        append_quoted(text, rate_name(rate));
        text += ':';
        append_quoted(text, decimal(rate.rate, kAttoPlaces));
    }
    text += '}';
    constexpr int kPpmPlaces = 6;
    bool any = false;
    for (std::size_t i = 0; i < kMultipliers.size(); ++i) {
        if (terms.multipliers[i] == 0) continue;
        text += any ? "," : ",\"multipliers\":{";
        any = true;
        append_quoted(text, kMultipliers[i].name);
        text += ':';
        append_quoted(text, decimal(terms.multipliers[i], kPpmPlaces));
    }
    if (any) text += '}';
    if (!terms.off_peak.empty()) append_hours(text, terms);
    if (terms.inclusive) text += ",\"inclusive\":true";
    return text;
}

std::string write_row(const PriceRow& row) {
    return "{\"model\":\"" + row.model + "\",\"from\":\"" + row.from + "\",\"source\":\"" +
           row.source + "\"," + write_terms(row.terms) + "}";
}

std::optional<PriceRow> read_row(std::string_view line, std::string& what) {
    PriceRow read;
    MemberWalker walker(line);
    const auto wrong = [&](std::string_view name) {
        what = "`" + std::string(name) + "` has no such value, or holds a name that is not known";
        return std::nullopt;
    };
    for (JsonMember m; walker.next(m);) {
        bool good = true;
        if (m.name == "model") {
            read.model = unquoted(m.value);
            good = !read.model.empty() && read.model.find('\\') == std::string::npos;
        } else if (m.name == "from") {
            read.from = unquoted(m.value);
            good = is_day(read.from);
        } else if (m.name == "source") {
            read.source = unquoted(m.value);
        } else if (m.name == "rates") {
            good = read_rates(m.value, read.terms);
        } else if (m.name == "multipliers") {
            good = read_multipliers(m.value, read.terms);
        } else if (m.name == "off_peak") {
            good = read_off_peak(m.value, read.terms);
        } else if (m.name == "inclusive") {
            read.terms.inclusive = m.value == "true";
        } else {
            good = false;
        }
        if (!good) return wrong(m.name);
    }
    if (!walker.complete()) {
        what = "this is no JSON object";
        return std::nullopt;
    }
    if (read.model.empty() || read.from.empty()) return wrong("model` or `from");
    finish_terms(read.terms);
    return read;
}

RowKey key_of(std::string_view line) {
    MemberWalker walker(line);
    RowKey key;
    JsonMember m;
    if (walker.next(m) && m.name == "model") key.model = unquoted(m.value);
    if (walker.next(m) && m.name == "from") key.from = unquoted(m.value);
    return key;
}

int compare_keys(RowKey a, RowKey b) {
    const auto order = std::lexicographical_compare_three_way(
        a.model.begin(), a.model.end(), b.model.begin(), b.model.end(), [](char x, char y) {
            return static_cast<unsigned char>(lower(x)) <=> static_cast<unsigned char>(lower(y));
        });
    if (order != 0) return order < 0 ? -1 : 1;
    return a.from.compare(b.from);
}

}  // namespace patchbay::meter
