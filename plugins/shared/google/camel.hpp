// Google's names have two spellings, "topK" and "top_k", of which its APIs take both.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::google {

/// "topK" of "top_k" and of "topK".
inline std::string camel_case(std::string_view name) {
    std::string camel;
    bool upper = false;
    for (const char c : name) {
        if (c == '_') {
            upper = !camel.empty();
            continue;
        }
        camel += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return camel;
}

}  // namespace patchbay::google
