#include "engine/http/connection.hpp"

#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include "engine/http/pool.hpp"
#include "engine/http/request_head.hpp"

namespace patchbay::http {

namespace asio = boost::asio;

namespace {

/// Payload of the largest TLS record.
constexpr std::size_t kRecord = 16u << 10;
// What a timeout says that comes while the request is still being sent.
constexpr const char* kNotRead = "the server does not take the request";

}  // namespace

Connection::Connection(Pool& pool, Origin& origin)
    : pool_(&pool),
      origin_(&origin),
      loop_(pool.loop()),
      socket_(loop_.io.get_executor()),
      phase_(loop_.deadlines,
             [this] {
                 fail(FailureKind::timeout, std::string("timed out: ") + phase_name_ + " within " +
                                                std::to_string(phase_limit_.count()) + " ms");
                 wake_later();
             }),
      total_(loop_.deadlines, [this] {
          fail(FailureKind::timeout, "timed out: response not complete within " +
                                         std::to_string(total_limit_.count()) + " ms");
          wake_later();
      }) {}

Connection::~Connection() {
    close();
}

void Connection::limit_total(std::chrono::milliseconds total) {
    total_limit_ = total;
    total_.arm(total);
}

void Connection::arm_phase(std::chrono::milliseconds limit, const char* what) {
    phase_name_ = what;
    phase_limit_ = limit;
    phase_.arm(limit);
}

void Connection::suspend(Waiter waiter) {
    if (auto slot = asio::get_associated_cancellation_slot(waiter); slot.is_connected()) {
        slot.assign([this](asio::cancellation_type) {
            cancelled_ = true;
            fail(FailureKind::aborted, "cancelled");
            wake_later();
        });
    }
    waiter_.emplace(std::move(waiter));
    if (state_ == State::body) forget_request();
}

// An answer that comes bit by bit may take long. One that comes at once leaves the room for the next request.
void Connection::forget_request() {
    if (writing_) return;
    std::string().swap(head_);
    std::vector<asio::const_buffer>().swap(unsent_);
    unsent_at_ = 0;
    parser_.forget_head();
}

void Connection::wake() {
    if (!waiter_) return;
    Waiter waiter = std::move(*waiter_);
    waiter_.reset();
    waiter();
}

// What waits goes along: it holds this connection, which would hold it for ever if the loop ran no more.
void Connection::wake_later() {
    if (!waiter_) return;
    asio::post(loop_.io, [waiter = std::move(*waiter_)]() mutable { waiter(); });
    waiter_.reset();
}

void Connection::fail(FailureKind kind, std::string text) {
    if (!failure_) failure_ = Failure{kind, std::move(text)};
    close();
}

void Connection::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    phase_.disarm();
    total_.disarm();
    unsent_.clear();
    if (tls_) leave_session(tls_->native_handle());
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (pool_ != nullptr) pool_->forget(*this);
}

void Connection::orphan() {
    fail(FailureKind::aborted, "the client was closed");
    wake_later();
    pool_ = nullptr;
    origin_ = nullptr;
}

void Connection::release() {
    if (state_ == State::closed) return;
    if (state_ != State::body || !parser_.reusable() || write_failed_ || writing_) return close();
    phase_.disarm();
    total_.disarm();
    state_ = State::idle;
    pool_->put(*this);
    if (state_ == State::idle) start_read();
}

void Connection::send(const Request& request) {
    timeouts_ = request.timeouts;
    answered_ = sent_ = false;
    head_.clear();
    unsent_.clear();
    unsent_at_ = 0;
    const bool to_proxy = origin_->proxy && !origin_->tls;
    if (!append_request_head(request, to_proxy ? TargetForm::absolute : TargetForm::origin,
                             to_proxy ? origin_->proxy->authorization : std::string_view(),
                             head_)) {
        return fail(FailureKind::framing,
                    "request has a method, target or header that HTTP cannot carry");
    }
    if (!tls_) unsent_.push_back(asio::buffer(head_));
    for (const auto& piece : request.body) {
        if (!piece.empty()) unsent_.emplace_back(piece.data(), piece.size());
    }
    parser_.reset(request.method == "HEAD");
    state_ = State::head;
    if (tls_) {
        write_record();
    } else {
        write();
    }
    if (!reading_ && state_ == State::head) start_read();
}

// A failed write is not the end: the server may have answered before it closed. What the read
// brings decides.
void Connection::write() {
    while (unsent_at_ != unsent_.size()) {
        boost::system::error_code ec;
        const std::span<const asio::const_buffer> rest(
            unsent_.begin() + static_cast<std::ptrdiff_t>(unsent_at_), unsent_.end());
        std::size_t size = socket_.write_some(rest, ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again) {
            writing_ = true;
            if (timeouts_.first_byte.count() > 0) arm_phase(timeouts_.first_byte, kNotRead);
            socket_.async_wait(Socket::wait_write,
                               [self = shared_from_this()](const boost::system::error_code&) {
                                   self->writing_ = false;
                                   if (self->state_ == State::head) self->write();
                               });
            return;
        }
        if (ec) return stop_writing();
        sent_ = true;
        while (size != 0) {
            asio::const_buffer& first = unsent_[unsent_at_];
            const std::size_t taken = std::min(size, first.size());
            first += taken;
            size -= taken;
            if (first.size() == 0) ++unsent_at_;
        }
    }
    wrote_all();
}

// head_ holds the request's head at first. The copy makes small requests one record and keeps no
// view of the body in a pending write.
void Connection::write_record() {
    while (unsent_at_ != unsent_.size() && head_.size() < kRecord) {
        asio::const_buffer& first = unsent_[unsent_at_];
        const std::size_t taken = std::min(kRecord - head_.size(), first.size());
        head_.append(static_cast<const char*>(first.data()), taken);
        first += taken;
        if (first.size() == 0) ++unsent_at_;
    }
    if (head_.empty()) return wrote_all();
    writing_ = true;
    sent_ = true;
    if (timeouts_.first_byte.count() > 0) arm_phase(timeouts_.first_byte, kNotRead);
    asio::async_write(
        *tls_, asio::buffer(head_),
        [self = shared_from_this()](const boost::system::error_code& ec, std::size_t) {
            self->writing_ = false;
            if (self->state_ != State::head) return;
            if (ec) return self->stop_writing();
            self->head_.clear();
            self->write_record();
        });
}

void Connection::wrote_all() {
    unsent_.clear();
    unsent_at_ = 0;
    if (timeouts_.first_byte.count() > 0) arm_phase(timeouts_.first_byte, "no response head");
}

void Connection::stop_writing() {
    write_failed_ = true;
    unsent_.clear();
    unsent_at_ = 0;
}

void Connection::start_read() {
    const asio::mutable_buffer room = parser_.space();
    if (room.size() == 0) {
        return state_ == State::head
                   ? fail(FailureKind::limit, "header section of the response is too large")
                   : fail(FailureKind::framing, "chunk header or trailer section is too large");
    }
    reading_ = true;
    auto handler = [self = shared_from_this()](const boost::system::error_code& ec,
                                               std::size_t size) { self->on_read(ec, size); };
    if (tls_) {
        tls_->async_read_some(room, std::move(handler));
    } else {
        socket_.async_read_some(room, std::move(handler));
    }
}

void Connection::on_read(const boost::system::error_code& ec, std::size_t size) {
    reading_ = false;
    if (state_ == State::closed) return;
    // The server closed an idle connection, or sent what no request asked for.
    if (state_ == State::idle) return close();
    parser_.commit(size);
    if (size != 0) answered_ = true;
    if (ec) {
        fail_read(ec);
    } else if (state_ == State::head) {
        parse_head();
    }
    if (settled()) {
        phase_.disarm();
        wake();
    }
}

void Connection::fail_read(const boost::system::error_code& ec) {
    if (ec == asio::error::eof) {
        if (parser_.finish() == ResponseParser::Status::failed) {
            const Failure& failure = parser_.failure();
            fail(failure.kind, failure.text);
        }
        return;
    }
    fail(FailureKind::reset, (ec == asio::ssl::error::stream_truncated
                                  ? std::string("TLS connection cut within the response")
                                  : "connection failed: " + ec.message()));
}

void Connection::parse_head() {
    switch (parser_.parse_head()) {
        case ResponseParser::Status::need_more:
            return start_read();
        case ResponseParser::Status::failed:
            return fail(parser_.failure().kind, parser_.failure().text);
        case ResponseParser::Status::ready:
            // An answer before the request was whole: the rest will not be sent.
            if (writing_ || !unsent_.empty()) stop_writing();
            state_ = State::body;
    }
}

bool Connection::advance() {
    while (!failure_) {
        switch (parser_.parse_body()) {
            case ResponseParser::Status::ready:
                return true;
            case ResponseParser::Status::failed:
                fail(parser_.failure().kind, parser_.failure().text);
                return true;
            case ResponseParser::Status::need_more:
                break;
        }
        if (reading_) return false;
        // Where much is flowing the next bytes are probably there; Asio would post the completion.
        if (!tls_ && parser_.filled()) {
            const asio::mutable_buffer room = parser_.space();
            boost::system::error_code ec;
            const std::size_t size = room.size() == 0 ? 0 : socket_.read_some(room, ec);
            if (ec && ec != asio::error::would_block && ec != asio::error::try_again) {
                fail_read(ec);
                continue;
            }
            parser_.commit(size);
            if (size != 0) continue;
        }
        if (timeouts_.idle.count() > 0) arm_phase(timeouts_.idle, "no data of the body");
        start_read();
        return failure_.has_value();
    }
    return true;
}

}  // namespace patchbay::http
