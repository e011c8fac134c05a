// Token counts: Google's usageMetadata to OpenAI's `usage` and to the host's.
#pragma once

#include <cstdint>
#include <patchbay/provider.h>

#include "json.hpp"
#include "model.hpp"

namespace patchbay::google {

/// Counts of tokens by what they were.
struct Modalities {
    std::uint64_t text = 0;
    std::uint64_t image = 0;
    std::uint64_t audio = 0;
    std::uint64_t video = 0;

    /// Adds a list of {modality, tokenCount}; documents count as images.
    void read(const json::array* details);
    void write(json::object& to) const;
};

/// Counts of one answer. Google's prompt holds the cached tokens, and leaves out what its own tools
/// read; its candidates leave out the thoughts, which OpenAI's completion holds.
class Usage {
  public:
    /// Takes over `usageMetadata`. In a stream the last one holds, as the first may be partial.
    void take(const json::object& metadata);
    /// How many searches Google made for the answer, in all.
    void set_searches(std::uint64_t searches) { searches_ = searches; }
    std::uint64_t searches() const { return searches_; }

    bool known() const { return known_; }
    json::object to_openai() const;
    /// Google bills each search for a third Gemini, and for others an answer that was searched for.
    bay_usage to_host(const ModelTraits& traits = {}) const;

  private:
    bool known_ = false;
    bool answer_told_ = false;  ///< how many tokens the answer has, or how many thoughts
    bool prompt_told_ = false;  ///< of which kinds the prompt's tokens are
    std::uint64_t prompt_ = 0;
    std::uint64_t tool_use_ = 0;
    std::uint64_t cached_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t thoughts_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t searches_ = 0;
    Modalities prompt_by_;
    Modalities cached_by_;
    Modalities answered_by_;
};

}  // namespace patchbay::google
