// Where the bytes of an upstream body are cut on their way to the decoders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace patchbay::transcript {

/// How the bytes of upstream bodies are handed to the decoders.
struct Cuts {
    enum Kind { whole, every_byte, random } kind = whole;
    std::uint32_t seed = 0;
};

/// The sizes of the pieces, which add up to `total`. The same for the same cuts and total.
std::vector<std::size_t> piece_sizes(std::size_t total, Cuts cuts);

}  // namespace patchbay::transcript
