// Helpers of this folder's tests: an engine with an empty snapshot, an answer that writes down what
// it is told.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio.hpp>

#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"

namespace patchbay::test {

class EngineFixture {
  public:
    EngineFixture() {
        std::vector<Problem> problems;
        snapshot->plugins = PluginSet::load({}, problems);
        engine.snapshot = snapshot;
    }
    ~EngineFixture() { blocking.join(); }

    boost::asio::io_context io{1};
    Deadlines deadlines{io};
    boost::asio::thread_pool blocking{1};
    Loop loop{io, deadlines, blocking};
    http::Client client{loop, {}};
    Engine engine{.loop = loop, .client = client, .random = std::mt19937_64(1)};
    std::shared_ptr<Snapshot> snapshot = std::make_shared<Snapshot>();
};

class WrittenAnswer final : public Answer {
  public:
    void head(int status, std::span<const http::Header> headers) override {
        lines.push_back("head " + std::to_string(status));
        for (const http::Header& header : headers) {
            lines.push_back("header " + std::string(header.name) + ": " +
                            std::string(header.value));
        }
    }
    void whole(const Restamped& json) override { lines.push_back("whole " + text(json)); }
    void event(std::string_view name, const Restamped& json) override {
        lines.push_back("event " + std::string(name) + text(json));
    }
    void bytes(std::string_view content_type, std::string_view piece) override {
        lines.push_back("bytes " + std::string(content_type) + ":" + std::string(piece));
    }
    bool dirty() const override { return sent < lines.size(); }
    boost::asio::awaitable<bool> flush() override {
        sent = lines.size();
        co_return true;
    }
    bool committed() const override { return sent > 0; }
    void restart() override { lines.clear(); }
    boost::asio::awaitable<void> finish(const Error* error) override {
        lines.push_back(error ? "error " + error->message : "end");
        sent = lines.size();
        co_return;
    }

    std::vector<std::string> lines;
    std::size_t sent = 0;

  private:
    static std::string text(const Restamped& json) {
        std::string whole;
        json.append_to(whole);
        return whole;
    }
};

}  // namespace patchbay::test
