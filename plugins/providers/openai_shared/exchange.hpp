// The machine of one chat request to an OpenAI-compatible provider.
//
//     REQUEST -> one upstream call -> HEAD (2xx) -> pass_through -> DONE -> done()
//
// The answer passes through the host untouched unless the dialect has rules for answers; then every
// document is read and handed on with chunk() or result(). So it is also if the content type is not
// that of what was asked for: a stream that is answered whole becomes chunks. Whatever goes wrong
// ends in one fail(). How a stream may end: docs/streams.md.
#pragma once

#include "dialect.hpp"
#include "patchbay/sdk/machine.hpp"
#include "patchbay/sdk/stream_end.hpp"

namespace patchbay::openai {

/// [exchange]. `dialect` must outlive it (it is the instance's).
class ChatExchange : public bay::Exchange {
  public:
    explicit ChatExchange(const Dialect& dialect) : dialect_(dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    bay_status send(const bay_ev_request& request, bay::Out out);
    bay_status whole_answer(const bay_ev_http& done, bay::Out out);
    bay_status whole_as_stream(std::string_view data, bay::Out out);
    bay_status stream_over(const bay_ev_http& done, bay::Out out);
    /// Fails with what `data`, which is no answer, says is wrong, or with `why`.
    bay_status refuse_answer(int status, std::string_view data, std::string_view why, bay::Out out);

    const Dialect& dialect_;
    bay::StreamEnd end_;  ///< of a stream that is read here
    bool streamed_ = false;
    bool document_ = false;  ///< a stream was asked for, and the answer is named JSON
    bool passing_ = false;   ///< the host forwards the answer
    bool finished_ = false;  ///< fail(), done() or result() was called
};

}  // namespace patchbay::openai
