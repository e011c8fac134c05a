// SPDX-License-Identifier: Apache-2.0
#include "event_stream.hpp"

#include <patchbay/sdk.hpp>

namespace patchbay::aws {

std::string_view exception_in(const bay_ev_http& frame) {
    const auto kind = bay::find(frame.headers, frame.header_count, ":message-type");
    if (kind == "exception") return bay::sv(frame.event);
    if (kind != "error") return {};
    const auto code = bay::find(frame.headers, frame.header_count, ":error-code");
    return code.empty() ? std::string_view("error") : code;
}

std::string_view told_in(const bay_ev_http& frame) {
    if (frame.data.len != 0) return bay::sv(frame.data);
    return bay::find(frame.headers, frame.header_count, ":error-message");
}

}  // namespace patchbay::aws
