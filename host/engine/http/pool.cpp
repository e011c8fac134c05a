#include "engine/http/pool.hpp"

#include <algorithm>
#include <utility>

#include "engine/coarse_clock.hpp"

namespace patchbay::http {

Pool::Pool(Loop loop, ClientOptions options)
    : loop_(loop),
      options_(std::move(options)),
      resolver_(loop, options_.dns_ttl),
      tls_(options_.ca_file),
      sweeper_(loop.io) {}

Pool::~Pool() {
    shut_down();
}

std::optional<Proxy> Pool::route(const Url& url, std::string& error) const {
    const std::string& setting = url.tls ? options_.https_proxy : options_.http_proxy;
    if (setting.empty() || bypasses_proxy(url.host, url.port, options_.no_proxy)) {
        return std::nullopt;
    }
    auto proxy = parse_proxy(setting);
    if (!proxy) {
        error = url.tls ? "https_proxy is not a usable http:// URL"
                        : "http_proxy is not a usable http:// URL";
    }
    return proxy;
}

Origin& Pool::origin(const Url& url, bool verify_tls, Reach reach) {
    key_.clear();
    key_.push_back(static_cast<char>((url.tls ? 1 : 0) | (url.tls && verify_tls ? 2 : 0) |
                                     (reach == Reach::public_only ? 4 : 0)));
    key_.push_back(static_cast<char>(url.port & 0xff));
    key_.push_back(static_cast<char>(url.port >> 8));
    key_.append(url.host);
    if (const auto found = origins_.find(key_); found != origins_.end()) return *found->second;
    if (origins_.size() >= kMaxOrigins) evict_origins();
    auto origin = std::make_unique<Origin>();
    origin->host = url.host;
    origin->port = url.port;
    origin->tls = url.tls;
    origin->verify = verify_tls;
    origin->reach = reach;
    origin->proxy = route(url, origin->unreachable);
    return *origins_.emplace(key_, std::move(origin)).first->second;
}

void Pool::close_idle(Origin& origin) {
    while (!origin.idle.empty()) {
        const auto connection = origin.idle.back();
        connection->close();
    }
}

void Pool::evict_origins() {
    for (auto& entry : origins_) close_idle(*entry.second);
    std::erase_if(origins_, [](const auto& entry) { return entry.second->connections == 0; });
}

std::shared_ptr<Connection> Pool::take(Origin& origin) {
    if (origin.idle.empty()) return nullptr;
    if (options_.idle_timeout > std::chrono::milliseconds::zero() &&
        origin.idle.back()->idle_since_ + options_.idle_timeout <= coarse_now()) {
        close_idle(origin);
        return nullptr;
    }
    auto connection = std::move(origin.idle.back());
    origin.idle.pop_back();
    --idle_;
    return connection;
}

std::shared_ptr<Connection> Pool::create(Origin& origin) {
    auto connection = std::make_shared<Connection>(*this, origin);
    connection->counted_ = true;
    all_.push_back(*connection);
    ++origin.connections;
    ++open_;
    return connection;
}

void Pool::put(Connection& connection) {
    Origin& origin = *connection.origin_;
    if (options_.idle_per_origin == 0) return connection.close();
    while (origin.idle.size() >= options_.idle_per_origin) {
        const auto oldest = origin.idle.front();
        oldest->close();
    }
    connection.idle_since_ = coarse_now();
    origin.idle.push_back(connection.shared_from_this());
    ++idle_;
    if (!sweeping_) arm_sweep();
}

void Pool::forget(Connection& connection) {
    if (!std::exchange(connection.counted_, false)) return;
    Origin& origin = *connection.origin_;
    const auto found = std::find_if(origin.idle.begin(), origin.idle.end(),
                                    [&](const auto& idle) { return idle.get() == &connection; });
    if (found != origin.idle.end()) {
        origin.idle.erase(found);
        --idle_;
    }
    --origin.connections;
    --open_;
}

void Pool::arm_sweep() {
    if (options_.idle_timeout <= std::chrono::milliseconds::zero()) return;
    sweeping_ = true;
    sweeper_.expires_after(options_.idle_timeout / 2 + std::chrono::milliseconds(1));
    sweeper_.async_wait([this, alive = std::weak_ptr<void>(life_)](boost::system::error_code) {
        if (!alive.expired()) sweep();
    });
}

void Pool::sweep() {
    sweeping_ = false;
    const auto oldest = coarse_now() - options_.idle_timeout;
    for (auto& entry : origins_) {
        auto& idle = entry.second->idle;
        while (!idle.empty() && idle.front()->idle_since_ <= oldest) {
            const auto connection = idle.front();
            connection->close();
        }
    }
    if (idle_ != 0) arm_sweep();
}

void Pool::shut_down() {
    life_.reset();
    sweeper_.cancel();
    while (!all_.empty()) {
        const auto connection = all_.front().shared_from_this();
        connection->unlink();
        connection->orphan();
    }
}

}  // namespace patchbay::http
