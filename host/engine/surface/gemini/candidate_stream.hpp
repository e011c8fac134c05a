// One candidate of a streamed answer, as it grows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/gemini/answer_values.hpp"
#include "engine/surface/gemini/grounding.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Makes parts of the deltas of one choice. Calls are held until the end: their arguments are an
/// object, which is whole or nothing.
class CandidateStream {
  public:
    explicit CandidateStream(std::uint64_t index) : index_(index) {}

    std::uint64_t index() const { return index_; }
    /// Takes one choice of a chunk. The candidate to tell of it; empty if it says nothing yet.
    json::object take(const json::object& choice, const Answering& answering);
    /// The last one, with what was held and how it ended; it has a part in any case, as clients take
    /// a content without parts for a broken one. Once.
    json::object end(std::string_view chat_id, const Answering& answering);

    /// Bytes that are held.
    std::size_t held() const { return held_ + grounding_.size(); }

  private:
    void read_thoughts(const json::object& delta, std::string& words);
    void read_block(const json::object& block, bool told_as_text, std::string& words);
    void add_thought(std::string_view piece, std::string& words);
    void read_calls(const json::object& delta);
    void read_call(const json::object& piece);
    void add_part(json::object part, json::array& parts);
    void add_text(std::string_view words, json::array& parts);
    json::object told(json::array parts) const;

    std::uint64_t index_;
    Finish finish_;
    Grounding grounding_;
    LogprobSum logprobs_;
    std::string half_text_;  ///< half of a surrogate pair at the end of the text so far
    std::string half_thought_;
    std::string thought_;       ///< of the block that is under way
    std::string last_thought_;  ///< of the last one that was signed
    json::array blocks_;        ///< signed, for the signature of the next part
    CallPieces pieces_;
    std::vector<AnsweredCall> calls_;
    std::size_t held_ = 0;
};

}  // namespace patchbay::surface
