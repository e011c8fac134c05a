// Which class a provider's failure has. The status decides first; words only make finer what the
// status leaves open.
//
// Providers repeat parts of the request in their errors (names of parameters, token ids, whole
// messages), so words that stand in one prove little. A refusal must not become something that is
// tried again because of them, and a fault of the provider's must not become the client's. So each
// status has a class and a list of what its words may make of it: a bad request may turn out to be
// a prompt that is too long, but not a rate limit. Trouble with the account (no credit, billing
// off, a limit of use) is the exception by nature: told with 400 by some, it is a refusal of the
// deployment and not of the request, so another deployment is tried.
#pragma once

#include <cstdint>
#include <patchbay/provider.h>
#include <span>

#include "error_words.hpp"

namespace patchbay::shared {

/// One or more statuses and what they mean.
struct StatusRule {
    int first;
    int last;
    std::uint32_t cls;  ///< BAY_ERR_*
    int http_status;    ///< for the client; 0 = the provider's own
    unsigned by_name;   ///< what a type or code may make of it: bits of Refinement
    unsigned by_words;  ///< what phrases of the message may
};

/// A class, ready for bay_error.
struct ErrorClass {
    std::uint32_t cls = BAY_ERR_UPSTREAM;
    int http_status = 500;
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
};

/// The class of an error that came with `status` (HTTP), or without one (0: an error inside of an
/// answer with status 200 or of a stream): then what it says of itself counts as the status, and
/// words only if it says nothing. `own`: the provider's differences, looked at before the common
/// table.
ErrorClass classify(int status, const ErrorText& error, std::span<const StatusRule> own = {});

/// The status that classify() goes by: `status`, else what the error says of itself, else 500.
int status_of(int status, const ErrorText& error);

}  // namespace patchbay::shared
