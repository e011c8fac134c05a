// The machine of one realtime session with a provider that speaks OpenAI's realtime API.
//
//     REQUEST -> ws_open -> WS_OPEN -> want(CLIENT_FRAMES) -> frames both ways -> a close -> done()
//
// Frames are relayed as they are; only the usage of "response.done" events is read.
#pragma once

#include <string>

#include "dialect.hpp"
#include "oauth/access.hpp"
#include "patchbay/sdk/machine.hpp"
#include "upstream.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's).
class RealtimeExchange : public bay::Exchange {
  public:
    explicit RealtimeExchange(const Dialect& dialect) : dialect_(dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override;
    bay_status on_ws_open(const bay_ev_ws& event, bay::Out out) override;
    bay_status on_ws_frame(const bay_ev_ws& frame, bay::Out out) override;
    bay_status on_ws_close(const bay_ev_ws& end, bay::Out out) override;
    bay_status on_client_frame(const bay_ev_ws& frame, bay::Out out) override;
    bay_status on_client_close(const bay_ev_ws& end, bay::Out out) override;

  private:
    bay_status open(bay::Out out);
    bay_status read_usage(std::string_view frame, bay::Out out);

    const Dialect& dialect_;
    std::string url_;
    Headers headers_;
    shared::Access access_;     ///< of a site
    std::uint32_t opened_ = 0;  ///< number of the call to the provider
    bool accepted_ = false;
    bay_usage usage_{};  ///< of all responses so far
};

}  // namespace patchbay::openai
