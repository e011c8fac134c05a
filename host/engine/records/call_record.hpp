// What a worker leaves behind of a finished call: the raw material of a log record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "engine/records/ledger_entry.hpp"

namespace patchbay {

/// The entry of a journal: what each attempt used, a JSON object with everything else that is
/// small, then the client's request and the answer as they are. Making one copies nothing large.
struct CallRecord {
    /// Of request and answer each, in bytes; what is larger is left out.
    static constexpr std::size_t kMaxText = 1u << 20;

    std::vector<LedgerEntry> attempts;
    boost::json::object facts;  ///< see payload.cpp
    std::string_view request;   ///< JSON
    std::string_view answer;    ///< JSON; a stream is one chunk a line

    /// `head` is the attempts and the serialised facts with the lengths in front; the parts are
    /// `head`, the request and the answer, and view into this object and `head`.
    std::array<std::string_view, 3> parts(std::string& head) const;
};

/// An entry taken apart; views into it. nullopt if it is not one. What the attempts used stands in
/// the facts, too (usage_facts.hpp).
struct CallEntry {
    boost::json::object facts;
    std::string_view request;
    std::string_view answer;
};
std::optional<CallEntry> read_entry(std::string_view entry);

}  // namespace patchbay
