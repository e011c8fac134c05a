// Reading the values of prices out of JSON text: as decimals, never by way of a double.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "contract/json/json_walk.hpp"
#include "engine/meter/rate_card.hpp"

namespace patchbay::meter {

/// A JSON string without its quotes; any other value as it is.
std::string_view unquoted(std::string_view value);

/// A JSON number, or a string that holds one, in units of 10^-places; nullopt if it is none.
std::optional<Int128> read_number(std::string_view value, int places, bool* rounded = nullptr);

/// A rate in dollars, from 0 to kMostRate. nullopt if it is none.
std::optional<Atto> read_price(std::string_view value, bool* rounded = nullptr);

/// The first number of a range, [32000, 128000.0]: whole and below 2^32.
std::optional<std::uint32_t> read_range_start(std::string_view array);

/// Off-peak hours, [{"hours_utc": "16:30-00:30", "weekdays": [1, 2]}, ...]: the hours may be a list,
/// weekdays are numbers from 1 (Monday) to 7 or their English names; without them all. Adds to
/// `hours`; false if it is no such list.
bool read_hours(std::string_view array, std::vector<Hours>& hours);

/// How many minutes the calendar of a time zone is ahead of UTC, for zones without summer time that
/// price tables name.
std::optional<std::int16_t> calendar_of(std::string_view time_zone);

/// Calls `take(text)` with each element of a JSON array. False if the text is no array.
template <class Take>
bool each_element(std::string_view array, Take take) {
    JsonReader reader(array);
    reader.skip_space();
    const bool whole = walk_array(reader, [&] {
        std::string_view element;
        if (!take_text(reader, array, element)) return false;
        take(element);
        return true;
    });
    reader.skip_space();
    return whole && reader.at_end();
}

}  // namespace patchbay::meter
