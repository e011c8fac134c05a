// Which parameters of one chat request its provider takes, and what becomes of the others.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"
#include "families.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "request.hpp"

namespace patchbay::openai {

/// Made for one request, asked parameter by parameter. What is given must outlive this.
class ParamRules {
  public:
    /// `supported`: what the model takes under this dialect.
    ParamRules(const bay_ev_request& request, const Dialect& dialect, std::string_view model,
               ParamSet supported);

    Family family() const { return family_; }
    /// Raw JSON text of the last member of that name; empty if the client sent none.
    std::string_view value_of(Param param) const {
        return bay::sv(values_[static_cast<std::size_t>(param)]);
    }
    /// True if the client sent it, and not as null.
    bool given(Param param) const;

    /// True if the model takes it, beside the others of this request, or if it is not for us to say. OpenAI's reasoning models take
    /// only temperature 1, and not every reasoning_effort; those that can stop reasoning take the sampling parameters while they do
    /// not reason.
    bool takes(Param param) const;

    /// Notes a parameter that is not sent. It is harmless if it says what OpenAI does anyway (n = 1,
    /// ...), if another one says the same, or if the host calls it a hint; else it is refused.
    void leave_out(Param param, std::string_view value);
    /// After all parameters: why the request is not sent, naming all that were refused; nothing if
    /// there are none, or if BAY_REQ_DROP_PARAMS is set.
    std::optional<Refusal> refusal() const;
    /// What is not sent although it says something.
    const bay::Dropped& dropped() const { return dropped_; }

  private:
    bool says_nothing(Param param, std::string_view value) const;
    bool is_said_otherwise(Param param, std::string_view value) const;

    const bay_ev_request& request_;
    const Dialect& dialect_;
    std::string_view model_;
    ParamSet supported_;
    ParamSet ignored_;  ///< left out without asking where they are not supported
    Family family_;
    std::array<bay_str, kParamCount> values_{};
    std::string refused_;  ///< "'a', 'b'"
    std::string_view first_refused_;
    bay::Dropped dropped_;
};

}  // namespace patchbay::openai
