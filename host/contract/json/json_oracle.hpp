// simdjson's verdict on a JSON text: the oracle of the tests and fuzz targets of JsonReader.
#pragma once

#include <string>
#include <string_view>

#include <simdjson.h>

#include "contract/json/json_reader.hpp"

namespace patchbay {

enum class JsonVerdict { valid, invalid, unsure };

/// `unsure` where simdjson refuses what RFC 8259 allows (numbers beyond 64 bits, surrogates that
/// stand alone), and where its limit of nesting makes the difference.
inline JsonVerdict simdjson_verdict(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::element element;
    // A copy of its own: simdjson wants padding behind the text.
    switch (parser.parse(simdjson::padded_string(text)).get(element)) {
        case simdjson::SUCCESS:
            return JsonVerdict::valid;
        case simdjson::NUMBER_ERROR:
        case simdjson::STRING_ERROR:
        case simdjson::DEPTH_ERROR:
        case simdjson::CAPACITY:
            return JsonVerdict::unsure;
        default:
            return JsonVerdict::invalid;
    }
}

/// JsonReader's verdict on a whole text, with the check of UTF-8 that it leaves to its user.
inline bool reader_accepts(std::string_view text) {
    if (!simdjson::validate_utf8(text.data(), text.size())) return false;
    JsonReader reader(text);
    if (!reader.take_value()) return false;
    reader.skip_space();
    return reader.at_end();
}

}  // namespace patchbay
