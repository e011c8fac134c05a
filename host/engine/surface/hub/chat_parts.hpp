// What answers of OpenAI's chat API hold, for those who tell them in another API.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// The choice with index 0 of a whole answer or a chunk, or nullptr. Lives as long as `answer` is
/// unchanged. The other APIs have one answer to a request.
const json::object* first_choice(const json::object& answer);

/// The id of a whole answer, or of the stream that a chunk is of; one of its own where a server gives none:
/// what is made of it, such as the ids of calls, must not be the same in the next turn.
std::string answer_id(const json::object& answer);

/// The text of a message's or delta's `content`: a string, or the text parts of a list, joined.
std::string content_text(const json::object& message);

/// What a model thought, where it is not in blocks: reasoning_content, or the older `reasoning`.
std::string_view reasoning_text(const json::object& message);

/// The arguments of a call as JSON text; some servers give an object where OpenAI has its text.
std::string arguments_text(const json::object& function);

/// The arguments of a call where an object is wanted: `arguments` if they are one; {} if they say
/// nothing (blank, null); else an object that holds their text as "arguments", which is what the
/// model meant as far as anybody knows.
json::object tool_input(std::string_view arguments);

/// Tells which call of a streamed answer a piece belongs to. Some servers leave the index out, or
/// give all calls the same one: then an id that is not that of the call before, with a name, begins
/// a new one.
class CallPieces {
  public:
    struct Place {
        std::size_t number = 0;  ///< among the calls of the answer
        bool begins = false;     ///< it is a new one
    };
    /// `piece`: an element of a delta's tool_calls.
    Place place(const json::object& piece);
    std::size_t count() const { return calls_.size(); }

  private:
    struct Call {
        std::uint64_t index;  ///< OpenAI's
        std::string id;       ///< the provider's
    };
    std::uint64_t next_index_ = 0;  ///< of the next call without one
    std::vector<Call> calls_;
};

}  // namespace patchbay::surface
