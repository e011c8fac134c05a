// How a call's tokens count in the minutes of who has `itpm` or `otpm`: from when it is sent on, as many
// as it may use, and then as many as it has used.
#pragma once

#include <cstdint>

#include "engine/lanes/group_tables.hpp"

namespace patchbay {

/// What is known of a call's tokens before it is sent.
struct TokenNeed {
    std::int64_t prompt = 0;  ///< an estimate; 0 = none: it counts as one
    std::int64_t answer = 0;  ///< at most so many are wanted; 0 = it does not say
};

/// What an attempt under way counts for.
struct HeldTokens {
    std::uint32_t prompt = 0;  ///< 0: nothing, there is no `itpm`
    std::uint32_t answer = 0;  ///< likewise `otpm`
    std::uint32_t minute = 0;  ///< in which it was sent
};

/// Of an attempt of such a call at this place. Pure.
HeldTokens tokens_to_hold(const TokenLimits& limits, std::size_t place, const TokenNeed& need,
                          std::uint32_t minute);
/// Does the minute have room for them? `prompts` and `answers` are the place's counts.
bool have_room(const TokenLimits& limits, std::size_t place, const HeldTokens& held,
               const MinuteCount& prompts, const MinuteCount& answers);
/// Whether they fit or not.
void hold_tokens(LaneTable& table, LaneIndex lane, const HeldTokens& held);
/// The attempt used nothing. Of a minute that is over nothing is taken back.
void free_tokens(LaneTable& table, LaneIndex lane, const HeldTokens& held);

/// What an attempt has used; what the provider had in its cache is no part of the prompt.
struct UsedTokens {
    std::uint64_t prompt = 0;
    std::uint64_t answer = 0;
};
/// In place of `held`: less is taken back from the minute in which it was sent, more counts in this one.
void settle_tokens(const GroupTables& group, std::size_t place, const HeldTokens& held,
                   const UsedTokens& used, std::uint32_t minute);

}  // namespace patchbay
