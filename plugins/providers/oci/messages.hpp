// SPDX-License-Identifier: Apache-2.0
// Messages and tools of a chat request, in the two forms of Oracle's Generative AI.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "openai_shared/request.hpp"

namespace patchbay::oci {

/// "messages" of the generic form: roles in capitals, contents as lists, calls of tools as
/// "toolCalls". Fails for what is no message, with its place.
openai::Written<boost::json::array> generic_messages(const boost::json::array& messages);
boost::json::array generic_tools(const boost::json::array& tools);

/// Puts "message", "chatHistory", "preambleOverride" and "toolResults" of Cohere's form into `chat`:
/// the last message is asked, those before it are the history, and what the system says the preamble.
openai::Written<void> put_cohere_messages(const boost::json::array& messages,
                                          boost::json::object& chat);
boost::json::array cohere_tools(const boost::json::array& tools);

}  // namespace patchbay::oci
