#include "engine/surface/hub/json_progress.hpp"

#include "contract/json/json_bytes.hpp"

namespace patchbay::surface {

std::string_view JsonProgress::feed(std::string_view piece) {
    std::size_t at = 0;
    for (; at < piece.size(); ++at) {
        const char c = piece[at];
        const bool space = json_bytes::is_space(c);
        if (complete() && !space) break;
        if (!begun_ && !space) {
            begun_ = true;
            object_ = c == '{';
        }
        if (object_) step(c);
    }
    return piece.substr(0, at);
}

void JsonProgress::step(char c) {
    if (escaped_) {
        escaped_ = false;
    } else if (in_string_) {
        escaped_ = c == '\\';
        in_string_ = c != '"';
    } else if (c == '"') {
        in_string_ = true;
    } else if (c == '{' || c == '[') {
        ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
        --depth_;
    }
}

}  // namespace patchbay::surface
