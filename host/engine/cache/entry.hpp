// An answer that was kept, as its provider gave it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay {

struct Operation;

/// The events of a stream, one behind the other in one text.
class KeptEvents {
  public:
    KeptEvents() = default;
    /// From text(); what is not such a text has the events up to where it breaks.
    explicit KeptEvents(std::string text) : text_(std::move(text)) {}

    void append(std::string_view name, std::string_view json);
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }
    void clear() { text_.clear(); }

    struct Event {
        std::string_view name;  ///< empty in APIs whose events have none
        std::string_view json;
    };
    /// Walks the events: takes the one at `at` and moves behind it. False at the end.
    bool next(std::size_t& at, Event& event) const;

  private:
    std::string text_;
};

/// Immutable once it is shared. At least one of the forms is there: what the deployment gave, or made
/// from the other one (forms.hpp).
struct CacheEntry {
    const Operation* operation = nullptr;  ///< that was asked: the answer is in its shape
    std::string deployment;                ///< the id of the one that answered
    std::string whole;                     ///< JSON; empty: not in this form
    KeptEvents events;                     ///< empty: not in this form
    std::vector<std::string> left_out;     ///< what of the request the plugin did not send
    std::int64_t stored_ms = 0;            ///< since 1970
    std::int64_t expires_ms = 0;           ///< likewise
    std::int64_t cost = 0;                 ///< nano-dollars, of all attempts that it took

    /// What it takes of the memory that it counts for.
    std::size_t bytes() const;
};

/// An entry as bytes, for a store outside of this process. The form may change with any version of
/// the gateway: what another one wrote is not read.
std::string packed(const CacheEntry& entry);
/// False if the bytes are no such entry, or of an operation that is not known; `entry` is then
/// anything.
bool unpack(std::string_view bytes, CacheEntry& entry);

}  // namespace patchbay
