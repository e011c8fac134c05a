// Days as people write them, counted from 1970 in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace patchbay::app {

std::int64_t today();
/// "2026-11-27"; nullopt for what is no day.
std::optional<std::int64_t> read_day(const std::string& text);

}  // namespace patchbay::app
