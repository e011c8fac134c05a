// The control plane's server: HTTP on a Unix socket in the state directory, to which the gateway sends what
// is no call. Its threads are its own; what is slow here holds up no call.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "config/secret.hpp"
#include "control/settings.hpp"
#include "store/address.hpp"

namespace patchbay::control {

struct ServiceOptions {
    std::filesystem::path directory;  ///< for the socket; made if it is not there
    patchbay::store::Address store;   ///< empty = there is no database
    Secret hmac_key;                  ///< hides secrets in the audit log
};

/// Controlled from one thread.
class Service {
  public:
    /// Opens the store, binds and serves. On failure the text says why.
    static boost::system::result<std::unique_ptr<Service>, std::string> start(
        const ServiceOptions& options);
    /// Ends the requests under way, then takes the socket away.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// From now on. Any thread.
    void use(Settings settings);
    /// Where the gateway connects; valid in this process. It stays the same.
    const std::string& socket() const;

  private:
    struct Impl;
    explicit Service(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The path of the rows that a request's path fits ("/key/{key}/regenerate"); empty if none does. Any thread.
std::string_view managed_path(std::string_view path);

/// Header by which the gateway tells the client's address; nobody else can reach the socket.
inline constexpr const char* kAddressHeader = "x-patchbay-client-address";

}  // namespace patchbay::control
