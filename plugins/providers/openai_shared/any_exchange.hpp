// The machine of one request, whatever its operation: what that is shows only in the first event.
#pragma once

#include <memory>

#include "dialect.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's).
class AnyExchange : public bay::Exchange {
  public:
    explicit AnyExchange(const Dialect& dialect) : dialect_(dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& e, bay::Out out) override {
        return machine_->on_http_head(e, out);
    }
    bay_status on_http_frame(const bay_ev_http& e, bay::Out out) override {
        return machine_->on_http_frame(e, out);
    }
    bay_status on_http_done(const bay_ev_http& e, bay::Out out) override {
        return machine_->on_http_done(e, out);
    }
    bay_status on_ws_open(const bay_ev_ws& e, bay::Out out) override {
        return machine_->on_ws_open(e, out);
    }
    bay_status on_ws_frame(const bay_ev_ws& e, bay::Out out) override {
        return machine_->on_ws_frame(e, out);
    }
    bay_status on_ws_close(const bay_ev_ws& e, bay::Out out) override {
        return machine_->on_ws_close(e, out);
    }
    bay_status on_client_frame(const bay_ev_ws& e, bay::Out out) override {
        return machine_->on_client_frame(e, out);
    }
    bay_status on_client_close(const bay_ev_ws& e, bay::Out out) override {
        return machine_->on_client_close(e, out);
    }

  private:
    const Dialect& dialect_;
    std::unique_ptr<bay::Exchange> machine_;  ///< set by the first event
};

}  // namespace patchbay::openai
