// An HTTP/1.1 answer as it arrives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::bench {

/// Reads one answer after another off a connection: Content-Length or chunked (RFC 9112 sections 6
/// and 7.1), no trailers, heads up to 16 KB. Pipelined bytes after the end of an answer are an
/// error.
class Answer {
  public:
    /// Forgets the answer before.
    void reset();

    /// Takes bytes as they were read; false if they are not an answer this class understands. What
    /// it held of the body is appended to `body`.
    bool feed(std::string_view bytes, std::string& body);

    bool complete() const { return state_ == State::complete; }
    bool started() const { return state_ != State::head || !head_.empty(); }
    int status() const { return status_; }
    /// The server said it will close the connection.
    bool closes() const { return closes_; }

  private:
    enum class State { head, body, chunk_size, chunk_data, chunk_end, last_line, complete };

    bool read_head();
    bool read_chunked(std::string_view bytes, std::string& body);
    bool read_chunk_size();

    State state_ = State::head;
    std::string head_;
    std::string line_;
    std::uint64_t left_ = 0;
    int status_ = 0;
    bool closes_ = false;
};

}  // namespace patchbay::bench
