// One pass over a JSON text that looks into some values while it checks them.
#pragma once

#include <string_view>

#include "contract/json/json_reader.hpp"

namespace patchbay {

/// Steps over the object at the cursor of `reader`, which reads `text`. `on_member(name)` is called
/// with the cursor before each value and steps over it; `name` is without quotes, its escapes as
/// they are. False, there or as the result, ends the walk: the text is wrong.
template <class OnMember>
bool walk_object(JsonReader& reader, std::string_view text, OnMember on_member) {
    if (!reader.take('{', "")) return false;
    reader.skip_space();
    if (reader.peek() == '}') return reader.take('}', "");
    for (;;) {
        reader.skip_space();
        const std::size_t name = reader.at();
        if (!reader.take_string()) return false;
        const std::size_t end = reader.at();
        reader.skip_space();
        if (!reader.take(':', "")) return false;
        reader.skip_space();
        if (!on_member(text.substr(name + 1, end - name - 2))) return false;
        reader.skip_space();
        if (reader.peek() == '}') return reader.take('}', "");
        if (!reader.take(',', "")) return false;
    }
}

/// The same for a text that is one object, with nothing but white space around it.
template <class OnMember>
bool walk_document(JsonReader& reader, std::string_view text, OnMember on_member) {
    reader.skip_space();
    if (!walk_object(reader, text, on_member)) return false;
    reader.skip_space();
    return reader.at_end();
}

/// The same for an array and `on_element()`.
template <class OnElement>
bool walk_array(JsonReader& reader, OnElement on_element) {
    if (!reader.take('[', "")) return false;
    reader.skip_space();
    if (reader.peek() == ']') return reader.take(']', "");
    for (;;) {
        reader.skip_space();
        if (!on_element()) return false;
        reader.skip_space();
        if (reader.peek() == ']') return reader.take(']', "");
        if (!reader.take(',', "")) return false;
    }
}

/// Steps over the value at the cursor of `reader`, which reads `text`, and gives it as it is
/// written. False: the text is wrong.
inline bool take_text(JsonReader& reader, std::string_view text, std::string_view& value) {
    const std::size_t from = reader.at();
    if (!reader.take_value()) return false;
    value = text.substr(from, reader.at() - from);
    return true;
}

/// True if a value of JSON, whole and without white space around it, says anything: it is not null,
/// false, 0, "", {}, [], nor an object of such members, which is looked into `depth` deep.
bool says_something(std::string_view value, unsigned depth = 4);

}  // namespace patchbay
