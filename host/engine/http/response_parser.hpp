// Cuts one HTTP/1.1 connection's bytes into response heads and pieces of body.
//
// Beast's basic_parser does the parsing (RFC 9112); this class owns the receive buffer and keeps
// what the parser reports without an allocation per field or piece: the header section is copied
// once into an arena, the body is never copied out of the receive buffer. Chunks that arrived
// together are moved together inside the buffer, over the chunk headers between them, and so come
// out as one piece. Tested by response_parser_test.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "engine/http/client.hpp"

namespace patchbay::http {

class ResponseParser {
  public:
    /// The receive buffer has one of these sizes: it grows when a read has filled it, and is the
    /// smallest again after kLittle reads that brought less than half of that each. A stream whose
    /// events come one by one needs no more, and of such a gateway or program has thousands open.
    static constexpr std::size_t kSmallBuffer = 2u << 10;
    static constexpr std::size_t kBuffer = 16u << 10;
    static constexpr std::size_t kLargeBuffer = 64u << 10;
    static constexpr int kLittle = 16;
    static constexpr std::size_t kMaxHead = 64u << 10;
    static constexpr std::size_t kMaxFields = 512;
    static constexpr int kMaxInterim = 16;  ///< 1xx heads before the final one

    enum class Status {
        need_more,  ///< read into space(), commit(), call again
        ready,      ///< parse_head(): the final head is there; parse_body(): piece() is, or done()
        failed,     ///< see failure(); only reset() is of use
    };

    /// Starts on the next response; bytes that are buffered already belong to it. `bodiless`: the
    /// response to HEAD or CONNECT.
    void reset(bool bodiless);

    /// Where to read to; empty if the buffer is full of bytes that could not be parsed, which is a
    /// `limit` failure of the caller's to report. Ends the life of piece().
    boost::asio::mutable_buffer space();
    /// `size` bytes were read into space().
    void commit(std::size_t size);
    /// True if the last read filled the space it had: more is likely waiting.
    bool filled() const { return filled_; }

    Status parse_head();
    /// After parse_head() was ready. Parses all that is buffered. What came before bytes that are
    /// wrong is a piece; the failure comes with the next call.
    Status parse_body();
    /// The peer closed its side in good order. Completes a body that is delimited by that, else
    /// fails.
    Status finish();

    /// The head was read: what it took to read it is given back.
    void forget_head() { std::vector<Field>().swap(fields_); }

    int status() const { return status_; }
    std::span<const Header> headers() const { return headers_; }
    /// Lives until the next call of space().
    std::string_view piece() const { return piece_; }
    /// The response has been read to its end.
    bool done() const { return parser_ && parser_->is_done(); }
    /// Done, the peer lets the connection live and sent nothing after the response.
    bool reusable() const { return done() && parser_->keep_alive() && begin_ == end_; }
    /// Bytes are buffered that nothing has parsed.
    bool leftover() const { return begin_ != end_; }
    const Failure& failure() const { return failure_; }

  private:
    class Parser;
    struct Field {
        std::size_t name, value, end;  // offsets in arena_
    };

    Status fail(FailureKind kind, std::string text);
    Status fail(const boost::system::error_code& ec);
    void resize(std::size_t capacity);

    class Parser final : public boost::beast::http::basic_parser<false> {
      public:
        Parser(ResponseParser& owner, bool bodiless);

      private:
        using Code = boost::beast::error_code;
        using Text = boost::beast::string_view;
        void on_request_impl(boost::beast::http::verb, Text, Text, int, Code&) override {}
        void on_response_impl(int code, Text reason, int version, Code& ec) override;
        void on_field_impl(boost::beast::http::field field, Text name, Text value,
                           Code& ec) override;
        void on_header_impl(Code& ec) override;
        void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
        std::size_t on_body_impl(Text body, Code& ec) override;
        void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
        std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code& ec) override;
        void on_finish_impl(Code&) override {}

        ResponseParser& owner_;
        bool head_done_ = false;
    };

    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;  // parsed up to here
    std::size_t end_ = 0;    // filled up to here
    bool filled_ = false;
    int little_ = 0;  // reads in a row that brought little

    std::optional<Parser> parser_;
    bool bodiless_ = false;
    bool broken_ = false;  // the body is not valid: see failure_
    int interim_ = 0;
    int status_ = 0;
    std::string arena_;
    std::vector<Field> fields_;
    std::vector<Header> headers_;
    std::string_view piece_;
    Failure failure_;
};

}  // namespace patchbay::http
