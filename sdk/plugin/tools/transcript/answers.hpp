// The upstream of a transcript: plays its answers into a machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contract/framing/decoder.hpp"
#include "contract/shape/answer_form.hpp"
#include "cuts.hpp"
#include "machine.hpp"
#include "patchbay/sdk/stream_end.hpp"

namespace patchbay::transcript {

/// Not thread-safe. The machine must outlive it.
class Answers {
  public:
    /// `operation`: what is asked, which says what is an answer.
    Answers(Machine& machine, Cuts cuts, std::string_view operation)
        : machine_(machine), cuts_(cuts), form_(answer_form(operation)) {}

    /// The whole answer to a call: head, body in pieces, end. Every piece of bytes lies in memory
    /// of its own, freed after the event.
    void answer(const Call& call, const Upstream& upstream);
    /// The end of the call that was aborted first, if it is still under way.
    void abort();

  private:
    bay_ev_http event(std::uint32_t type, std::uint32_t call, const Upstream* upstream);
    bool head(const Call& call, const Upstream& upstream, std::uint32_t decode);
    void body(const Call& call, const Upstream& upstream, std::uint32_t decode,
              http::Decoder* decoder);
    void done(const Call& call, const Upstream& upstream, std::uint32_t decode);
    void frames(const Call& call, const Upstream& upstream, std::vector<http::Frame>& all);
    bool for_plugin(const Call& call, const http::Frame& frame);
    bool stopped(const Call& call) const;

    Machine& machine_;
    const Cuts cuts_;
    const AnswerForm form_;
    std::vector<bay_kv> headers_;
    // Of the answer under way.
    bool passed_ = false;
    bool unseen_ = false;  // passed on without a look
    bool ended_ = false;   // its end mark has come
    bool begun_ = false;   // a frame came
    bay::StreamEnd end_;   // of a stream that is passed through
    std::string buffered_;
    std::uint32_t failure_ = 0;
    std::string error_;  // what goes with failure_
};

}  // namespace patchbay::transcript
