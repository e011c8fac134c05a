// What an operator loses where a key that LiteLLM knows is not done: the one rule for all of them.
//
// A key that guards is an error, because a file that is loaded unchanged must not become more open
// than it was. Any other key is a warning, and only if its value asks for something that is not
// there.
#pragma once

#include <string_view>

#include "config/reader.hpp"

namespace patchbay {

enum class Loss {
    comfort,      ///< nobody is harmed: a warning
    record,       ///< a record, a notice or a limit on money or load: a warning that names it
    door,         ///< decides who may come in or what may pass: an error
    door_to_key,  ///< the same, but with a master key fewer come in than were to: then a warning
};

struct LossRow {
    std::string_view key;  ///< in whatever section it stands
    Loss loss = Loss::comfort;
    std::string_view words = {};  ///< what is lost, and for a door what to do; empty for comfort
    std::string_view kept = {};   ///< a value that asks for what Patchbay does anyway; empty = none
};

/// The row of a key; a row without words for keys that are a comfort.
const LossRow& loss_of(std::string_view key);

/// Does the key decide who may come in or what may pass? `master_key` and the sections of
/// guardrails among them.
bool is_guard(std::string_view key);

/// False for null, false, empty text, lists and mappings, and for a value that Patchbay keeps
/// anyway. A reference asks unless its variable is set to one of these.
bool asks_for_something(Reader& reader, std::string_view key, const yaml::Node& value);

}  // namespace patchbay
