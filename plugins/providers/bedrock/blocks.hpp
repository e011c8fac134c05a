// SPDX-License-Identifier: Apache-2.0
// Content blocks of Anthropic's Messages API in Converse's words.
//
// Converse holds a conversation in the very form of that API: the same turns, the same places of calls
// and results, thoughts with the same signatures. So chat's messages become turns by the translation
// that Anthropic's provider has, for every family of models, and this says the same in other words.
// What is Converse's alone (media of all kinds) goes through it in blocks of the type kOwnBlock.
#pragma once

#include <string_view>

#include "json.hpp"
#include "media.hpp"
#include "model.hpp"

namespace patchbay::bedrock {

/// The type of a block {"type", "block": a block of Converse's}, which may have a cache_control.
inline constexpr std::string_view kOwnBlock = "converse";

/// What the blocks of one request have in common.
struct BlockContext {
    const Model& model;
    Media& media;
};

/// The blocks of a turn, with a cachePoint behind each that has a cache_control (left out for families
/// without). Fails for blocks that Converse has no word for: links, files that Anthropic keeps.
Result<json::array> converse_blocks(json::array blocks, BlockContext& context);

/// {"cachePoint": ...} for a block's cache_control.
json::object cache_point(const json::value& cache_control, const Model& model);

/// The id of a call that Bedrock takes: itself, or one made of it if it is longer than 64 characters.
/// The same for a call and its result.
std::string tool_use_id(std::string_view id);

}  // namespace patchbay::bedrock
