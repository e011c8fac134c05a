// Calls whose id was made here: entries of these are found by it without an index of ids.
//
// The id is a UUID, version 7, and the number of the call, by which entries lie in order, begins as the id does.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "store/ledger_store.hpp"

namespace patchbay::store {

/// `entry.flags`, beside those of ledger_books.hpp: the entry is of such a call. Where the dialect has origins.
inline constexpr std::int64_t kOwnCall = 1 << 17;

/// Bytes of the id with which the call's number begins; the others are drawn anew, so that no two are the same.
inline constexpr std::size_t kOwnCallBytes = 10;

/// The bytes of a UUID, version 7, as small digits; nullopt for any other text.
std::optional<Bytes16> ordered_uuid(std::string_view text);

inline bool is_own_call(const Bytes16& call, std::string_view id) {
    const auto made = ordered_uuid(id);
    return made && std::equal(call.begin(), call.begin() + kOwnCallBytes, made->begin());
}

}  // namespace patchbay::store
