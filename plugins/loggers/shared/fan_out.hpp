// The state machine of a sink that takes one record per call.
//
// An exchange may make 64 calls. A batch of more records is refused as too large, which makes the
// host halve it; no call is made for nothing. As soon as the sink says "not now", no further call
// is made: what was not sent comes again with what was not taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "patchbay/sdk.hpp"
#include "shared/outcome.hpp"
#include "shared/payload.hpp"
#include "shared/settings.hpp"

namespace patchbay::sink {

/// A machine of this kind says what to send for a record.
class FanOut : public bay::Exchange {
  public:
    static constexpr std::size_t kMaxRecords = 64;  ///< http() calls of one exchange
    static constexpr std::size_t kAtOnce = 8;       ///< calls under way

    bay_status on_batch(const bay_ev_batch& batch, bay::Out out) final;
    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) final;

  protected:
    struct Call {
        std::string url;
        Headers headers;  ///< besides the content type, which is JSON
        std::string body;
    };
    /// Nothing for a record that the sink does not want.
    virtual std::optional<Call> call_of(const Record& record) = 0;

  private:
    struct Prepared {
        std::uint32_t index = 0;
        Call call;
    };
    bay_status go_on(bay::Out out);

    std::vector<Prepared> calls_;
    std::size_t next_ = 0;
    std::size_t under_way_ = 0;
    std::optional<Refusal> stopped_;
    Tally tally_;
};

}  // namespace patchbay::sink
