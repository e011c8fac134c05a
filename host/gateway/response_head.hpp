// Builds the head of an HTTP/1.1 response as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "contract/error.hpp"

namespace patchbay::gateway {

/// Appends to one string, which is sent as it is. Values lose CR, LF and NUL, so nothing that came
/// from outside can start a header of its own.
class ResponseHead {
  public:
    explicit ResponseHead(int status);

    ResponseHead& add(std::string_view name, std::string_view value);
    ResponseHead& add(std::string_view name, std::uint64_t value);
    /// Header lines that are complete, each with its end; nothing of them is changed.
    ResponseHead& add_lines(std::string_view lines);
    /// Leaves empty values out.
    ResponseHead& add_if(std::string_view name, std::string_view value);

    /// Ends the head for a body of known length.
    std::string with_length(std::uint64_t length, bool keep_alive) &&;
    /// Ends the head for a chunked body.
    std::string chunked(bool keep_alive) &&;

    /// Ends the head for a body that ends with the connection (HTTP/1.0 clients).
    std::string open_ended() &&;

    int status() const { return status_; }

  private:
    static constexpr std::size_t kUsual = 2048;  ///< bytes; more are made room for

    void connection(bool keep_alive);
    void add_cleaned(std::string_view name, std::string_view value);
    void add_line(std::string_view name, std::string_view value) {
        char* to = room(name.size() + value.size() + 4);
        to += name.copy(to, name.size());
        *to++ = ':';
        *to++ = ' ';
        to += value.copy(to, value.size());
        *to++ = '\r';
        *to = '\n';
    }
    void put(std::string_view text) { text.copy(room(text.size()), text.size()); }
    /// Where the next `size` bytes belong. Valid until the next call.
    char* room(std::size_t size) {
        if (text_.size() - size_ < size) grow(size);
        char* const begin = text_.data() + size_;
        size_ += size;
        return begin;
    }
    void grow(std::size_t size);
    std::string taken();

    int status_;
    std::string text_;      ///< what has been written and room behind it
    std::size_t size_ = 0;  ///< of what has been written
};

/// Adds what goes with an error in every API: the type of its body, JSON, and what RFC 9110 wants
/// beside 401, 415, 426 and where a time to wait is known.
void add_error_headers(ResponseHead& head, const Error& error);

/// The reason phrase of RFC 9110, or "Error" for a status it does not name.
std::string_view reason_phrase(int status);

}  // namespace patchbay::gateway
