#include "engine/http/byte_stream.hpp"

#include <optional>

#include "engine/http/connection.hpp"

namespace patchbay::http {

namespace asio = boost::asio;

struct ByteStream::State {
    explicit State(Loop the_loop)
        : loop(the_loop), lingering(loop.deadlines, [this] { close(); }) {}
    ~State() { close(); }

    void close() {
        lingering.disarm();
        boost::system::error_code ignored;
        if (connection) {
            connection->close();
        } else if (own) {
            own->close(ignored);
        }
    }

    Loop loop;
    std::shared_ptr<Connection> connection;
    std::optional<Socket> own;
    std::string ahead;
    std::size_t ahead_at = 0;
    Deadline lingering;
};

ByteStream::ByteStream(Loop loop, std::shared_ptr<Connection> connection)
    : state_(std::make_unique<State>(loop)) {
    state_->connection = std::move(connection);
}

ByteStream::ByteStream(Loop loop, Socket socket, std::string ahead)
    : state_(std::make_unique<State>(loop)) {
    state_->own.emplace(std::move(socket));
    state_->ahead = std::move(ahead);
}

ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream::~ByteStream() = default;

ByteStream::executor_type ByteStream::get_executor() const {
    return state_->loop.io.get_executor();
}

Socket& ByteStream::socket() {
    return state_->connection ? state_->connection->socket_ : *state_->own;
}

asio::ssl::stream<Socket&>* ByteStream::tls() {
    return state_->connection ? state_->connection->tls_.get() : nullptr;
}

std::size_t ByteStream::take_ahead(asio::mutable_buffer to) {
    if (state_->ahead.empty()) return 0;
    const std::size_t size = asio::buffer_copy(to, asio::buffer(state_->ahead) + state_->ahead_at);
    state_->ahead_at += size;
    if (state_->ahead_at == state_->ahead.size()) {
        state_->ahead.clear();
        state_->ahead_at = 0;
    }
    return size;
}

void ByteStream::close() {
    state_->close();
}

void ByteStream::linger() {
    boost::system::error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
    state_->lingering.arm(kLinger);
}

void beast_close_socket(ByteStream& stream) {
    stream.close();
}

// Beast's synchronous operations are not used.
void teardown(boost::beast::role_type, ByteStream& stream, boost::system::error_code& ec) {
    stream.close();
    ec = {};
}

}  // namespace patchbay::http
