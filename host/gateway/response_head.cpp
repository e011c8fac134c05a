#include "gateway/response_head.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <iterator>

#include <boost/beast/http/status.hpp>

#include "engine/http/content_coding.hpp"

namespace patchbay::gateway {

std::string_view reason_phrase(int status) {
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
    if (known == boost::beast::http::status::unknown) return "Error";
    const auto phrase = boost::beast::http::obsolete_reason(known);
    return {phrase.data(), phrase.size()};
}

namespace {

// "00" to "99".
constexpr auto kPairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

// Is there a byte below a space? Eight are looked at at a time; those above 0x7f are none.
bool has_control(std::string_view value) {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    std::uint64_t found = 0, word = 0;
    while (value.size() >= sizeof word) {
        std::memcpy(&word, value.data(), sizeof word);
        found |= (word - kEach * 0x20) & ~word & kEach * 0x80;
        value.remove_prefix(sizeof word);
    }
    for (const char c : value) {
        if (static_cast<unsigned char>(c) < 0x20) return true;
    }
    return found != 0;
}

}  // namespace

ResponseHead::ResponseHead(int status) : status_(status), text_(kUsual, '\0') {
    put("HTTP/1.1 ");
    put(std::to_string(status));
    put(" ");
    put(reason_phrase(status));
    put("\r\n");
}

char* ResponseHead::room(std::size_t size) {
    if (text_.size() - size_ < size) text_.resize(2 * text_.size() + size);
    char* const begin = text_.data() + size_;
    size_ += size;
    return begin;
}

void ResponseHead::put(std::string_view text) {
    std::copy(text.begin(), text.end(), room(text.size()));
}

std::string ResponseHead::taken() {
    text_.resize(size_);
    return std::move(text_);
}

ResponseHead& ResponseHead::add(std::string_view name, std::string_view value) {
    if (!has_control(value)) {
        add_line(name, value);
        return *this;
    }
    std::string clean;
    std::copy_if(value.begin(), value.end(), std::back_inserter(clean),
                 [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
    add_line(name, clean);
    return *this;
}

void ResponseHead::add_line(std::string_view name, std::string_view value) {
    char* to = room(name.size() + value.size() + 4);
    to = std::copy(name.begin(), name.end(), to);
    *to++ = ':';
    *to++ = ' ';
    to = std::copy(value.begin(), value.end(), to);
    *to++ = '\r';
    *to = '\n';
}

ResponseHead& ResponseHead::add(std::string_view name, std::uint64_t value) {
    // std::to_chars of gcc 12 brings its table of 200 bytes to the stack first.
    std::array<char, 20> digits;
    std::size_t at = digits.size();
    for (; value >= 100; value /= 100) {
        at -= 2;
        std::memcpy(digits.data() + at, kPairs.data() + value % 100 * 2, 2);
    }
    if (value >= 10) {
        at -= 2;
        std::memcpy(digits.data() + at, kPairs.data() + value * 2, 2);
    } else {
        digits[--at] = static_cast<char>('0' + value);
    }
    add_line(name, {digits.data() + at, digits.size() - at});
    return *this;
}

ResponseHead& ResponseHead::add_lines(std::string_view lines) {
    put(lines);
    return *this;
}

ResponseHead& ResponseHead::add_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : add(name, value);
}

void ResponseHead::connection(bool keep_alive) {
    if (!keep_alive) add("connection", "close");
    put("\r\n");
}

std::string ResponseHead::with_length(std::uint64_t length, bool keep_alive) && {
    add("content-length", length);
    connection(keep_alive);
    return taken();
}

std::string ResponseHead::chunked(bool keep_alive) && {
    add("transfer-encoding", "chunked");
    connection(keep_alive);
    return taken();
}

std::string ResponseHead::open_ended() && {
    connection(false);
    return taken();
}

void add_error_headers(ResponseHead& head, const Error& error) {
    head.add("content-type", "application/json");
    if (error.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
        head.add("retry-after", static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)));
    }
    if (error.status() == 401) head.add("www-authenticate", "Bearer");
    if (error.status() == 415) head.add("accept-encoding", http::kAcceptedCodings);
    if (error.status() == 426) head.add("upgrade", "websocket").add("sec-websocket-version", "13");
}

}  // namespace patchbay::gateway
