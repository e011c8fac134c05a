// Values of the ABI as the host keeps them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "contract/error.hpp"
#include "contract/shape/usage.hpp"
#include "patchbay/guardrail.h"

namespace patchbay {

/// Empty if absent; lives as long as what it was made of.
inline std::string_view view(bay_str s) {
    return s.ptr ? std::string_view(s.ptr, s.len) : std::string_view();
}

/// A copy whose fields past the size that the other side filled in are zero (ABI rule R5).
template <class T>
T complete(const T& from) {
    T whole{};
    std::memcpy(static_cast<void*>(&whole), &from, std::min<std::size_t>(from.size, sizeof whole));
    return whole;
}

/// Text longer than this is cut.
inline constexpr std::size_t kMaxErrorText = 64u << 10;

/// Values outside of their range become the defaults. Both take a whole struct: complete().
Error to_error(const bay_error& from);
Usage to_usage(const bay_usage& from);

/// True if it is one JSON text (RFC 8259) in UTF-8 and nothing else.
bool valid_json(std::string_view json);

}  // namespace patchbay
