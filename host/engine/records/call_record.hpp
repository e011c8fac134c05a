// What a worker leaves behind of a finished call: the raw material of a log record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay {

/// The entry of a journal: a JSON object with everything small, then the client's request and the
/// answer as they are. Making one copies nothing large.
struct CallRecord {
    static constexpr std::size_t kMaxText = 1u
                                            << 20;  ///< of request and answer each; else left out

    boost::json::object facts;  ///< see payload.cpp
    std::string_view request;   ///< JSON
    std::string_view answer;    ///< JSON; a stream is one chunk a line

    /// `head` is the serialised facts with the lengths in front; the parts are `head`, the request
    /// and the answer, and view into this object and `head`.
    std::array<std::string_view, 3> parts(std::string& head) const;
};

/// An entry taken apart; views into it. nullopt if it is not one.
struct CallEntry {
    boost::json::object facts;
    std::string_view request;
    std::string_view answer;
};
std::optional<CallEntry> read_entry(std::string_view entry);

}  // namespace patchbay
