// SPDX-License-Identifier: Apache-2.0
// Thoughts without a signature in a client's request of the Messages API.
//
// A model of another provider that this gateway translates thinks without signing, and its thoughts
// come as blocks with an empty signature. When the conversation goes on with Claude (a fallback, another
// choice of the user's), Anthropic refuses the whole request for them.
#pragma once

#include <string_view>

#include "json.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::anthropic {

/// True if `request` may hold such thoughts.
bool may_have_unsigned(std::string_view request);

/// Takes them out of `messages`, and turns that are empty then. True if one of them belonged to the turn
/// whose calls were just answered: with a thinking budget Anthropic wants such a turn to begin with a
/// thought.
bool take_unsigned(json::value& messages);

/// True if `thinking`, a JSON text, is by budget.
bool thinks_by_budget(std::string_view thinking);

/// The same for a client's bytes, which are read only if they may hold some: such a turn goes on without
/// a thinking budget. `text`: all of them.
void leave_out_unsigned(std::string_view text, bay::Splice& body);

}  // namespace patchbay::anthropic
