// What the readers of logged streams share.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "engine/records/payload.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

/// Calls `take(object)` for each line of `events` that is a JSON object. What cannot be read is
/// left out and added to `unread` as "<what> of the answer: ...".
template <class Take>
void each_event(std::string_view events, std::string_view what, Unread& unread, Take take) {
    while (!events.empty()) {
        const std::size_t end = events.find('\n');
        const json_tree::Tree document = json_tree::read(events.substr(0, end));
        if (!document) unread.push_back(std::string(what) + " of the answer: " + document.error());
        events.remove_prefix(end == std::string_view::npos ? events.size() : end + 1);
        if (const auto* event = document.value.if_object()) take(*event);
    }
}

/// Appends `piece`, if it is a string, to the text `name` of `to`.
inline void append_text(boost::json::object& to, std::string_view name,
                        const boost::json::value& piece) {
    const auto* text = piece.if_string();
    if (!text) return;
    auto& joined = to[name];
    if (!joined.is_string()) joined = "";
    joined.get_string().append(text->begin(), text->end());
}

}  // namespace patchbay
