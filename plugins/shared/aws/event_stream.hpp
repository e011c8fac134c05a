// SPDX-License-Identifier: Apache-2.0
// Messages of AWS's event streams (application/vnd.amazon.eventstream) that are no events.
#pragma once

#include <patchbay/exchange.h>
#include <string_view>

namespace patchbay::aws {

/// The name of the exception, or the code of the error, that a message of a stream is; empty if it is
/// an event. A view into the frame.
std::string_view exception_in(const bay_ev_http& frame);

/// What such a message says: the payload of an exception, and of an error, which has none, the text
/// in its headers. A view into the frame.
std::string_view told_in(const bay_ev_http& frame);

}  // namespace patchbay::aws
