// What the gateway must know of an answer, or of one event of a stream, to pass it on as it is.
#pragma once

#include <cstddef>
#include <string_view>

#include "patchbay/sdk/stream_end.hpp"

namespace patchbay {

/// A byte range in the scanned text; len 0: not there.
struct TextRange {
    std::size_t off = 0;
    std::size_t len = 0;
    explicit operator bool() const { return len != 0; }
    bool operator==(const TextRange&) const = default;
};

/// Where `value`, which is a part of `text`, stands in it, if it begins with `first`; else nowhere.
inline TextRange range_if(std::string_view text, std::string_view value, char first) {
    if (value[0] != first) return {};
    return {static_cast<std::size_t>(value.data() - text.data()), value.size()};
}

/// Facts about one document in a provider's API, found by its Shape. Where a name occurs twice the
/// last one counts. Names that are written with escapes are not recognized.
struct AnswerFacts {
    bool object = false;        ///< the text is one object; everything else is empty if not
    TextRange model{};          ///< the model's name, with its quotes
    TextRange id{};             ///< of a resource that the client can name later, with its quotes
    TextRange previous{};       ///< likewise, of the one that this one goes on from
    TextRange usage{};          ///< for Shape::read_usage()
    TextRange tier{};           ///< the tier that served, with its quotes, where usage lacks it
    TextRange text{};           ///< where generated words stand, for text_size()
    bool error = false;         ///< it says that something went wrong: goes to the plugin
    bool answer = false;        ///< as a whole document: it is an answer
    bool usage_only = false;    ///< of a stream: it tells usage and nothing else
    bay::Choices seen = 0;      ///< of a stream: the parts of the answer that the event belongs to
    bay::Choices finished = 0;  ///< those that end with it
    bool operator==(const AnswerFacts&) const = default;
};

}  // namespace patchbay
