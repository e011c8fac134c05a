// OpenAI's messages as Ollama's: those of /api/chat, and the prompt of /api/generate.
#pragma once

#include <string>

#include <boost/json/array.hpp>
#include <boost/system/result.hpp>

namespace patchbay::ollama {

/// What cannot be said to Ollama, and where it stands: "messages[2].content[0]".
struct MessagesError {
    std::string place;
    std::string why;
};

template <class T>
using Messages = boost::system::result<T, MessagesError>;

/// For /api/chat: content is one text, pictures are base64 beside it, arguments of calls are
/// objects (what is none becomes {"arguments": "<its text>"}), results name their tool.
Messages<boost::json::array> write_messages(const boost::json::array& messages);

struct Prompt {
    std::string text;
    boost::json::array images;
};

/// For /api/generate: "### User:\n...\n\n" for each run of one speaker. Pictures of all messages
/// stand beside it.
Messages<Prompt> write_prompt(const boost::json::array& messages);

/// True if a message calls a tool or has a result of one.
bool has_calls(const boost::json::array& messages);

}  // namespace patchbay::ollama
