// SPDX-License-Identifier: Apache-2.0
#include "account.hpp"

#include <algorithm>

#include "openai_shared/upstream.hpp"

namespace patchbay::snowflake {

namespace {

constexpr std::string_view kAccessToken = "pat/";

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

}  // namespace

Token token_of(std::string_view key) {
    if (!key.starts_with(kAccessToken)) return {key, "KEYPAIR_JWT"};
    return {key.substr(kAccessToken.size()), "PROGRAMMATIC_ACCESS_TOKEN"};
}

std::string account_url(std::string_view account) {
    if (account.empty() || !std::all_of(account.begin(), account.end(), is_host_character)) {
        return {};
    }
    return std::string("https://").append(account).append(".snowflakecomputing.com/api/v2");
}

std::string messages_url(std::string_view base) {
    return openai::operation_url(base, "/cortex/v1/messages");
}

}  // namespace patchbay::snowflake
