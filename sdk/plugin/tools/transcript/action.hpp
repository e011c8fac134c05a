// What a machine did, and the bay_out that records it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "patchbay/provider.h"
#include "transcript.hpp"

namespace patchbay::transcript {

/// One action. `kind` is the name of the bay_out function; besides there are "upstream" and
/// "shared" (an answer of the transcript was used up here), "fault" (the machine ended itself) and
/// "refused" (an action that was not allowed here).
struct Action {
    std::string kind{};
    std::uint32_t number = 0;      ///< call, timer
    std::uint32_t after_ms = 0;    ///< timer; ttl of shared_put
    std::string key{};             ///< shared key, event name of a chunk, content type of a body
    std::string text{};            ///< JSON or bytes
    boost::json::object fields{};  ///< usage, fail
    std::string method{}, url{};
    std::uint32_t decode = 0, flags = 0;
    Headers headers{};

    friend bool operator==(const Action&, const Action&) = default;
};

/// One line about an action, for messages.
std::string describe(const Action& action);

/// Name of a BAY_ERR_* as transcripts spell it: "rate_limit".
std::string error_class(std::uint32_t cls);

/// Takes the actions of one machine. Not thread-safe. `blob` is blob 0, the client's body, and must
/// outlive this object; `stream`: the client wants a stream. Refuses, as the host does, what is not
/// allowed at the time.
class Recorder {
  public:
    Recorder(std::string_view blob, bool stream);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    bay_out* out() { return &out_; }

    std::vector<Action> actions;
    bool finished = false;
    bool refresh = false;         ///< shared_put is allowed
    std::uint32_t head_of = 0;    ///< call whose 2xx head is being fed, if pass_through is allowed
    bool passed_through = false;  ///< by the last head

  private:
    static Recorder& self(bay_out* out) { return *static_cast<Recorder*>(out->ctx); }
    bay_status record(Action action, bool allowed = true, bool finishes = false);
    bay_status record_http(const bay_http_req& request);

    bay_out out_{};
    std::string_view blob_;
    bool stream_;
    bool answered_ = false;  // chunks or a pass_through were taken
};

}  // namespace patchbay::transcript
