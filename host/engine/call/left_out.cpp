// Tested by left_out_test.cpp.
#include "engine/call/left_out.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>

namespace patchbay {

namespace {

constexpr std::size_t kMostNames = 64;
constexpr std::size_t kLongestName = 128;

bool is_fit(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

}  // namespace

void add_left_out(std::string_view json, std::vector<std::string>& names) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(json, error);
    if (error || !value.is_array()) return;
    for (const boost::json::value& name : value.get_array()) {
        if (names.size() >= kMostNames) return;
        if (name.is_string() && is_fit(name.get_string())) names.emplace_back(name.get_string());
    }
}

}  // namespace patchbay
