// Where bytes are cut on their way: those of an upstream body to the decoders, those of a streamed
// answer to a guardrail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "transcript.hpp"

namespace patchbay::transcript {

/// How a run is cut.
struct Cuts {
    enum Kind { whole, every_byte, random, once } kind = whole;
    std::uint32_t seed = 0;  ///< random; once: the number of bytes before the cut
};

/// "cut after every byte", "cut at random, seed 3", "cut after 17 bytes".
std::string describe(Cuts cuts);

/// The sizes of the pieces, which add up to `total`. The same for the same cuts and total.
std::vector<std::size_t> piece_sizes(std::size_t total, Cuts cuts);

/// The pieces of a text, cut between characters of UTF-8 only; none is empty.
std::vector<std::string_view> text_pieces(std::string_view text, Cuts cuts);

/// The cuts that must not matter to a transcript: after every byte, at `random` random places, and
/// for streamed texts at every place, or evenly at kMostPlaces of them.
constexpr std::size_t kMostPlaces = 2000;
std::vector<Cuts> all_cuts(const Transcript& transcript, std::uint32_t random);

}  // namespace patchbay::transcript
