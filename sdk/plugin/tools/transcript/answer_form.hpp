// What the answers to an operation are, as far as it matters for those that are passed through.
#pragma once

#include <string_view>

#include "contract/shape/shape.hpp"

namespace patchbay::transcript {

/// Static.
struct AnswerForm {
    const Shape* shape;  ///< how its documents and events are told apart from what is none
    bool bytes = false;  ///< it may be bytes, which are passed on without a look
};

/// By the id of the operation (patchbay/operations.h). Of one that is not known every JSON object
/// without an error is an answer.
AnswerForm form_of(std::string_view operation);

}  // namespace patchbay::transcript
