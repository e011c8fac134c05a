// One of Google's candidates as a choice of OpenAI's, whole or in the pieces of a stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chat/delta.hpp"
#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"

namespace patchbay::google {

/// Reads the pieces of one candidate in their order. Not thread-safe. Keeps the text for the places
/// of citations, at most kMaxKept bytes of it.
class Candidate {
  public:
    static constexpr std::size_t kMaxKept = std::size_t{16} << 20;

    /// Appends what `piece` says as deltas of OpenAI's stream, one kind of content in each: text,
    /// thought (reasoning_content), calls, images, audio, what Google's own tools did and signatures
    /// (provider_specific_fields). Empty texts say nothing. A call has all its arguments at once.
    void take(const json::object& piece, const FunctionNames& names,
              std::vector<json::object>& deltas);

    /// The citations of the text, for which all of it must be known; empty if there are none.
    json::array annotations() const;
    /// OpenAI's logprobs of `piece`; null if it has none.
    static json::value logprobs(const json::object& piece);

    /// Google said why it ended.
    bool finished() const { return !reason_.empty(); }
    /// OpenAI's finish_reason: whoever calls a function says so, though Google says STOP.
    std::string_view finish_reason() const;
    std::string_view native_reason() const { return reason_; }
    /// It ended in a call that Google could not read, and said nothing else.
    bool is_broken() const;

    const json::object& grounding() const { return grounding_; }

  private:
    void take_part(const json::object& part, const FunctionNames& names,
                   std::vector<json::object>& deltas);
    json::object call(const json::object& call, std::string_view signature,
                      const FunctionNames& names);

    std::string text_;
    std::string reason_;
    json::object grounding_;
    std::uint64_t calls_ = 0;
    std::uint64_t images_ = 0;
    bool said_ = false;
};

using shared::add_delta;

}  // namespace patchbay::google
