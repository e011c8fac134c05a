#include "json_diff.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDifferences = 12;

void diff(const json::value& expected, const json::value& got, bool subset, const std::string& at,
          std::vector<std::string>& out) {
    if (out.size() >= kMaxDifferences) return;
    if (expected.is_string() && expected.get_string() == "*") return;
    if (expected.is_object() && got.is_object()) {
        for (const auto& [name, value] : expected.get_object()) {
            const std::string below = at + "/" + std::string(name);
            if (const json::value* other = got.get_object().if_contains(name)) {
                diff(value, *other, false, below, out);
            } else {
                out.push_back("at " + below + ": missing, expected " + json::serialize(value));
            }
        }
        for (const auto& [name, value] : got.get_object()) {
            if (subset || expected.get_object().contains(name)) continue;
            out.push_back("at " + at + "/" + std::string(name) + ": not expected, got " +
                          json::serialize(value));
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
    const bool numbers = expected.is_number() && got.is_number();
    if (numbers ? expected.to_number<double>() == got.to_number<double>() : expected == got) return;
    out.push_back("at " + (at.empty() ? "/" : at) + ":\n      expected " +
                  json::serialize(expected) + "\n      got      " + json::serialize(got));
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
    boost::system::error_code error;
    const json::parse_options deep{.max_depth = 256};
    const json::value want = json::parse(expected, error, {}, deep);
    if (error) return {"the expected JSON is not JSON: " + error.message()};
    const json::value have = json::parse(got, error, {}, deep);
    if (error) return {"not JSON (" + error.message() + "): " + got};
    return diff_json(want, have, subset);
}

}  // namespace patchbay::transcript
