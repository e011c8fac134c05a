// Answers whose parts are not of OpenAI's types, made so in place.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

#include "dialect.hpp"

namespace patchbay::openai {

/// A message (or delta) whose content is a list of parts: the texts become the content, the thinking
/// parts reasoning_content. True if that changed anything.
bool split_content(boost::json::object& message);

/// Tool calls whose arguments are an object get its text, and those without a type are functions.
/// True if that changed anything.
bool fix_tool_calls(boost::json::object& message);

/// A finish_reason that is a provider's own word becomes OpenAI's; the word stands in
/// provider_specific_fields.native_finish_reason. True if that changed anything.
bool fix_finish_reason(const std::vector<Rename>& words, boost::json::object& choice);

}  // namespace patchbay::openai
