// A call's way into the books.
#pragma once

#include "engine/call/call.hpp"

namespace patchbay {

/// Writes what each attempt of a call cost into the ring of its loop; nothing without a ledger. Once, after
/// the attempts have ended and were billed.
void book(const Call& call);

/// Refuses a call for which there is no room in the ring: rather no call than one that nobody pays for.
Error ledger_full();

}  // namespace patchbay
