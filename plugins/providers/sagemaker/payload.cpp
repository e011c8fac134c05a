// SPDX-License-Identifier: Apache-2.0
#include "payload.hpp"

namespace patchbay::sagemaker {

bool Payload::add(std::string_view bytes) {
    held_.erase(0, read_);
    read_ = 0;
    held_ += bytes;
    return held_.size() <= kLongest;
}

std::optional<std::string_view> Payload::next() {
    for (;;) {
        const auto end = held_.find('\n', read_);
        if (end == std::string::npos) return std::nullopt;
        const auto line = std::string_view(held_).substr(read_, end - read_);
        read_ = end + 1;
        if (auto event = event_of(line)) return event;
    }
}

std::optional<std::string_view> Payload::rest() {
    const auto line = std::string_view(held_).substr(read_);
    read_ = held_.size();
    return event_of(line);
}

std::optional<std::string_view> Payload::event_of(std::string_view line) {
    constexpr std::string_view kData = "data:";
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(kData)) {
        line.remove_prefix(kData.size());
        const auto begin = line.find_first_not_of(' ');
        line.remove_prefix(begin == std::string_view::npos ? line.size() : begin);
        done_ = done_ || line == "[DONE]";
        return line.empty() || line == "[DONE]" ? std::nullopt : std::optional(line);
    }
    // Of server-sent events the other lines say nothing.
    return line.starts_with('{') ? std::optional(line) : std::nullopt;
}

}  // namespace patchbay::sagemaker
