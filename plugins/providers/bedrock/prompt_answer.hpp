// SPDX-License-Identifier: Apache-2.0
// What InvokeModel answers for a family that takes a prompt, whole and piece by piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json.hpp"
#include "prompt_form.hpp"

namespace patchbay::bedrock {

/// Tokens, as far as they are told; 0 is not told.
struct Tokens {
    std::uint64_t read = 0;
    std::uint64_t written = 0;

    bool known() const { return read + written > 0; }
    json::object to_openai() const;
    bay_usage to_host() const;
    /// Takes what `later` knows.
    void update(const Tokens& later);
};

/// An answer, or a chunk of one.
struct Piece {
    std::string text;
    std::string reason;  ///< why it ended, in the family's word; empty: it is not said
    bool over = false;   ///< it has ended
    Tokens tokens;
};

/// Pure. A chunk's `amazon-bedrock-invocationMetrics` tell its tokens, and that nothing comes behind it.
/// Fails with BAY_ERR_UPSTREAM if `json` is no object, and, if a whole answer is wanted, if no text stands
/// where the family has it.
Result<Piece> read_piece(std::string_view json, const PromptForm& form, bool whole);

/// OpenAI's reason for the family's.
std::string_view finish_reason_of(std::string_view reason);
/// The family's word where OpenAI's says less, for provider_specific_fields; else empty.
std::string_view telling_word(std::string_view reason);
/// The reason is a fault of the model's, so that there is no answer.
bool is_fault(std::string_view reason);

}  // namespace patchbay::bedrock
