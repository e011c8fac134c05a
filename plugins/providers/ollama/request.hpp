// A chat request in the words of Ollama's API: what /api/chat and /api/generate have in common, and
// which of them it goes to.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "openai_shared/dialect.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::ollama {

/// What Ollama takes of OpenAI's parameters. `provider` is the prefix, for messages.
openai::Dialect own_dialect(std::string_view provider);

/// How a conversation is sent to a model of the prefix "ollama".
enum class Form {
    chat,    ///< /api/chat, whose messages the model's own template puts together
    prompt,  ///< /api/generate, with a prompt that says who speaks; with tools as `chat`
    text,    ///< /api/generate of a text completion: the client's own prompt
};

struct Sent {
    std::string path;
    std::string body;
    bay::Dropped dropped{};  ///< what is not sent although it says something
};

/// The request to send. Sampling parameters, and every member that neither API has, become
/// `options`; "think", "format", "keep_alive" and the like stand beside them. Fails for parameters
/// that Ollama has not, and for messages that cannot be said (a picture's address).
openai::Written<Sent> write_request(const bay_ev_request& request, const openai::Dialect& dialect,
                                    Form form);

}  // namespace patchbay::ollama
