// Whence a call comes.
#pragma once

#include <span>
#include <string_view>

#include "contract/http/header.hpp"

namespace patchbay {

/// What is known of who asks, besides the request itself. A server fills it from a connection, a
/// client library from arguments. The views outlive the call.
struct Caller {
    std::string_view id{};  ///< the call's id as the client gave it; empty = one is made
    std::string_view address{};
    /// In the order they came, names as they were written. What may be seen of them is decided where
    /// they are used.
    std::span<const http::Header> headers{};

    /// The value of the first header of this name; empty if there is none.
    std::string_view header(std::string_view name) const {
        for (const http::Header& header : headers) {
            if (http::iequals(header.name, name)) return header.value;
        }
        return {};
    }
};

}  // namespace patchbay
