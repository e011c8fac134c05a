#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "patchbay/json_tree.hpp"
#include "spelling.hpp"

namespace patchbay::json_tree {

namespace json = boost::json;

namespace {

// Not UTF-8, so no JSON text has such a member.
constexpr std::string_view kNumberKey = "\xffnumber";

/// A decimal number as sign, digits without zeros at either end, and the power of ten of the first.
struct Decimal {
    bool negative = false;
    std::string digits;
    long exponent = 0;

    bool operator==(const Decimal& other) const {
        return negative == other.negative && digits == other.digits &&
               (digits.empty() || exponent == other.exponent);
    }
};

/// Of a JSON number whose exponent, if it has one, is that of a double.
Decimal decimal(std::string_view text) {
    Decimal out;
    long whole = 0;  // digits before the point
    bool point = false;
    std::size_t i = 0;
    if (text[0] == '-') {
        out.negative = true;
        ++i;
    }
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        out.digits += text[i];
        whole += point ? 0 : 1;
    }
    long exponent = 0;
    if (i < text.size()) {
        i += text[i + 1] == '+' ? 2 : 1;
        std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    }
    const std::size_t first = out.digits.find_first_not_of('0');
    if (first == std::string::npos) {
        out.digits.clear();
        return out;
    }
    out.exponent = exponent + whole - static_cast<long>(first);
    out.digits.erase(out.digits.find_last_not_of('0') + 1);
    out.digits.erase(0, first);
    return out;
}

template <typename T>
bool whole_number(std::string_view text, T& number) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size();
}

}  // namespace

void append_double(double number, std::string& out) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    const std::string_view written(digits, static_cast<std::size_t>(end - digits));
    out += written;
    if (written.find_first_of(".e") == std::string_view::npos) out += ".0";
}

json::value number_text(std::string_view text, json::storage_ptr storage) {
    json::object held(storage);
    held.emplace(kNumberKey, text);
    return json::value(std::move(held), std::move(storage));
}

std::string_view number_text_of(const json::value& value) {
    const auto* object = value.if_object();
    if (!object || object->size() != 1 || object->begin()->key() != kNumberKey) return {};
    const auto* text = object->begin()->value().if_string();
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

std::optional<double> number(const json::value& value) {
    if (value.is_number()) return value.to_number<double>();
    const std::string_view text = number_text_of(value);
    double result = 0;
    if (text.empty() || !whole_number(text, result)) return std::nullopt;
    return result;
}

json::value number_from(std::string_view text, json::storage_ptr storage) {
    if (text.find_first_of(".eE") == std::string_view::npos) {
        std::int64_t small = 0;
        std::uint64_t large = 0;
        if (text != "-0" && whole_number(text, small)) return json::value(small, storage);
        if (text != "-0" && whole_number(text, large)) return json::value(large, storage);
        return number_text(text, storage);
    }
    double nearest = 0;
    if (!whole_number(text, nearest)) return number_text(text, storage);
    const bool exponent = text.find_first_of("eE") != std::string_view::npos;
    // As many digits as every double keeps (IEEE 754; DBL_DIG), but for -0.0.
    if (!exponent && text.size() <= std::numeric_limits<double>::digits10 && text[0] != '-')
        return json::value(nearest, storage);
    std::string written;
    append_double(nearest, written);
    const bool same = exponent ? written == text : decimal(written) == decimal(text);
    return same ? json::value(nearest, storage) : number_text(text, storage);
}

}  // namespace patchbay::json_tree
