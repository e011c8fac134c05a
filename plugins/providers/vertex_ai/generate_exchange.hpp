// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Google's own API to a Gemini model, or for its count of tokens.
#pragma once

#include "authorized.hpp"
#include "google/generate_pass.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class GenerateExchange : public Authorized {
  public:
    GenerateExchange(const Shared* shared, google::GeneratePass::What what)
        : Authorized(shared), pass_(what, google::GeneratePass::Counted::beside) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        pass_.begin(request, bay::sv(request.target->model));
        if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
        return start(out);
    }
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return pass_.answer().head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return pass_.answer().frame(frame, out);
    }

  private:
    // What the client may say of is the beta's.
    std::string url() override { return deployment().url(pass_.method(), "v1beta1"); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override { return pass_.send(call, out); }
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return pass_.answer().done(done, out);
    }

    google::GeneratePass pass_;
};

}  // namespace patchbay::vertex_ai
