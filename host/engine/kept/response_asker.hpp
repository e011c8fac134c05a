// Who asks for responses: whose those are that are made for it, and which of others it may use.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "contract/error.hpp"

namespace patchbay {

/// Whose a response is: a digest, not to be reversed.
using ResponseOwner = std::array<std::uint8_t, 32>;

/// A value; the default is somebody of whom nothing is known.
struct ResponseAsker {
    ResponseOwner owner{};  ///< whose those are that are made for it
    /// By a key that was checked. Where there is no master key nobody is known, and no id is bound.
    bool known = false;
    bool all = false;  ///< known, and may use those of others

    /// Of an id that names its owner; nullopt: it was made where nobody was known.
    bool may_use(const std::optional<ResponseOwner>& made_for) const {
        return !known || all || !made_for || *made_for == owner;
    }
};

/// 403, LiteLLM's words: the response is another's.
Error response_of_another();
/// The same of an id that this gateway did not make, so that nobody can say whose it is.
Error unmanaged_response();

}  // namespace patchbay
