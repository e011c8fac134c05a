// SPDX-License-Identifier: Apache-2.0
// OpenAI's embeddings by way of InvokeModel, in the form of each family of models.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace patchbay::bedrock {

/// How a family is asked, and how it answers; a row of the table in embeddings.cpp.
struct EmbeddingsForm;

/// A request, ready to be sent: most families take one text a call.
struct EmbeddingsCall {
    const EmbeddingsForm* form = nullptr;
    std::vector<std::string> bodies;  ///< at least one; in the order of the texts
};

/// The longest that a family with one text a call is asked for: an exchange may make 64 calls, and one
/// may have to be made again.
inline constexpr std::size_t kMostTexts = 63;

/// For each text of `input`, a string or an array of strings; images are data URLs, for families that
/// see. `dimensions` and the family's own members go with each. Fails with BAY_ERR_BAD_REQUEST for token
/// ids and too many texts, with BAY_ERR_UNSUPPORTED for families that embed nothing. `name` is without a
/// region's prefix. Pure.
Result<EmbeddingsCall> embeddings_request(std::string_view client_json, std::string_view name);

/// What the answers of one request add up to.
struct EmbeddingsAnswer {
    json::array data;  ///< OpenAI's elements
    std::uint64_t tokens = 0;
};

/// Adds the answer to one call. `counted`: the tokens that its headers tell, 0 if none. Fails if it is
/// no such answer.
Result<void> add_embeddings(std::string_view answer_json, const EmbeddingsForm& form,
                            std::uint64_t counted, EmbeddingsAnswer& answer);

/// OpenAI's list.
std::string embeddings_list(EmbeddingsAnswer answer, std::string_view model);

}  // namespace patchbay::bedrock
