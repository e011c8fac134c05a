#include "headers.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <string>
#include <utility>
#include <vector>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include "json/access.hpp"

namespace patchbay::shared {

namespace {

bool is_legal(std::string_view name, std::string_view value) {
    const auto token = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), token) &&
           value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

constexpr std::string_view kFeatures = "anthropic-beta";  // of another API

class Headers {
  public:
    void set(std::string_view given, std::string_view value) {
        auto name = boost::algorithm::to_lower_copy(std::string(given));
        if (!is_legal(name, value)) return;
        const auto there = std::find_if(all_.begin(), all_.end(),
                                        [&](const auto& header) { return header.first == name; });
        if (there == all_.end()) {
            all_.emplace_back(std::move(name), value);
        } else {
            there->second = value;
        }
    }
    void add_to(bay::HttpRequest& call) const {
        for (const auto& [name, value] : all_) call.header(name, value);
    }

  private:
    std::vector<std::pair<std::string, std::string>> all_;
};

}  // namespace

void add_headers(std::string_view name, std::string_view value, const boost::json::object& settings,
                 const bay_kv* client, std::uint64_t client_count, bay::HttpRequest& call) {
    Headers headers;
    if (!value.empty()) headers.set(name, value);
    for (std::uint64_t i = 0; i < client_count; ++i) {
        const auto given = bay::sv(client[i].name);
        if (!boost::algorithm::iequals(given, kFeatures)) {
            headers.set(given, bay::sv(client[i].value));
        }
    }
    if (const auto* extra = find_object(settings, "extra_headers")) {
        for (const auto& [given, text_of] : *extra) {
            const auto* words = text_of.if_string();
            if (words) headers.set(given, {words->data(), words->size()});
        }
    }
    headers.add_to(call);
}

}  // namespace patchbay::shared
