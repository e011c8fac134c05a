// The OpenAI documents an answer is sent as.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan.hpp"

namespace patchbay::demo {

/// What all documents of one answer share.
struct Envelope {
    std::string id;
    std::int64_t created = 0;  ///< seconds since 1970
    std::string model;
};

/// "chat.completion" with all choices and the usage.
json::object completion(const Envelope& envelope, const Plan& plan);

/// The deltas of one choice, in order, without the one that ends it: the text word by word, each
/// tool call as its name and then its arguments. The first has the role.
std::vector<json::object> deltas(const Plan& plan);

/// "chat.completion.chunk" of one choice; `finish_reason` empty = null.
json::object chunk(const Envelope& envelope, unsigned choice, json::object delta,
                   std::string_view finish_reason);

/// The last chunk of a stream whose client asked for usage: no choices.
json::object usage_chunk(const Envelope& envelope, const Plan& plan);

}  // namespace patchbay::demo
