#include "engine/router/trace.hpp"

#include <algorithm>

namespace patchbay {

void Trace::add(std::string_view step) {
    if (!text_->empty()) *text_ += "; ";
    const std::size_t room = kMost - std::min(kMost, text_->size());
    for (const char c : step.substr(0, room)) *text_ += c >= ' ' && c <= '~' ? c : '?';
}

std::string in_ms(std::chrono::nanoseconds time) {
    return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(time).count()) + " ms";
}

}  // namespace patchbay
