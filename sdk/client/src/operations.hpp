// The operations that a program can call, and the surface that reads each.
#pragma once

#include <string_view>

#include "engine/surface/surface.hpp"

namespace patchbay::client {

/// One row of the table.
struct CallOperation {
    std::string_view id;  ///< as in patchbay/operations.h
    const Surface* whole = nullptr;
    const Surface* streamed = nullptr;  ///< nullptr: the same, which reads "stream" itself
    /// The API names the model in its path, and its body holds neither "model" nor "stream".
    bool model_in_path = false;
};

/// nullptr if there is none of this id.
const CallOperation* find_operation(std::string_view id);

}  // namespace patchbay::client
