// A provider on loopback for the tests of the client library: records requests, plays scripts.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio.hpp>

namespace patchbay::test {

/// One accepted connection, read and written by the thread that serves it.
class Peer {
  public:
    explicit Peer(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    /// A whole request; empty when the other side has closed.
    std::string request() {
        boost::system::error_code ec;
        const auto head =
            boost::asio::read_until(socket_, boost::asio::dynamic_buffer(in_), "\r\n\r\n", ec);
        if (ec) return {};
        std::size_t whole = head;
        if (const auto at = in_.find("Content-Length: "); at < head) {
            whole += std::stoul(in_.substr(at + 16, 20));
        }
        if (in_.size() < whole) {
            boost::asio::read(socket_, boost::asio::dynamic_buffer(in_),
                              boost::asio::transfer_exactly(whole - in_.size()), ec);
        }
        std::string text = in_.substr(0, whole);
        in_.erase(0, whole);
        return text;
    }
    /// False: the other side is gone.
    bool send(std::string_view text) {
        boost::system::error_code ec;
        boost::asio::write(socket_, boost::asio::buffer(text), ec);
        return !ec;
    }
    bool answer(int status, std::string_view json, std::string_view headers = {}) {
        return send("HTTP/1.1 " + std::to_string(status) +
                    " X\r\ncontent-type: application/json\r\n" + std::string(headers) +
                    "content-length: " + std::to_string(json.size()) + "\r\n\r\n" +
                    std::string(json));
    }
    void begin_stream() {
        send(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: "
            "chunked\r\n\r\n");
    }
    bool event(std::string_view data, std::string_view name = {}) {
        std::string text = name.empty() ? "" : "event: " + std::string(name) + "\n";
        text += "data: " + std::string(data) + "\n\n";
        char size[20];
        std::snprintf(size, sizeof size, "%zx\r\n", text.size());
        return send(size + text + "\r\n");
    }
    void end_stream() { send("0\r\n\r\n"); }
    /// Waits until the other side closes.
    void closed() {
        boost::system::error_code ec;
        char bytes[4096];
        while (!ec) socket_.read_some(boost::asio::buffer(bytes), ec);
    }
    void shutdown() {
        boost::system::error_code ignored;
        socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    }

  private:
    boost::asio::ip::tcp::socket socket_;
    std::string in_;
};

/// Plays `script` for each request of each connection, on a thread each.
class LocalUpstream {
  public:
    using Script = std::function<void(Peer&, const std::string& request)>;

    explicit LocalUpstream(Script script)
        : script_(std::move(script)),
          acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
          accepting_([this] { accept(); }) {}
    ~LocalUpstream() {
        stopping_ = true;
        boost::system::error_code ignored;
        boost::asio::ip::tcp::socket last(io_);
        last.connect(acceptor_.local_endpoint(), ignored);
        accepting_.join();
        for (const auto& peer : peers_) peer->shutdown();
        for (std::thread& thread : threads_) thread.join();
    }

    std::string url(std::string_view path = "") const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) +
               std::string(path);
    }
    std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    /// Waits until the scripts have said so many times that the client is gone.
    void wait_gone(int times) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return gone_ >= times; });
    }
    void note_gone() {
        const std::lock_guard lock(mutex_);
        ++gone_;
        changed_.notify_all();
    }

  private:
    void accept() {
        for (;;) {
            auto peer = std::make_shared<Peer>(acceptor_.accept());
            if (stopping_) return;
            peers_.push_back(peer);
            threads_.emplace_back([this, peer] {
                for (std::string text = peer->request(); !text.empty(); text = peer->request()) {
                    {
                        const std::lock_guard lock(mutex_);
                        requests_.push_back(text);
                    }
                    script_(*peer, text);
                }
            });
        }
    }

    Script script_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> requests_;
    int gone_ = 0;
    std::atomic<bool> stopping_{false};
    std::vector<std::shared_ptr<Peer>> peers_;
    std::vector<std::thread> threads_;
    std::thread accepting_;
};

/// A chat's answer that says `text`.
inline std::string chat_answer(std::string_view text) {
    return R"({"id":"c-1","object":"chat.completion","created":1,"model":"m-2024","choices":[)"
           R"({"index":0,"message":{"role":"assistant","content":")" +
           std::string(text) +
           R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";
}

/// A piece of a streamed one.
inline std::string chat_chunk(std::string_view text) {
    return R"({"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m-2024","choices":[)"
           R"({"index":0,"delta":{"content":")" +
           std::string(text) + R"("},"finish_reason":null}]})";
}

/// Answers every chat with 你好, whole or streamed as it was asked.
inline void greet(Peer& peer, const std::string& request) {
    if (request.find("\"stream\":true") == std::string::npos) {
        peer.answer(200, chat_answer("你好"));
        return;
    }
    peer.begin_stream();
    for (const char* word : {"你", "好"}) peer.event(chat_chunk(word));
    peer.event(
        R"({"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m-2024","choices":[)"
        R"({"index":0,"delta":{},"finish_reason":"stop"}]})");
    peer.event("[DONE]");
    peer.end_stream();
}

}  // namespace patchbay::test
