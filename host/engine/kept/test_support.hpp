// What the tests of kept responses share.
#pragma once

#include <cstdint>

#include "engine/kept/kept_responses.hpp"

namespace patchbay::test {

/// Somebody who is known, told from others by a number.
inline ResponseAsker asker(std::uint8_t who) {
    ResponseAsker made;
    made.owner.fill(who);
    made.known = true;
    return made;
}

}  // namespace patchbay::test
