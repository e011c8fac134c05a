// What the server that gateways share limits by does for them: two scripts, each of which is done at once or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/redis/link.hpp"
#include "engine/shared/lease.hpp"

namespace patchbay::lease_script {

inline constexpr std::string_view kNodes = "pb:lease:nodes";
inline constexpr std::string_view kEpoch = "pb:lease:epoch";

/// Says that the gateway `node` lives, or that it ends.
std::string_view beat();
std::vector<std::string> beat_keys_and_words(const std::string& node, bool leaves);
struct Beat {
    std::int64_t nodes = 0;
    std::string epoch;        ///< another one: the server has lost its data
    std::int64_t unix_s = 0;  ///< its clock
};
std::optional<Beat> read_beat(const RedisReply& reply);

/// Counts what was used in a window and grants a share of it. `node`: the gateway's name, a full stop, and what
/// tells the counts of one gateway apart that are of one limit one after the other.
std::string_view grant();
std::vector<std::string> grant_keys_and_words(const std::string& node, const std::string& count,
                                              const LeaseAsk& ask);
std::optional<LeaseAnswer> read_grant(const RedisReply& reply);

}  // namespace patchbay::lease_script
