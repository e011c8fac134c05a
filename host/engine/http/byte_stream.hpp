// A connected socket, plain or with TLS, as the stream that Beast's WebSocket runs on.
//
// One type for both sides and both kinds, so that Beast's templates are compiled once.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>

#include "engine/loop.hpp"

namespace patchbay::http {

class Connection;

using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Used on the loop's thread only. Closes the socket when it is destroyed; may be moved while no
/// operation is pending.
class ByteStream {
  public:
    using executor_type = boost::asio::io_context::executor_type;

    /// A connection that was opened by a client and on which nothing of HTTP happens.
    ByteStream(Loop loop, std::shared_ptr<Connection> connection);
    /// An accepted socket of which `ahead` was read already: that comes first.
    ByteStream(Loop loop, Socket socket, std::string ahead);
    ByteStream(ByteStream&&) noexcept;
    ~ByteStream();

    executor_type get_executor() const;

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
            [this](auto done, const Buffers& to) {
                if (const std::size_t size = take_ahead(boost::asio::buffer(
                        boost::asio::mutable_buffer(*boost::asio::buffer_sequence_begin(to))));
                    size != 0) {
                    boost::asio::post(get_executor(), [done = std::move(done), size]() mutable {
                        done(boost::system::error_code(), size);
                    });
                } else if (tls() != nullptr) {
                    tls()->async_read_some(to, std::move(done));
                } else {
                    socket().async_read_some(to, std::move(done));
                }
            },
            handler, buffers);
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
            [this](auto done, const Buffers& from) {
                if (tls() != nullptr) {
                    tls()->async_write_some(from, std::move(done));
                } else {
                    socket().async_write_some(from, std::move(done));
                }
            },
            handler, buffers);
    }

    /// At once; what is pending ends with an error.
    void close();
    /// Ends the sending side. What the other side still sends is to be read and thrown away, lest
    /// it turns what was sent last into a reset; after kLinger the socket is closed.
    void linger();
    static constexpr std::chrono::milliseconds kLinger{2000};

  private:
    struct State;
    Socket& socket();
    boost::asio::ssl::stream<Socket&>* tls();
    std::size_t take_ahead(boost::asio::mutable_buffer to);
    std::unique_ptr<State> state_;
};

/// Beast's customization points.
void beast_close_socket(ByteStream& stream);
void teardown(boost::beast::role_type, ByteStream& stream, boost::system::error_code& ec);
template <class Handler>
void async_teardown(boost::beast::role_type, ByteStream& stream, Handler&& handler) {
    enum : std::size_t { kRoom = 4096 };
    struct Drain {
        ByteStream& stream;
        std::unique_ptr<char[]> thrown_away;
        std::decay_t<Handler> done;
        void operator()(boost::system::error_code ec, std::size_t) {
            if (ec) return done(boost::system::error_code());
            const auto room = boost::asio::buffer(thrown_away.get(), std::size_t{kRoom});
            stream.async_read_some(room, std::move(*this));
        }
    };
    stream.linger();
    Drain drain{stream, std::make_unique<char[]>(std::size_t{kRoom}),
                std::forward<Handler>(handler)};
    const auto room = boost::asio::buffer(drain.thrown_away.get(), std::size_t{kRoom});
    stream.async_read_some(room, std::move(drain));
}

}  // namespace patchbay::http
