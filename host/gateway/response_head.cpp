#include "gateway/response_head.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>

#include <boost/beast/http/status.hpp>

#include "contract/texts/digits.hpp"
#include "engine/http/content_coding.hpp"

namespace patchbay::gateway {

std::string_view reason_phrase(int status) {
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
    if (known == boost::beast::http::status::unknown) return "Error";
    const auto phrase = boost::beast::http::obsolete_reason(known);
    return {phrase.data(), phrase.size()};
}

namespace {

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

void ResponseHead::grow(std::size_t size) {
    text_.resize(2 * text_.size() + size);
}

std::string ResponseHead::taken() {
    text_.resize(size_);
    return std::move(text_);
}

void ResponseHead::add_cleaned(std::string_view name, std::string_view value) {
    std::string clean;
    std::copy_if(value.begin(), value.end(), std::back_inserter(clean),
                 [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
    add_line(name, clean);
}

ResponseHead& ResponseHead::add(std::string_view name, std::string_view value) {
    if (has_control(value)) {
        add_cleaned(name, value);
    } else {
        add_line(name, value);
    }
    return *this;
}

ResponseHead& ResponseHead::add(std::string_view name, std::uint64_t value) {
    add_line(name, Digits(value).view());
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
    constexpr int kNoContent = 204;  // has no length (RFC 9110, 8.6)
    if (status_ != kNoContent) add("content-length", length);
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
