// What a client is told when a guardrail stops its request, in LiteLLM's form.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "contract/actions/verdict.hpp"
#include "contract/error.hpp"

namespace patchbay::guard {

/// `value` as Python's repr() writes it: {'error': 'Violated policy', 'flagged': True}. LiteLLM
/// puts the detail of a blocked request into the message this way.
std::string python_repr(const boost::json::value& value);

/// The error of a block: status 400 unless the guardrail gave another, type and param "None". The
/// guardrail's message is the message; if it is a JSON object, its python_repr is.
Error blocked(std::string_view guardrail, const Verdict& verdict);

/// The error of a guardrail that gave no verdict and may not be passed over: status 500. `why` is
/// for the log; it is not told to the client.
Error unavailable(std::string_view guardrail, const Error& why);

}  // namespace patchbay::guard
