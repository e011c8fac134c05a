// The bay_out of the player: records what a machine does.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "action.hpp"
#include "contract/actions/verdict.hpp"
#include "patchbay/guardrail.h"

namespace patchbay::transcript {

/// What a guardrail is asked, as far as it bounds the answer.
struct Question {
    bool may_hold = false;           ///< a window of a stream, but not the last
    bool stream = false;             ///< a window
    std::vector<std::string> paths;  ///< of the texts
};

/// Takes the actions of one machine. Not thread-safe. `blob` is blob 0, the client's body, and must
/// outlive this object; `stream`: the client wants a stream. Refuses, as the host does, what is not
/// allowed at the time.
class Recorder {
  public:
    Recorder(Kind kind, std::string_view blob, bool stream);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    bay_out* out() { return &out_; }

    /// A question to a guardrail; the verdict before is gone. `idle`: no call is under way, so
    /// their numbers may be used again.
    void ask(Question question, bool idle);
    /// True while a question has no verdict.
    bool owes_verdict() const { return question_ && !verdict; }

    std::vector<Action> actions;
    bool finished = false;
    bool refresh = false;         ///< shared_put is allowed
    std::uint32_t head_of = 0;    ///< call whose 2xx head is being fed, if pass_through is allowed
    bool passed_through = false;  ///< by the last head
    bool cancelled = false;       ///< CANCEL was fed: detached calls only
    std::uint32_t wanted = 0;     ///< BAY_WANT_*
    std::size_t records = 0;      ///< of the batch
    std::optional<Verdict> verdict;  ///< on the question; without its error

  private:
    struct Slots;
    bay_status record(Action action, bool allowed = true, bool finishes = false);
    bay_status record_http(const bay_http_req& request);
    bay_status record_note(bay_str key, bay_str json);
    bay_status record_verdict(const bay_verdict& given);
    bay_status record_retries(const std::uint32_t* index, std::uint64_t count);
    /// Why the host would refuse it; nullptr = it would not.
    const char* fault_of(const bay_verdict& given) const;
    bool provides() const { return kind_ == Kind::provider && !refresh; }

    bay_out out_{};
    Kind kind_;
    std::string_view blob_;
    bool stream_;
    bool answered_ = false;  // chunks or a pass_through were taken
    std::set<std::uint32_t> calls_;
    std::optional<Question> question_;
};

}  // namespace patchbay::transcript
