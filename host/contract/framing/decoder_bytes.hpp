// What decoders share: the walk from one byte to its next occurrence, and buffers that do not stay
// large.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace patchbay::http {

/// The next occurrence of one character in a text that is walked through once.
class NextChar {
  public:
    NextChar(std::string_view text, char c) : text_(text), c_(c) { search(0); }

    std::size_t from(std::size_t position) {
        if (found_ < position) search(position);
        return found_;
    }

  private:
    void search(std::size_t position) {
        const void* hit = position < text_.size()
                              ? std::memchr(text_.data() + position, c_, text_.size() - position)
                              : nullptr;
        found_ = hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - text_.data())
                     : text_.size();
    }

    std::string_view text_;
    std::size_t found_ = 0;
    char c_;
};

/// To be called when the frame that `text` held is done: one that grew beyond 64 KiB is given back
/// to the allocator.
inline void drop_if_huge(std::string& text) {
    if (text.capacity() > 64 * 1024) std::string().swap(text);
}

}  // namespace patchbay::http
