// Shorthands of the tests.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "request.hpp"

namespace patchbay::google {

inline RequestOptions options_for(std::string_view model) {
    RequestOptions options;
    options.provider = "gemini";
    options.model = model;
    return options;
}

constexpr std::string_view kOlder = "gemini-2.5-flash";
constexpr std::string_view kNewer = "gemini-3-flash-preview";

/// The upstream body for a client body; a JSON string with the failure's text if it fails.
inline json::value translated(std::string_view client, const RequestOptions& options) {
    const auto call = translate_request(client, options);
    return call ? json::parse(call->body) : json::value(call.error().message);
}

/// The upstream body for a greeting and further members (",..." or "").
inline json::value translated_with(std::string_view members, std::string_view model = kOlder) {
    std::string client = R"({"model":"m","messages":[{"role":"user","content":"hi"}])";
    return translated(client.append(members).append("}"), options_for(model));
}

/// `contents` for messages; the failure's text if it fails.
inline json::value contents_of(std::string_view messages, std::string_view model = kOlder) {
    std::string client = R"({"model":"m","messages":)";
    auto body = translated(client.append(messages).append("}"), options_for(model));
    return body.is_object() ? body.at("contents") : body;
}

#define EXPECT_JSON(actual, expected) EXPECT_EQ(actual, boost::json::parse(expected))

}  // namespace patchbay::google
