// Pictures where OpenAI's chat API takes them.
#pragma once

#include <string_view>

#include <boost/json/array.hpp>

namespace patchbay::openai {

/// True if shape_images() may have something to do in the text of "messages"; to look before
/// parsing.
bool may_shape_images(std::string_view messages);

/// Makes an `image_url` that is a string the object that OpenAI wants, and moves the pictures in
/// results of tools, which may be text alone, into a user message behind the results, unless they
/// may stay `in_results`. True if anything changed.
bool shape_images(boost::json::array& messages, bool in_results);

}  // namespace patchbay::openai
