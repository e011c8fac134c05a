// Fetches a session for everybody who waits for it: from STS, a container or the machine.
#pragma once

#include <string>

#include "credentials.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::aws {

/// Calls one after another: the keys of the machine's identity if they are needed (a container's
/// endpoint, or instance metadata by IMDSv2: a token, the name of the role, its keys), then the role's.
/// [exchange]
class SessionExchange : public bay::Exchange {
  public:
    SessionExchange(const bay::Crypto& crypto, const MachineIdentity& machine)
        : crypto_(crypto), machine_(machine) {}

    /// To be called in on_refresh() with the credentials of the deployment that asked.
    bay_status fetch(const Result<Credentials>& credentials, bay::Out out);
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    enum class Step { container, metadata_token, metadata_role, metadata_keys, role };

    bay_status ask_metadata(Step step, std::string_view path, bay::Out out);
    /// The machine's keys are there: what comes behind them.
    bay_status have_machine(const Result<EndingSession>& fetched, bay::Out out);
    bay_status ask_role(const Session& by, bay::Out out);
    bay_status share(const Result<EndingSession>& fetched, bay::Out out);
    bay_status send(bay::HttpRequest& call, Step step, bay::Out out);

    const bay::Crypto& crypto_;
    const MachineIdentity& machine_;
    Credentials credentials_;
    Step step_ = Step::role;
    std::string metadata_token_;
    std::string metadata_role_;
    std::uint32_t calls_ = 0;
};

}  // namespace patchbay::aws
