// Counting the tokens of a chat completion instead of asking for it: what every provider that has a
// counter needs for that, whatever its API.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::shared {

/// The operation, which patchbay/operations.h has no name for. The request is that of a chat
/// completion, and the result {"input_tokens":7}.
inline constexpr const char kCountChat[] = "chat.count_tokens";

/// The result, of an answer whose member `name` is the count; nullopt if it holds no such number. Pure.
std::optional<std::string> count_of(std::string_view answer, std::string_view name);

/// `request`, a JSON object, with the members of these names alone: counters refuse what else a request
/// may have. Empty if it is none. Pure.
std::string with_members(std::string_view request, std::span<const std::string_view> names);

}  // namespace patchbay::shared
