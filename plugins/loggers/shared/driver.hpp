// For tests: drives a logger's machine as the host would, without a network.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "patchbay/sdk.hpp"

namespace patchbay::sink {

/// One exchange of a logger. Also stands for the host: its log, clock and crypto service.
class Driver {
  public:
    struct Given {
        std::string id;
        std::string json;
        bool failed = false;
        std::int64_t unix_ms = 1'700'000'000'000;
    };
    struct Call {
        std::uint32_t number = 0;
        std::string method, url, body;
        std::map<std::string, std::string> headers;
        boost::json::value json() const;  ///< the body; throws if it is no JSON
    };
    struct Failure {
        std::uint32_t cls = 0;
        std::int32_t status = 0;
        std::uint32_t retry_after_ms = 0;
        std::string message;
    };

    /// Lines of the log since the last Driver was made.
    static const std::vector<std::string>& log();
    /// Installs the host that log() reads; for components that are made before a Driver.
    static void install_host();

    explicit Driver(bay::Logger& logger);

    /// Feeds a batch; the status of the machine.
    bay_status batch(const std::vector<Given>& records);
    /// Answers the call with this place in calls().
    bay_status answer(std::size_t call, std::int32_t status, const std::string& body = "{}",
                      const std::map<std::string, std::string>& headers = {});
    /// Ends a call without an answer.
    bay_status broken(std::size_t call, std::uint32_t failure = BAY_FAIL_CONNECT);

    const std::vector<Call>& calls() const { return calls_; }
    bool done() const { return done_; }
    const std::optional<Failure>& failure() const { return failure_; }
    const std::vector<std::uint32_t>& again() const { return again_; }

  private:
    struct Out;
    bay_out table_{};
    std::unique_ptr<bay::Exchange> machine_;
    std::vector<Call> calls_;
    bool done_ = false;
    std::optional<Failure> failure_;
    std::vector<std::uint32_t> again_;
};

/// Reports of a component that is being made: "/pointer: message".
class Reports {
  public:
    Reports();
    bay::Diag& diag() { return diag_; }
    const std::vector<std::string>& errors() const { return errors_; }

  private:
    std::vector<std::string> errors_;
    bay_diag table_{};
    bay::Diag diag_;
};

}  // namespace patchbay::sink
