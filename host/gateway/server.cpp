#include "gateway/server.hpp"

#include <boost/asio/ip/address.hpp>

#include "engine/access/key_terms.hpp"
#include "engine/access/party_terms.hpp"
#include "engine/alerts/alert_service.hpp"
#include "engine/health/prober.hpp"
#include "engine/ledger/ledger_service.hpp"
#include "engine/shared/state_sync.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// getaddrinfo and the like; a handful is plenty, for answers are cached.
constexpr std::size_t kBlockingThreads = 4;

tcp::endpoint resolve(const std::string& host, std::uint16_t port) {
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (!ec) return {address, port};
    asio::io_context io;
    return tcp::resolver(io)
        .resolve(host, std::to_string(port), tcp::resolver::passive)
        .begin()
        ->endpoint();
}

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)), admission_(options_.bounds), blocking_(kBlockingThreads) {}

Server::~Server() {
    stop();
}

namespace {

// SO_REUSEPORT, which lets the workers share a port, would also let a second gateway take half of
// the connections without a word. So the port is first bound without it.
void require_free(const tcp::endpoint& endpoint) {
    asio::io_context io;
    tcp::acceptor probe(io, endpoint.protocol());
    probe.set_option(asio::socket_base::reuse_address(true));
    probe.bind(endpoint);
}

}  // namespace

void Server::start(std::shared_ptr<const Snapshot> snapshot) {
    port_ = options_.port;
    if (options_.logs) options_.logs->use(snapshot);
    if (port_ != 0) require_free(resolve(options_.host, port_));
    for (int i = 0; i < options_.workers; ++i) {
        auto worker =
            std::make_unique<Worker>(blocking_, admission_, options_.client, options_.limits);
        port_ = worker->listen(resolve(options_.host, port_));
        metrics_.push_back(&worker->metrics());
        workers_.push_back(std::move(worker));
    }
    if (options_.logs) metrics_.push_back(&options_.logs->metrics());
    if (options_.health) metrics_.push_back(&options_.health->metrics());
    std::size_t index = 0;
    for (auto& worker : workers_) {
        worker->set_all_metrics(metrics_);
        worker->set_logs(options_.logs, index++);
        if (options_.ledger) {
            worker->set_ledger(&options_.ledger->ring(index - 1), options_.ledger);
        }
        worker->set_keys(options_.keys, options_.parties);
        worker->set_alerts(options_.alerts);
        worker->set_kept(options_.kept);
        worker->set_cache(options_.cache);
        worker->set_background(options_.health, options_.shared);
        worker->set_control(options_.control);
        worker->set_cors(options_.cors);
        worker->set_plane(options_.plane);
        worker->set_request_log(options_.request_log);
        worker->use(snapshot);
        worker->start();
    }
    use_in_background(snapshot);
}

void Server::use_in_background(const std::shared_ptr<const Snapshot>& snapshot) {
    if (options_.health) options_.health->use(snapshot);
    if (options_.shared) options_.shared->use(snapshot);
}

void Server::use(std::shared_ptr<const Snapshot> snapshot) {
    if (options_.logs) options_.logs->use(snapshot);
    if (options_.parties) {
        options_.parties->use(access::party_terms(snapshot->config.litellm));
    }
    if (options_.keys) options_.keys->use(access::key_terms(snapshot->config));
    if (options_.alerts) options_.alerts->use(snapshot->config.general.alerts);
    for (auto& worker : workers_) worker->use(snapshot);
    use_in_background(snapshot);
}

void Server::start_draining() {
    admission_.start_draining();
    for (auto& worker : workers_) worker->start_draining();
}

void Server::stop() {
    for (auto& worker : workers_) worker->stop();
    for (auto& worker : workers_) worker->join();
    blocking_.join();                          // its jobs post to the workers' loops
    if (options_.keys) options_.keys->stop();  // likewise
    if (options_.parties) options_.parties->stop();
    workers_.clear();
    metrics_.clear();
}

}  // namespace patchbay::gateway
