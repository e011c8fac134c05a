#include "answer.hpp"

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace patchbay::bench {

namespace {

constexpr std::size_t kHeadLimit = 16 * 1024;

// The value of a header field, or empty.
std::string_view field(std::string_view head, std::string_view name) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
         at = head.find("\r\n", at + 2)) {
        const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        if (line.size() > name.size() && line[name.size()] == ':' &&
            strncasecmp(line.data(), name.data(), name.size()) == 0) {
            std::string_view value = line.substr(name.size() + 1);
            while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
            return value;
        }
    }
    return {};
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

void Answer::reset() {
    state_ = State::head;
    head_.clear();
    line_.clear();
    left_ = 0;
    status_ = 0;
    closes_ = false;
}

bool Answer::feed(std::string_view bytes, std::string& body) {
    if (state_ == State::head) {
        const std::size_t before = head_.size();
        head_.append(bytes);
        const std::size_t end = head_.find("\r\n\r\n", before > 3 ? before - 3 : 0);
        if (end == std::string::npos) return head_.size() <= kHeadLimit;
        bytes.remove_prefix(end + 4 - before);
        head_.resize(end + 2);
        if (!read_head()) return false;
    }
    if (state_ == State::body) {
        const std::size_t size = std::min<std::uint64_t>(left_, bytes.size());
        body.append(bytes.substr(0, size));
        bytes.remove_prefix(size);
        left_ -= size;
        if (left_ == 0) state_ = State::complete;
    } else if (state_ != State::complete) {
        return read_chunked(bytes, body);
    }
    return bytes.empty();
}

bool Answer::read_head() {
    if (head_.rfind("HTTP/1.1 ", 0) != 0 || head_.size() < 12) return false;
    const auto [end, error] = std::from_chars(head_.data() + 9, head_.data() + 12, status_);
    if (error != std::errc() || end != head_.data() + 12) return false;
    closes_ = same(field(head_, "connection"), "close");
    if (same(field(head_, "transfer-encoding"), "chunked")) {
        state_ = State::chunk_size;
        return true;
    }
    const std::string_view length = field(head_, "content-length");
    if (std::from_chars(length.data(), length.data() + length.size(), left_).ec != std::errc())
        return false;
    state_ = left_ == 0 ? State::complete : State::body;
    return true;
}

bool Answer::read_chunk_size() {
    if (std::from_chars(line_.data(), line_.data() + line_.size(), left_, 16).ec != std::errc())
        return false;
    state_ = left_ == 0 ? State::last_line : State::chunk_data;
    return true;
}

bool Answer::read_chunked(std::string_view bytes, std::string& body) {
    while (!bytes.empty() && state_ != State::complete) {
        if (state_ == State::chunk_data) {
            const std::size_t size = std::min<std::uint64_t>(left_, bytes.size());
            body.append(bytes.substr(0, size));
            bytes.remove_prefix(size);
            left_ -= size;
            if (left_ == 0) state_ = State::chunk_end;
            continue;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        line_ += c;
        if (line_.size() > 64) return false;
        if (c != '\n') continue;
        if (state_ == State::chunk_size) {
            if (!read_chunk_size()) return false;
        } else if (line_ != "\r\n") {
            return false;
        } else {
            state_ = state_ == State::chunk_end ? State::chunk_size : State::complete;
        }
        line_.clear();
    }
    return bytes.empty();
}

}  // namespace patchbay::bench
