// One event loop of the data plane: its thread, its listener, its connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <unordered_map>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/http/client.hpp"
#include "engine/loop.hpp"
#include "gateway/connection.hpp"
#include "gateway/loop_places.hpp"
#include "gateway/server_context.hpp"

namespace patchbay::gateway {

class Worker final : public Handler {
  public:
    Worker(boost::asio::thread_pool& blocking, Admission& admission,
           http::ClientOptions client_options, ConnectionLimits limits);
    ~Worker() override;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Binds; before run(). Port 0 takes a free one. Throws boost::system::system_error.
    std::uint16_t listen(const boost::asio::ip::tcp::endpoint& endpoint);
    void set_all_metrics(std::span<const WorkerMetrics* const> all) { server_.all_metrics = all; }
    /// Before start(): where finished calls are written, and the number of this worker there.
    void set_logs(LogService* logs, std::size_t index) {
        server_.engine.logs = logs;
        server_.engine.index = index;
    }
    /// Before start(): the ring of this worker, and the books it belongs to; null: none are kept.
    void set_ledger(LedgerRing* ring, const LedgerService* ledger) {
        server_.engine.ledger = ring;
        server_.ledger = ledger;
    }
    /// Before start(): who tells of budgets; nullptr: nobody.
    void set_alerts(AlertService* alerts) { server_.engine.alerts = alerts; }
    /// Before start(): where responses are kept that clients name again; nullptr: nowhere.
    void set_kept(KeptResponses* kept) { server_.engine.kept = kept; }
    /// Before start(): where answers are kept for other calls; nullptr: nowhere.
    void set_cache(ResponseCache* cache) { server_.engine.cache = cache; }
    /// Before start(): who checks deployments in the background, and shares their state; null: nobody.
    void set_background(const HealthProber* health, const StateSync* shared) {
        server_.health = health;
        server_.shared = shared;
    }
    /// Before start(): null: there are no virtual keys; nor customers and tags, which go with them.
    void set_keys(access::Keyring* keys, access::PartyBook* parties) {
        if (keys) server_.keys.emplace(*keys, io_);
        if (!keys || !parties) return;
        server_.parties.emplace(*parties, *keys, io_);
        server_.engine.parties = &*server_.parties;
    }
    /// Before start().
    void set_control(PluginControl* control) { server_.control = control; }
    /// Before start().
    void set_plane(ControlPlane plane) { server_.plane = std::move(plane); }
    void set_cors(Cors cors) { server_.cors = std::move(cors); }
    /// Before start(). Null: requests are not logged.
    void set_request_log(RequestLog* log) { server_.lines = RequestLines(log); }
    const WorkerMetrics& metrics() const { return server_.engine.metrics; }

    /// Any thread: the next requests of this worker run in this snapshot.
    void use(std::shared_ptr<const Snapshot> snapshot);
    /// Starts the thread; needs a snapshot.
    void start();
    /// Any thread, once Admission says that it drains: realtime sessions are told to leave.
    void start_draining();
    /// Any thread: stops accepting, closes everything, ends the thread; calls that plugins make to
    /// cancel what was cut off have two seconds.
    void stop();
    void join();

  private:
    boost::asio::awaitable<void> handle(Connection& connection, Request& request) override;
    std::optional<Error> check_head(Request& request) override;
    boost::asio::awaitable<void> find_key(Request& request);
    std::string_view managed_route(const Request& request) const;
    ErrorAnswer refusing(Connection& connection, Request& request, const Error& error) override;
    void abandoned(Connection& connection, const Request& request, int status,
                   std::string_view why) override;
    void request_began() override { server_.admission.begin_request(); }
    void request_ended() override { server_.admission.end_request(); }
    void connection_closed(Connection& connection) override;
    void stop_when_left();
    void accept();
    void accepted(boost::system::error_code ec, Connection::Socket socket);

    boost::asio::io_context io_;
    Deadlines deadlines_;
    http::Client client_;
    ServerContext server_;
    LoopPlaces places_{server_.engine.metrics.load};
    ConnectionLimits limits_;
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>
        acceptor_;
    boost::asio::steady_timer pause_;
    std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
    std::uint64_t next_serial_ = 1;
    std::chrono::steady_clock::time_point told_full_{};
    std::size_t calls_ = 0;  ///< handle() under way
    std::thread thread_;
};

}  // namespace patchbay::gateway
