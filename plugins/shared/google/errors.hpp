// What failed at Google, in the classes that routing acts on.
#pragma once

#include <cstdint>
#include <patchbay/exchange.h>
#include <string_view>

#include "failure.hpp"

namespace patchbay::google {

/// The time to wait that google.rpc.RetryInfo in an error's details states, in ms; 0 if none does. At
/// most one hour.
std::uint32_t retry_delay_ms(std::string_view body);

/// An answer whose status is no success, with the class that plugins/shared/failure gives it and the
/// time to wait that its headers or its details state. The message is Google's text as it came, as
/// LiteLLM shows it.
Failure failure_of_answer(const bay_ev_http& done);

/// An error where an answer was expected: an event of a stream, or the body of a 2xx.
Failure failure_of_event(std::string_view data);

}  // namespace patchbay::google
