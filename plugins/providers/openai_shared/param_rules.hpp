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
    /// Are parameters that the model does not take excused if they say what OpenAI does anyway?
    /// LiteLLM excuses only one answer (n = 1); clients of other APIs say more by themselves.
    enum class Defaults { one_answer, all };

    /// `supported`: what the model takes under this dialect. `defaults`: of a client of chat.
    ParamRules(const bay_ev_request& request, const Dialect& dialect, std::string_view model,
               ParamSet supported, Defaults defaults = Defaults::one_answer);

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

    /// Notes a parameter that is not sent. It is harmless if it is null or excused, if another one says
    /// the same, or if the host calls it a hint; else it is refused.
    void leave_out(Param param, std::string_view value);
    /// After all parameters: why the request is not sent, naming all that the model does not take, or
    /// if there are none the values that it does not take; nothing if there are none of these either,
    /// or if BAY_REQ_DROP_PARAMS is set.
    std::optional<Refusal> refusal() const;
    /// What is not sent although it says something.
    const bay::Dropped& dropped() const { return dropped_; }

  private:
    bool says_nothing(Param param, std::string_view value) const;
    bool is_said_otherwise(Param param) const;

    struct Refused {
        void add(std::string_view name, std::string_view said);
        std::string all;  ///< "'a', 'b'"
        std::string_view first;
    };

    const bay_ev_request& request_;
    const Dialect& dialect_;
    std::string_view model_;
    ParamSet supported_;
    ParamSet ignored_;  ///< left out without asking where they are not supported
    Family family_;
    Defaults defaults_;
    std::array<bay_str, kParamCount> values_{};
    Refused names_;
    Refused values_refused_;  ///< of parameters that the model takes
    bay::Dropped dropped_;
};

}  // namespace patchbay::openai
