#include "engine/http/response_parser.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/beast/http/error.hpp>

#include "contract/http/header.hpp"

namespace patchbay::http {

namespace beast_http = boost::beast::http;

ResponseParser::Parser::Parser(ResponseParser& owner, bool bodiless) : owner_(owner) {
    header_limit(kMaxHead);
    body_limit(boost::none);
    eager(true);
    skip(bodiless);
}

void ResponseParser::Parser::on_response_impl(int code, Text, int, Code&) {
    owner_.status_ = code;
    owner_.arena_.clear();
    owner_.fields_.clear();
    owner_.headers_.clear();
}

void ResponseParser::Parser::on_field_impl(beast_http::field field, Text name, Text value,
                                           Code& ec) {
    if (head_done_) return;  // a trailer
    std::string& arena = owner_.arena_;
    if (arena.size() + name.size() + value.size() > kMaxHead ||
        owner_.fields_.size() == kMaxFields) {
        ec = beast_http::error::header_limit;
        return;
    }
    // A coding that is not understood leaves the length of the body unknown (RFC 9112, 6.3).
    if (field == beast_http::field::transfer_encoding && !iequals(value, "chunked")) {
        ec = beast_http::error::bad_transfer_encoding;
        return;
    }
    const std::size_t at = arena.size();
    arena.append(name.data(), name.size());
    std::transform(arena.begin() + static_cast<std::ptrdiff_t>(at), arena.end(),
                   arena.begin() + static_cast<std::ptrdiff_t>(at),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    const std::size_t middle = arena.size();
    arena.append(value.data(), value.size());
    owner_.fields_.push_back({at, middle, arena.size()});
}

void ResponseParser::Parser::on_header_impl(Code&) {
    head_done_ = true;
    const std::string_view arena = owner_.arena_;
    for (const Field& field : owner_.fields_) {
        owner_.headers_.push_back({arena.substr(field.name, field.value - field.name),
                                   arena.substr(field.value, field.end - field.value)});
    }
}

std::size_t ResponseParser::Parser::on_body_impl(Text body, Code&) {
    std::string_view& piece = owner_.piece_;
    if (piece.empty()) {
        piece = {body.data(), body.size()};
        return body.size();
    }
    char* const tail = owner_.buffer_.get() + (piece.data() - owner_.buffer_.get()) + piece.size();
    if (tail != body.data()) std::memmove(tail, body.data(), body.size());
    piece = {piece.data(), piece.size() + body.size()};
    return body.size();
}

std::size_t ResponseParser::Parser::on_chunk_body_impl(std::uint64_t, Text body, Code& ec) {
    return on_body_impl(body, ec);
}

void ResponseParser::reset(bool bodiless) {
    bodiless_ = bodiless;
    interim_ = 0;
    broken_ = false;
    piece_ = {};
    parser_.emplace(*this, bodiless);
}

void ResponseParser::resize(std::size_t capacity) {
    std::unique_ptr<char[]> other(new char[capacity]);
    if (end_ != begin_) std::memcpy(other.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    buffer_ = std::move(other);
    capacity_ = capacity;
}

boost::asio::mutable_buffer ResponseParser::space() {
    piece_ = {};
    if (begin_ == end_) begin_ = end_ = 0;
    if (capacity_ == 0) {
        resize(kSmallBuffer);
    } else if (filled_ && capacity_ < kLargeBuffer) {
        resize(capacity_ < kBuffer ? kBuffer : kLargeBuffer);
    } else if (little_ >= kLittle && capacity_ > kSmallBuffer && end_ - begin_ < kSmallBuffer / 2) {
        resize(kSmallBuffer);
    } else if (begin_ != 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

void ResponseParser::commit(std::size_t size) {
    end_ += size;
    filled_ = end_ == capacity_;
    little_ = filled_ || size >= kSmallBuffer / 2 ? 0 : little_ + (little_ < kLittle);
}

ResponseParser::Status ResponseParser::parse_head() {
    while (begin_ != end_) {
        boost::beast::error_code ec;
        // Eagerness would parse the body along with the head, before anyone asked for it.
        parser_->eager(false);
        begin_ += parser_->put({buffer_.get() + begin_, end_ - begin_}, ec);
        if (parser_->is_header_done() && !ec) {
            if (status_ >= 200) {
                parser_->eager(true);
                return Status::ready;
            }
            if (status_ == 101 || ++interim_ > kMaxInterim) {
                return fail(FailureKind::framing,
                            "unexpected status " + std::to_string(status_) + " in a response");
            }
            parser_.emplace(*this, bodiless_);
            continue;
        }
        if (ec == beast_http::error::need_more) break;
        if (ec) return fail(ec);
    }
    return Status::need_more;
}

ResponseParser::Status ResponseParser::parse_body() {
    piece_ = {};
    if (broken_) return Status::failed;
    while (begin_ != end_ && !parser_->is_done()) {
        boost::beast::error_code ec;
        begin_ += parser_->put({buffer_.get() + begin_, end_ - begin_}, ec);
        if (ec == beast_http::error::need_more) break;
        if (!ec) continue;
        fail(ec);
        broken_ = true;
        return piece_.empty() ? Status::failed : Status::ready;
    }
    return piece_.empty() && !parser_->is_done() ? Status::need_more : Status::ready;
}

ResponseParser::Status ResponseParser::finish() {
    if (done()) return Status::ready;
    if (!parser_->got_some()) {
        return fail(FailureKind::reset, "connection closed before a response came");
    }
    boost::beast::error_code ec;
    parser_->put_eof(ec);
    if (ec) return fail(FailureKind::reset, "connection closed within the response");
    return Status::ready;
}

ResponseParser::Status ResponseParser::fail(FailureKind kind, std::string text) {
    failure_ = {kind, std::move(text)};
    return Status::failed;
}

ResponseParser::Status ResponseParser::fail(const boost::system::error_code& ec) {
    if (ec == beast_http::error::header_limit) {
        return fail(FailureKind::limit, "header section of the response is too large");
    }
    return fail(FailureKind::framing, "response is not valid HTTP/1.1: " + ec.message());
}

}  // namespace patchbay::http
