// Helpers of this folder's tests: fixture plugins as providers, a sink that writes down what it is
// told, a loop with scripted upstreams.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/exchange/exchange.hpp"
#include "engine/http/scripted_server.hpp"
#include "engine/isolation/isolated_plugin.hpp"
#include "engine/plugins/plugin_set.hpp"
#include "engine/plugins/test_support.hpp"

namespace patchbay::test {

namespace asio = boost::asio;
using http::testing::Peer;
using http::testing::ScriptedServer;

/// Collects lines. flush() sends at once, or waits while the gate is shut.
class RecordingSink final : public Sink {
  public:
    explicit RecordingSink(asio::io_context& io) : gate_(io) {}

    void result(std::string_view json, const AnswerFacts&) override {
        lines.push_back("result " + std::string(json));
    }
    void chunk(std::string_view, std::string_view json, const AnswerFacts&) override {
        lines.push_back("chunk " + std::string(json));
        dirty_ = true;
    }
    bool takes_bytes() const override { return wants_bytes; }
    void bytes(std::string_view content_type, std::string_view piece) override {
        lines.push_back("bytes " + std::string(content_type) + ":" + std::string(piece));
        dirty_ = true;
    }
    void usage(const Usage& usage) override { last_usage = usage; }
    bool dirty() const override { return dirty_; }

    asio::awaitable<bool> flush() override {
        dirty_ = false;
        ++flushes;
        flushed = lines.size();
        sending = true;
        if (shut) {
            gate_.expires_at(asio::steady_timer::time_point::max());
            co_await gate_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_await asio::this_coro::throw_if_cancelled(false);
        for (int i = 0; i < turns_to_end; ++i)
            co_await asio::post(gate_.get_executor(), asio::use_awaitable);
        sending = false;
        co_return !gone;
    }
    void open_gate() {
        shut = false;
        gate_.cancel();
    }

    std::vector<std::string> lines;
    std::size_t flushed = 0;  ///< lines that were there at the last flush
    int flushes = 0;
    bool sending = false;
    int turns_to_end = 0;  ///< of the loop, that a flush takes to end once it may
    bool shut = false;
    bool wants_bytes = false;
    bool gone = false;  ///< what flush() tells when it is done
    std::optional<Usage> last_usage;

  private:
    asio::steady_timer gate_;
    bool dirty_ = false;
};

/// The one of this program.
inline const std::shared_ptr<isolation::ForkServer>& fork_server() {
    static const auto server = std::make_shared<isolation::ForkServer>(PATCHBAY_PLUGIN_HOST);
    return server;
}

/// One fixture plugin as a provider.
class FixtureProvider {
  public:
    /// In a process of its own if `isolated`, or if the environment says so of all fixtures.
    explicit FixtureProvider(const std::string& name, bool isolated = false,
                             std::chrono::milliseconds feed_limit = std::chrono::seconds(10)) {
        directory_.add_fixture(name + ".so");
        PluginSetOptions options;
        options.directories = {directory_.path()};
        options.cache_directory = directory_.path() / "copies";
        if (isolated || std::getenv("PATCHBAY_TEST_ISOLATION") != nullptr) {
            std::string id = "org.example." + name;
            std::replace(id.begin(), id.end(), '_', '-');
            options.settings.plugins[id].isolated = true;
            options.make_home = isolation::homes({.fork_server = fork_server()});
            options.settings.feed_budget = feed_limit;
            if (isolated) options.settings.breaker.faults = 0;  // crashes are what is tested
        }
        std::vector<Problem> problems;
        set_ = PluginSet::load(options, problems);
        std::string prefix = name;
        for (char& c : prefix) c = c == '_' ? '-' : c;
        const ProviderRow* row = set_->provider(prefix);
        if (row != nullptr) provider.instance = set_->create_instance(*row, {}, problems);
        provider.shared = std::make_shared<SharedValues>();
        for (const Problem& problem : problems) ADD_FAILURE() << problem.text();
    }
    const ComponentStats& stats() const { return provider.instance->stats(); }

    ComponentInstance provider;

  private:
    TemporaryDirectory directory_;
    std::shared_ptr<PluginSet> set_;
};

/// Runs exchanges of fixtures on one loop.
class ExchangeTest : public testing::Test {
  protected:
    struct Ended {
        std::optional<Error> error;
    };

    ExchangeRequest request(std::string_view base_url, std::string_view model = "m",
                            bool stream = true) {
        ExchangeRequest r;
        r.body = R"({"model":"m","messages":[]})";
        r.base_url = base_url;
        r.model = model;
        r.flags = stream ? static_cast<std::uint32_t>(BAY_REQ_STREAM) : 0;
        return r;
    }
    ExchangeContext context() {
        return {Loop{loop.io, loop.deadlines, loop.blocking}, *loop.client};
    }
    asio::awaitable<Ended> work(const ComponentInstance& provider, ExchangeRequest r, Sink& to) {
        auto failed = co_await run_exchange(context(), provider, r, to);
        co_return Ended{failed.take()};
    }
    /// Runs one exchange to its end; nullopt = it went well.
    std::optional<Error> run(const FixtureProvider& fixture, const ExchangeRequest& r) {
        Ended result = loop.run(work(fixture.provider, r, sink));
        // One in a process of its own may still be told that it is left.
        loop.until([&] { return fixture.stats().in_flight == 0; });
        return std::move(result.error);
    }
    /// Starts one that goes on in the background.
    void start(const FixtureProvider& fixture, const ExchangeRequest& r) {
        asio::co_spawn(
            loop.io, work(fixture.provider, r, sink),
            asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr e, Ended result) {
                thrown = e;
                ended = std::move(result);
            }));
    }

    http::testing::Fixture loop;
    RecordingSink sink{loop.io};
    asio::cancellation_signal cancel;
    std::optional<Ended> ended;
    std::exception_ptr thrown;
};

/// A script that answers every request of a connection with `answer`.
inline ScriptedServer::Script always(std::string answer) {
    return [answer](Peer& peer, int) -> asio::awaitable<void> {
        for (;;) {
            const std::string got = co_await peer.request();
            if (got.empty()) co_return;
            co_await peer.send(answer);
        }
    };
}

inline std::string whole(int status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A stream that ends with the connection.
inline ScriptedServer::Script stream_of(std::string body) {
    return [body](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
    };
}

}  // namespace patchbay::test
