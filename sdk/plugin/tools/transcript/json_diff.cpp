#include "json_diff.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDifferences = 12;

// 1 is 1.0 and 1e3 is 1000, but no digit of a long number may be lost.
bool same_scalar(const json::value& expected, const json::value& got) {
    const auto holds_all = [](const json::value& value) {
        return value.is_number() ||
               json_tree::number_text_of(value).find_first_of("eE") != std::string_view::npos;
    };
    if (holds_all(expected) && holds_all(got)) {
        const auto number = json_tree::number(expected);
        if (number) return number == json_tree::number(got);
    }
    return expected == got;
}

void diff(const json::value& expected, const json::value& got, bool subset, const std::string& at,
          std::vector<std::string>& out) {
    if (out.size() >= kMaxDifferences) return;
    if (expected.is_string() && expected.get_string() == "*") return;
    const bool number = json_tree::is_number_text(expected) || json_tree::is_number_text(got);
    if (expected.is_object() && got.is_object() && !number) {
        for (const auto& [name, value] : expected.get_object()) {
            const std::string below = at + "/" + std::string(name);
            if (const json::value* other = got.get_object().if_contains(name)) {
                diff(value, *other, false, below, out);
            } else {
                out.push_back("at " + below + ": missing, expected " + json_tree::write(value));
            }
        }
        for (const auto& [name, value] : got.get_object()) {
            if (subset || expected.get_object().contains(name)) continue;
            out.push_back("at " + at + "/" + std::string(name) + ": not expected, got " +
                          json_tree::write(value));
        }
        return;
    }
    if (expected.is_array() && got.is_array()) {
        const json::array &a = expected.get_array(), &b = got.get_array();
        for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
            diff(a[i], b[i], false, at + "/" + std::to_string(i), out);
        }
        if (a.size() != b.size()) {
            out.push_back("at " + (at.empty() ? "/" : at) + ": expected " +
                          std::to_string(a.size()) + " elements, got " + std::to_string(b.size()));
        }
        return;
    }
    if (same_scalar(expected, got)) return;
    out.push_back("at " + (at.empty() ? "/" : at) + ":\n      expected " +
                  json_tree::write(expected) + "\n      got      " + json_tree::write(got));
}

}  // namespace

std::vector<std::string> diff_json(const json::value& expected, const json::value& got,
                                   bool subset) {
    std::vector<std::string> out;
    diff(expected, got, subset, "", out);
    return out;
}

std::vector<std::string> diff_text(const std::string& expected, const std::string& got,
                                   bool subset) {
    const json_tree::Tree want = json_tree::read(expected);
    if (!want) return {"the expected JSON is not JSON: " + want.error()};
    const json_tree::Tree have = json_tree::read(got);
    if (!have) return {"not JSON (" + have.error() + "): " + got};
    return diff_json(want.value, have.value, subset);
}

}  // namespace patchbay::transcript
