// The two forms of an answer: the whole document, and the events of a stream. Who asks for the one
// may be answered with the other that was kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/cache/entry.hpp"

namespace patchbay {

/// The whole answer that the events of a stream told. nullopt: they say something that this does not
/// know how to say in one document, or the API's streams are not put together here.
std::optional<std::string> folded(const Operation& operation, const KeptEvents& events);

/// The events that tell a whole answer: what a client of the API puts together from them is the
/// answer again. nullopt: as above.
std::optional<KeptEvents> unfolded(const Operation& operation, std::string_view whole);

// Of one API each; forms.cpp has the table.
std::optional<std::string> folded_chat(const KeptEvents& events);
std::optional<KeptEvents> unfolded_chat(std::string_view whole);
std::optional<std::string> folded_message(const KeptEvents& events);
std::optional<KeptEvents> unfolded_message(std::string_view whole);
std::optional<std::string> folded_response(const KeptEvents& events);
std::optional<KeptEvents> unfolded_response(std::string_view whole);

}  // namespace patchbay
