// The connections of one client: idle ones by origin, and all that are open.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include "engine/http/client.hpp"
#include "engine/http/connection.hpp"
#include "engine/http/proxy.hpp"
#include "engine/http/resolver.hpp"
#include "engine/http/tls.hpp"

namespace patchbay::http {

/// Where connections with the same scheme, host, port, verification and reach go, and by which proxy: what
/// they have in common.
struct Origin {
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;
    bool verify = true;
    Reach reach = Reach::everywhere;
    std::optional<Proxy> proxy;
    std::string
        unreachable;  ///< why nothing can be sent there (an unusable proxy setting), else empty
    TlsSession session;
    std::vector<std::shared_ptr<Connection>> idle;  ///< the last used at the back
    std::size_t connections = 0;                    ///< open ones, idle or not
};

/// Used on the loop's thread only.
class Pool {
  public:
    static constexpr std::size_t kMaxOrigins = 1024;

    Pool(Loop loop, ClientOptions options);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Lives while the origin has connections, and until the next call.
    Origin& origin(const Url& url, bool verify_tls, Reach reach = Reach::everywhere);

    /// The idle connection that was used last; null if there is none.
    std::shared_ptr<Connection> take(Origin& origin);
    /// A connection that is still to be opened.
    std::shared_ptr<Connection> create(Origin& origin);
    /// Closes every connection; exchanges under way fail as `aborted`. Only destruction may follow.
    void shut_down();

    std::size_t idle() const { return idle_; }
    std::size_t in_use() const { return open_ - idle_; }

    Loop loop() const { return loop_; }
    Resolver& resolver() { return resolver_; }
    TlsContexts& tls() { return tls_; }

  private:
    friend class Connection;
    using Clock = std::chrono::steady_clock;
    using Connections =
        boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

    void put(Connection& connection);     // becomes idle
    void forget(Connection& connection);  // was closed
    void close_idle(Origin& origin);
    void evict_origins();
    void arm_sweep();
    void sweep();
    std::optional<Proxy> route(const Url& url, std::string& error) const;

    Loop loop_;
    ClientOptions options_;
    Resolver resolver_;
    TlsContexts tls_;
    std::unordered_map<std::string, std::unique_ptr<Origin>> origins_;
    std::string key_;  // scratch of origin()
    Connections all_;
    std::size_t idle_ = 0;
    std::size_t open_ = 0;
    boost::asio::steady_timer sweeper_;
    bool sweeping_ = false;
    std::shared_ptr<void> life_ =
        std::make_shared<char>();  // a queued sweep must see the pool's end
};

/// Holds a connection for one exchange and releases it at the end.
class Lease {
  public:
    Lease() = default;
    explicit Lease(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept {
        reset();
        connection_ = std::move(other.connection_);
        return *this;
    }
    ~Lease() { reset(); }

    Connection* operator->() const { return connection_.get(); }
    explicit operator bool() const { return connection_ != nullptr; }
    void reset() {
        if (const auto connection = std::move(connection_)) connection->release();
    }

  private:
    std::shared_ptr<Connection> connection_;
};

}  // namespace patchbay::http
