// Token counts of an API that has its own names for them, as a table.
#pragma once

#include <span>
#include <string_view>

#include "contract/json/member_walker.hpp"
#include "contract/shape/token_count.hpp"
#include "contract/shape/usage.hpp"

namespace patchbay {

/// A count of the API's and what it is of ours. Counts that are part of the same one of ours are added.
struct CountRow {
    std::string_view name;
    std::uint64_t Usage::*to;
};

/// Takes over an object of such counts; a total that was not told is the sum of prompt and completion.
/// Leaves `usage` as it is and returns false if none of them is told. Any bytes are safe; allocates
/// nothing; any thread.
inline bool read_counts(std::string_view json, std::span<const CountRow> rows, Usage& usage) {
    Usage counted;
    bool told = false;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        const auto tokens = token_count(m.value);
        if (!tokens) continue;
        for (const auto& [name, to] : rows) {
            if (m.name != name) continue;
            counted.*to += *tokens;
            told = true;
        }
    }
    if (!walker.complete() || !told) return false;
    if (counted.total == 0) counted.total = counted.prompt + counted.completion;
    usage = counted;
    return true;
}

}  // namespace patchbay
