// What an answer rests on: Google's groundingMetadata as OpenAI's annotations.
#pragma once

#include <cstdint>
#include <string_view>

#include "json.hpp"

namespace patchbay::google {

/// url_citation annotations for the passages of `answer` that web pages support. Google counts bytes
/// of the text, OpenAI characters; `answer` is all of it, in UTF-8.
json::array annotations_of(const json::object& metadata, std::string_view answer);

/// How many searches Google made.
std::uint64_t searches_of(const json::object& metadata);

}  // namespace patchbay::google
