// The words and names by which providers tell one kind of failure from another: data, nothing else.
#pragma once

#include "error_text.hpp"

namespace patchbay::shared {

/// What an error's own words may make of it, as bits.
enum Refinement : unsigned {
    kAccount = 1u << 0,    ///< no credit, billing off, a limit of money or use reached, disabled
    kKey = 1u << 1,        ///< the key is wrong, told with a status that says less
    kContext = 1u << 2,    ///< the prompt does not fit
    kPolicy = 1u << 3,     ///< the provider's rules about content
    kModel = 1u << 4,      ///< there is no such model
    kRateLimit = 1u << 5,  ///< too many requests or tokens at a time
    kTimeout = 1u << 6,
    kOverloaded = 1u << 7,
    kNoRefinement = 0,
    kAnyRefinement = ~0u,
};

/// The refinement that one of the error's names (type, code) stands for, of those `allowed`;
/// kNoRefinement if there is none.
unsigned refinement_by_name(const ErrorText& error, unsigned allowed);

/// The same by the words of the message: phrases that providers write, not single words.
unsigned refinement_by_words(const ErrorText& error, unsigned allowed);

/// The HTTP status that the error's names stand for where no status was sent; 0 if they say none.
int status_by_name(const ErrorText& error);

}  // namespace patchbay::shared
