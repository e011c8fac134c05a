// What a model said, as a client of Gemini's API sends it back, as one assistant message of OpenAI's.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// A call of the model's that its results are matched with.
struct ModelCall {
    std::string name;  ///< the client's
    std::string id;    ///< that of the chat message: the client's own, or a made one
    bool own_id = false;
};

/// Gathers the parts of one turn. Clients that keep a stream as it came have several contents of a
/// model one after the other; they are one turn.
class ModelTurn {
  public:
    /// `number` of the turn in the conversation: calls without an id get "call_<number>_<n>".
    ModelTurn(Reading& reading, std::size_t number) : reading_(reading), number_(number) {}

    ///   text                   content
    ///   thought                reasoning_content
    ///   functionCall           tool_calls
    ///   thoughtSignature       thinking_blocks, if it carries some (thought_signature.hpp); those of
    ///                          Gemini's models are left out: no other model can read them
    ///   what Google ran itself (code, tools) is left out; media that the model made are refused
    Result<void> add(const json::object& part, const Place& place);

    /// The message; null if neither text nor a call is in it.
    json::value finish();
    std::vector<ModelCall>& calls() { return calls_; }

  private:
    void add_signature(std::string_view signature, const Place& place);
    Result<void> add_call(const json::object& call, const Place& place);

    Reading& reading_;
    std::size_t number_;
    std::string content_;
    std::string thought_;
    json::array blocks_;
    json::array tool_calls_;
    std::vector<ModelCall> calls_;
};

}  // namespace patchbay::surface
