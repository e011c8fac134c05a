// The data plane: a worker per core, all listening on one address.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "gateway/admission.hpp"
#include "gateway/worker.hpp"

namespace patchbay::gateway {

struct ServerOptions {
    std::string host = "0.0.0.0";
    std::uint16_t port = 4000;  ///< 0 = any free one
    int workers = 1;
    Admission::Bounds bounds;
    ConnectionLimits limits;
    http::ClientOptions client;
    Cors cors;
    ControlPlane plane;                    ///< where management requests go
    LogService* logs = nullptr;            ///< must outlive the server
    LedgerService* ledger = nullptr;       ///< must outlive the server; null = no books are kept
    access::Keyring* keys = nullptr;       ///< must outlive the server; null = no virtual keys
    access::PartyBook* parties = nullptr;  ///< likewise, with `keys`; null = no customers and tags
    AlertService* alerts = nullptr;  ///< must outlive the server; null = nobody is told of budgets
    KeptResponses* kept = nullptr;   ///< must outlive the server; null = none are kept
    ResponseCache* cache = nullptr;  ///< must outlive the server; null = none are kept for others
    HealthProber* health = nullptr;  ///< must outlive the server; null = nothing is checked
    StateSync* shared = nullptr;     ///< must outlive the server; null = no state is shared
    RequestLog* request_log = nullptr;  ///< must outlive the server; null = requests are not logged
    PluginControl* control = nullptr;   ///< outlives the server; null = no commands are taken
};

/// Control from one thread; serves on its own.
class Server {
  public:
    explicit Server(ServerOptions options);
    ~Server();

    /// Binds and starts. Throws boost::system::system_error if the address cannot be had.
    void start(std::shared_ptr<const Snapshot> snapshot);
    std::uint16_t port() const { return port_; }

    /// Requests from now on run in this snapshot; those under way finish in theirs.
    void use(std::shared_ptr<const Snapshot> snapshot);

    /// Readiness turns to 503; requests are still served, each on a connection that then closes.
    /// Realtime sessions are closed with 1001.
    void start_draining();
    /// Requests that have begun to arrive and are not answered.
    std::int64_t under_way() const { return admission_.under_way(); }

    /// Closes everything, whatever is under way.
    void stop();

  private:
    void use_in_background(const std::shared_ptr<const Snapshot>& snapshot);

    ServerOptions options_;
    Admission admission_;
    boost::asio::thread_pool blocking_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<const WorkerMetrics*> metrics_;
    std::uint16_t port_ = 0;
};

}  // namespace patchbay::gateway
