// The members of an object in a request, each read by the row of a table that has its name.
#pragma once

#include <algorithm>
#include <functional>
#include <string_view>

#include <boost/json/object.hpp>

#include "engine/surface/hub/reading.hpp"

namespace patchbay::surface {

/// A row: what becomes of the member. `State` is what the readers of the table share.
template <class... State>
struct MemberRow {
    std::string_view name;
    Result<void> (*write)(const boost::json::value& value, const Place& place, State&... state);
};

/// For a row whose member is read together with others, or says nothing that matters here.
template <class... State>
Result<void> elsewhere(const boost::json::value&, const Place&, State&...) {
    return {};
}

/// For a row whose member only makes a note that it was left out.
template <class... More>
Result<void> noted(const boost::json::value&, const Place& place, Reading& reading, More&...) {
    reading.note(place);
    return {};
}

/// Gives every member of `given` that is not null, in the client's order, to its row, and what has
/// none to `unknown(key, value, place)`. `above` is the place of `given`, nullptr at the top;
/// `name_of(key)` is the name that rows know a key by. Ends with the first Error.
template <class NameOf, class Rows, class Unknown, class... State>
Result<void> write_members_by(NameOf name_of, const boost::json::object& given, const Place* above,
                              const Rows& rows, Unknown unknown, State&... state) {
    for (const auto& member : given) {
        const std::string_view key = member.key();
        if (member.value().is_null()) continue;
        const auto name = name_of(key);
        const Place place(name, above);
        const auto* const row = std::find_if(rows.begin(), rows.end(),
                                             [&](const auto& one) { return one.name == name; });
        if (row == rows.end()) {
            unknown(key, member.value(), place);
            continue;
        }
        auto written = row->write(member.value(), place, state...);
        if (!written) return written;
    }
    return {};
}

/// The same where keys are names.
template <class Rows, class Unknown, class... State>
Result<void> write_members(const boost::json::object& given, const Place* above, const Rows& rows,
                           Unknown unknown, State&... state) {
    return write_members_by(std::identity(), given, above, rows, unknown, state...);
}

/// What nobody knows goes into `chat` as the client wrote it, unless something stands there.
inline auto passed_on(boost::json::object& chat) {
    return [&chat](std::string_view key, const boost::json::value& value, const Place&) {
        chat.emplace(key, value);
    };
}

}  // namespace patchbay::surface
