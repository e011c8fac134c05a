// SPDX-License-Identifier: Apache-2.0
#include "invoke_headers.hpp"

#include <algorithm>
#include <array>

#include <boost/algorithm/string/case_conv.hpp>

namespace patchbay::bedrock {

namespace {

struct HeaderRow {
    std::string_view member;
    std::string_view inner;  ///< in the member, which is an object; empty: the member is the text
    std::string_view header;
    bool upper = false;  ///< the words of an enumeration, which Converse has in lower case
};
constexpr std::array kHeaderRows{
    HeaderRow{"guardrailConfig", "guardrailIdentifier", "x-amzn-bedrock-guardrailidentifier"},
    HeaderRow{"guardrailConfig", "guardrailVersion", "x-amzn-bedrock-guardrailversion"},
    HeaderRow{"guardrailConfig", "trace", "x-amzn-bedrock-trace", true},
    HeaderRow{"performanceConfig", "latency", "x-amzn-bedrock-performanceconfig-latency"},
    HeaderRow{"serviceTier", "type", "x-amzn-bedrock-service-tier"},
    HeaderRow{"service_tier", "", "x-amzn-bedrock-service-tier"},
};

std::string said(const json::object& members, const HeaderRow& row) {
    if (row.inner.empty()) return std::string(text(members, row.member));
    const auto* object = find_object(members, row.member);
    const auto* value = object ? find(*object, row.inner) : nullptr;
    if (!value) return {};
    const auto* words = value->if_string();
    return words ? std::string(view(*words)) : to_text(*value);
}

// OpenAI's and Anthropic's words for the tier that is served without a word.
bool is_usual(std::string_view value) {
    return value == "auto" || value == "standard_only";
}

Headers headers_of(const json::object& members) {
    Headers headers;
    for (const auto& row : kHeaderRows) {
        auto value = said(members, row);
        if (value.empty() || is_usual(value)) continue;
        if (row.upper) boost::algorithm::to_upper(value);
        const bool there = std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
            return header.first == row.header;
        });
        if (!there) headers.emplace_back(row.header, std::move(value));
    }
    return headers;
}

}  // namespace

bool is_header_member(std::string_view name) {
    return std::any_of(kHeaderRows.begin(), kHeaderRows.end(),
                       [&](const HeaderRow& row) { return row.member == name; });
}

Headers take_headers(json::object& body) {
    auto headers = headers_of(body);
    for (const auto& row : kHeaderRows) body.erase(row.member);
    return headers;
}

Headers take_headers(bay::Splice& body) {
    json::object members;
    for (const auto& row : kHeaderRows) {
        const auto value = body.value(row.member);
        if (value.empty()) continue;
        if (auto parsed = parse_json(value)) members[row.member] = std::move(*parsed);
        body.drop(row.member);
    }
    return headers_of(members);
}

}  // namespace patchbay::bedrock
