// Sends alerts where the configuration says, on a thread of its own.
//
//     loop -> queue (bounded) -> this thread -> each address: three times at most
//
// An address is one of HTTP, or of a person: mail is handed to the server that the configuration names.
//
// A call leaves what it has to tell and goes on. What finds no room in the queue, and what an address did not take,
// is counted and logged; it is not kept for another day, as an alert that comes late tells nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "config/config.hpp"
#include "engine/alerts/budget_alert.hpp"
#include "engine/http/client.hpp"

namespace patchbay {

/// Whom an alert concerns.
struct Addressees {
    std::string user;               ///< the address of the user that it names; empty: none is known
    std::vector<std::string> told;  ///< addresses that a mail goes to
};

struct AlertOptions {
    http::ClientOptions client;
    /// Called on a thread of the service's, where it may block. An error says, for the log, why nobody is known.
    std::function<boost::system::result<Addressees, std::string>(const BudgetAlert&)> addressees{};
    std::size_t waiting = 1024;  ///< alerts that wait to be sent
    int attempts = 3;            ///< for each address
    std::chrono::milliseconds pause{
        1000};  ///< before the second attempt; twice that before the third
    std::chrono::milliseconds timeout{5000};
    std::chrono::milliseconds drain_time{2000};
};

/// What calls use of it is virtual, so that a program that makes none (the client library) does not have it.
class AlertService {
  public:
    explicit AlertService(AlertOptions options);
    virtual ~AlertService();
    AlertService(const AlertService&) = delete;
    AlertService& operator=(const AlertService&) = delete;

    /// Where alerts go from now on. Starts the thread when there is an address for the first time. One thread.
    void use(const AlertSettings& settings);
    /// Is there an address? Any thread; one load.
    virtual bool wanted() const;
    /// Any thread; never blocks on the network.
    virtual void tell(BudgetAlert alert);
    /// Sends what waits, for drain_time at most, and ends the thread.
    void stop();

    /// Alerts that an address took, and those that were lost. Any thread.
    std::uint64_t sent() const;
    std::uint64_t lost() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay
