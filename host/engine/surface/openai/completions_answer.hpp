// Answers of OpenAI's chat API as those of its older text completions, whole and streamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/tree.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay::surface {

/// What the answers to one request have in common.
struct CompletionRequest {
    std::string model;           ///< as the client asked for it
    std::string echo;            ///< stands before each answer; may be empty
    bool include_usage = false;  ///< of a stream
};

/// The completion that says what `chat_answer` says: the texts of all its choices. Thoughts and
/// calls have no place there. Pure; any thread.
std::string completion_of_chat(std::string_view chat_answer, const CompletionRequest& request);

/// The same of the chunks of a stream. One thread at a time.
class CompletionStream {
  public:
    /// `request` must outlive this.
    explicit CompletionStream(const CompletionRequest& request) : request_(request) {}

    /// Fails (upstream) on what is no JSON object.
    Result<void> chunk(std::string_view chunk_json, const EmitEvent& emit);

  private:
    const CompletionRequest& request_;
    std::map<std::uint64_t, std::size_t> told_;  ///< characters by choice
};

}  // namespace patchbay::surface
