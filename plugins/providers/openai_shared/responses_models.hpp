// What the name of a target's model says: what is sent, whose rules hold, and whether chat goes by
// way of the Responses API.
//
// Some of OpenAI's models have no other API (o1-pro, gpt-5-pro, the codex and deep-research models);
// those from gpt-5.4 on call functions while they reason in no other; and an operator may want it for
// any other.
#pragma once

#include <string>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::openai {

/// The upstream's name of the target's model: without LiteLLM's mark "responses/", which says how it
/// is to be asked, where the dialect has that API, and without the dialect's marks of families.
std::string_view upstream_model(const bay_ev_request& request, const Dialect& dialect);

/// The model whose rules hold for the target's: its `base_model` where the dialect looks for one, else
/// its own name, marks and all. Parses the target's params only if they speak of one.
class RulesModel {
  public:
    RulesModel(const bay_ev_request& request, const Dialect& dialect);
    RulesModel(const RulesModel&) = delete;
    RulesModel& operator=(const RulesModel&) = delete;

    /// Lives as long as this and the request do.
    std::string_view name() const { return name_; }

  private:
    std::string base_;
    std::string_view name_;
};

/// True if chat with the target's model goes by way of the Responses API, which the dialect has: its
/// name has that mark, or its mode is "responses" (`model_info` of the target's params), or it is one of
/// `openai` or `azure` from gpt-5.4 on and the request has functions and reasons: it says so, or says
/// nothing at OpenAI's own address, where these models reason unasked.
bool goes_by_responses(const bay_ev_request& request, const Dialect& dialect);

}  // namespace patchbay::openai
