// A stream of OpenAI's chat API as a stream of Gemini's.
//
// Each event of Gemini's is a whole response with the parts that are new. Text and thought go out as
// they come; finishReason and usageMetadata stand in the last response, with the calls.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/gemini/answer_values.hpp"
#include "engine/surface/gemini/candidate_stream.hpp"

namespace patchbay::surface {

/// State machine of one stream. One thread at a time.
class GenerateStream {
  public:
    /// Receives a response, which is valid during the call only. Gemini's events have no name.
    using Emit = std::function<void(std::string_view name, std::string_view json)>;

    /// What is held of all candidates, in bytes.
    static constexpr std::size_t kMaxHeld = std::size_t{16} << 20;
    /// Choices that are told; more than any provider makes.
    static constexpr std::size_t kMaxCandidates = 128;

    explicit GenerateStream(Answering answering);

    /// Takes the next chunk and calls `emit` for the response that it makes, if it says something.
    /// Fails (upstream) on what is no JSON object and when too much would be held; the stream is over
    /// then.
    Result<void> chunk(std::string_view chunk_json, const Emit& emit);

    /// The answer is whole: tells the rest. To be called once, and not for an answer that was cut.
    void end(const Emit& emit);

  private:
    CandidateStream* candidate(std::uint64_t index);
    std::string response(json::array candidates, const json::object* usage) const;

    Answering answering_;
    std::string chat_id_;
    json::object usage_;
    bool usage_told_ = false;
    std::vector<CandidateStream> candidates_;
};

}  // namespace patchbay::surface
