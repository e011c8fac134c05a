// SPDX-License-Identifier: Apache-2.0
// A machine whose one call sends JSON and whose answer is read whole.
#pragma once

#include <string>
#include <string_view>

#include "authorized.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class WholeExchange : public Authorized {
  public:
    using Authorized::Authorized;

  protected:
    /// Tells the host what a 2xx answer says.
    virtual bay_status tell(std::string_view answer, bay::Out out) = 0;
    /// The end of tell() for an answer that is none.
    bay_status tell_failure(google::Failure failure, bay::Out out) const;

    // Set before start().
    std::string address_, body_;

  private:
    std::string url() final { return address_; }
    bay_status send(bay::HttpRequest& call, bay::Out out) final;
    bay_status ended(const bay_ev_http& done, bay::Out out) final;

    int status_ = 0;
};

}  // namespace patchbay::vertex_ai
