// A header of a message: name and value, as they are on the wire.
#pragma once

#include <string_view>

namespace patchbay::http {

struct Header {
    std::string_view name;
    std::string_view value;
};

}  // namespace patchbay::http
