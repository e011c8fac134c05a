// SPDX-License-Identifier: Apache-2.0
// Shorthands of the tests.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "request.hpp"

namespace patchbay::anthropic {

inline RequestOptions test_options() {
    RequestOptions options;
    options.model = "claude-sonnet-4-20250514";
    return options;
}

/// The upstream body for a client body; a JSON string with the failure's text if it fails.
inline json::value translated(std::string_view client, RequestOptions options = test_options()) {
    const auto call = translate_request(client, options);
    return call ? json::parse(call->body) : json::value(call.error().message);
}

/// The upstream body for messages and further members (",..." or "").
inline json::value translated_with(std::string_view members,
                                   RequestOptions options = test_options()) {
    std::string client = R"({"model":"c","messages":[{"role":"user","content":"hi"}])";
    return translated(client.append(members).append("}"), options);
}

inline json::value messages_of(std::string_view messages) {
    std::string client = R"({"model":"c","messages":)";
    auto body = translated(client.append(messages).append("}"));
    return body.is_object() ? body.at("messages") : body;
}

#define EXPECT_JSON(actual, expected) EXPECT_EQ(actual, boost::json::parse(expected))

}  // namespace patchbay::anthropic
