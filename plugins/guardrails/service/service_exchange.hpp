// The state machine of a guardrail that asks a service over HTTP: a question, one or several
// calls, a verdict.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "patchbay/sdk.hpp"

namespace patchbay::service {

/// What is kept of a question until the service has answered.
struct Asked {
    struct Text {
        std::string role;
        std::string shown;  ///< with the context that was released before
        std::size_t fixed = 0;
        std::string_view text() const { return std::string_view(shown).substr(fixed); }
    };
    std::uint32_t stage = 0;
    bool last = false;
    std::vector<Text> texts;

    /// True if text may follow.
    bool more() const { return stage == BAY_STAGE_STREAM && !last; }
    /// Bytes at the end of texts[index] that are held, see mask.hpp; 0 if no text may follow.
    std::size_t undecided(std::size_t index) const;
    bool is_answer() const { return stage == BAY_STAGE_POST_CALL || stage == BAY_STAGE_STREAM; }
};

/// A machine of this kind says how to ask and how to judge. A service that cannot be reached,
/// answers with another status than 2xx or with no JSON makes it fail(): no verdict could be had.
class ServiceExchange : public bay::Exchange {
  public:
    bay_status on_inspect(const bay_ev_inspect& question, bay::Out out) final;
    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) final;

  protected:
    /// Makes the calls, or gives the verdict at once. A call's number is its own to choose.
    virtual bay_status ask(const bay_ev_inspect& question, bay::Out out) = 0;
    /// One call was answered with this document.
    virtual bay_status judge(std::uint32_t call, const boost::json::value& answer,
                             bay::Out out) = 0;

    const Asked& asked() const { return asked_; }
    /// Nothing was found. In a stream that goes on, the last words are held nevertheless.
    bay_status pass(bay::Out out) const;
    /// No verdict: the answer is not what the service promises.
    static bay_status unreadable(bay::Out out);

  private:
    Asked asked_;
};

}  // namespace patchbay::service
