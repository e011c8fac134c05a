// Single values of a Converse answer that whole answers and streams say in the same way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/surface/anthropic/answer_values.hpp"
#include "engine/surface/hub/answer_blocks.hpp"
#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// What every answer to one request is told with.
struct ConverseAnswering {
    ChatNames names;  ///< gives tools back the names that the client has
    /// The client wants to know which stop sequence matched (additionalModelResponseFieldPaths).
    bool stop_sequence = false;
};

/// The id of a toolUse block: the call's own where Bedrock's clients could send it back, else one
/// made of it; one made of `chat_id`, the answer's, and the call's number if the call has none.
std::string tool_use_id_of(const Block& block, std::string_view chat_id);

/// {"format":"png","source":{"bytes":"..."}} of an image's data URL; JPEG where the format is none
/// of Bedrock's.
json::object image_of(std::string_view data_url);

/// {"title":...,"location":{"web":{"url":...,"domain":...}}} of a link that OpenAI's annotations tell.
json::object citation_of(const json::object& link);

/// The base64 that stands in redactedContent for the `data` of a redacted thought: itself, as it is
/// with Claude's, or an envelope (hub/envelope.hpp) of what is no base64.
std::string redacted_content(std::string_view data);
/// The way back. Empty if it holds nothing.
std::string redacted_data(std::string_view content);

/// What is gathered of an answer beside its blocks.
class ConverseEnding {
  public:
    /// Takes what an answer or a chunk says, its choice and its message or delta (may be nullptr).
    void read(const json::object& answer, const json::object* choice, const json::object* message);
    /// Writes stopReason, and additionalModelResponseFields if they are wanted.
    void write_stop(bool called, const ConverseAnswering& answering, json::object& to) const;
    /// Writes usage, metrics, and the tier that served it if it was told.
    void write_counts(std::uint64_t milliseconds, json::object& to) const;

  private:
    std::string_view stop_reason(bool called) const;

    Ending ending_;
    json::object usage_;
    std::string tier_;
};

}  // namespace patchbay::surface
