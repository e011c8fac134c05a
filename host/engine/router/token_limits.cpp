#include "engine/router/token_limits.hpp"

#include <algorithm>

namespace patchbay {

namespace {

constexpr std::uint32_t kNoLimit = GroupTables::kNoLimit;

std::uint32_t count_of(std::uint64_t tokens) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(tokens, kNoLimit - 1));
}

bool has_room(std::uint32_t limit, std::uint32_t held, const MinuteCount& count,
              std::uint32_t minute) {
    if (limit == kNoLimit || held == 0) return true;
    return std::uint64_t{count.get(minute)} + held <= limit;
}

void correct(MinuteCount& count, std::uint32_t held, std::uint32_t used, std::uint32_t sent,
             std::uint32_t minute) {
    if (used < held) count.take_back(sent, held - used);
    if (used > held) count.add(minute, used - held);
}

}  // namespace

HeldTokens tokens_to_hold(const TokenLimits& limits, std::size_t place, const TokenNeed& need,
                          std::uint32_t minute) {
    HeldTokens held;
    held.minute = minute;
    if (limits.prompts[place] != kNoLimit) {
        held.prompt = count_of(static_cast<std::uint64_t>(std::max<std::int64_t>(need.prompt, 1)));
    }
    if (limits.answers[place] != kNoLimit) {
        held.answer = need.answer > 0 ? count_of(static_cast<std::uint64_t>(need.answer))
                                      : limits.usual_answer[place];
    }
    return held;
}

bool have_room(const TokenLimits& limits, std::size_t place, const HeldTokens& held,
               const MinuteCount& prompts, const MinuteCount& answers) {
    return has_room(limits.prompts[place], held.prompt, prompts, held.minute) &&
           has_room(limits.answers[place], held.answer, answers, held.minute);
}

void hold_tokens(LaneTable& table, LaneIndex lane, const HeldTokens& held) {
    if (held.prompt > 0) table.prompt_tokens(lane).add(held.minute, held.prompt);
    if (held.answer > 0) table.answer_tokens(lane).add(held.minute, held.answer);
}

void free_tokens(LaneTable& table, LaneIndex lane, const HeldTokens& held) {
    if (held.prompt > 0) table.prompt_tokens(lane).take_back(held.minute, held.prompt);
    if (held.answer > 0) table.answer_tokens(lane).take_back(held.minute, held.answer);
}

void settle_tokens(const GroupTables& group, std::size_t place, const HeldTokens& held,
                   const UsedTokens& used, std::uint32_t minute) {
    LaneTable& table = *group.table;
    const LaneIndex lane = group.lanes[place];
    if (group.token_limits->prompts[place] != kNoLimit) {
        correct(table.prompt_tokens(lane), held.prompt, count_of(used.prompt), held.minute, minute);
    }
    if (group.token_limits->answers[place] != kNoLimit) {
        correct(table.answer_tokens(lane), held.answer, count_of(used.answer), held.minute, minute);
    }
}

}  // namespace patchbay
