// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

#include <charconv>
#include <patchbay/sdk.hpp>

#include "chat/base64.hpp"
#include "json.hpp"

namespace patchbay::bedrock {

namespace {

std::uint64_t counted_in(const bay_ev_http& done, std::string_view header) {
    const auto told = bay::find(done.headers, done.header_count, header);
    std::uint64_t tokens = 0;
    std::from_chars(told.data(), told.data() + told.size(), tokens);
    return tokens;
}

}  // namespace

std::optional<std::string> chunk_bytes(std::string_view payload) {
    const auto parsed = parse_json(payload);
    const auto* chunk = parsed ? parsed->if_object() : nullptr;
    const auto* bytes = chunk ? find(*chunk, "bytes") : nullptr;
    const auto* base64 = bytes ? bytes->if_string() : nullptr;
    return base64 ? shared::decode_base64(view(*base64)) : std::nullopt;
}

std::uint64_t tokens_read(const bay_ev_http& done) {
    return counted_in(done, "x-amzn-bedrock-input-token-count");
}

std::uint64_t tokens_written(const bay_ev_http& done) {
    return counted_in(done, "x-amzn-bedrock-output-token-count");
}

}  // namespace patchbay::bedrock
