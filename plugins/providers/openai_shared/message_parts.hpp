// Content parts of messages (files, audio) in a provider's own words.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "dialect.hpp"

namespace patchbay::openai {

/// Rewrites the parts of a message's content. A part that says neither data nor an id, or is of
/// another shape, stays as it is. True if that changed anything.
bool rewrite_parts(const MessageRules& rules, boost::json::object& message);

/// False if there is nothing for rewrite_parts() in the text of the messages.
bool may_rewrite_parts(const MessageRules& rules, std::string_view messages);

}  // namespace patchbay::openai
