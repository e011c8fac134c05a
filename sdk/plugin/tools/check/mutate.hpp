// Changes exchanges into ones that upstreams and clients might send on a bad day.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "transcript.hpp"

namespace patchbay::check {

/// The answers from number `index` on (counted from 0) are `answer`, with several more like each
/// for a plugin that asks again; questions and shared values stay. Expectations are dropped.
transcript::Transcript answered_with(const transcript::Transcript& original, std::size_t index,
                                     const transcript::Upstream& answer);

std::size_t upstream_count(const transcript::Transcript& transcript);
const transcript::Upstream& upstream_at(const transcript::Transcript& transcript,
                                        std::size_t index);

/// `text` with some bytes changed, cut out, doubled, or JSON values in it replaced.
std::string garbled(std::string text, std::mt19937_64& random);

/// One case of the fuzzer: request, questions, records, statuses, failures and bodies changed at
/// random. What the host promises to be JSON stays JSON.
transcript::Transcript mutated(const transcript::Transcript& original, std::mt19937_64& random);

}  // namespace patchbay::check
