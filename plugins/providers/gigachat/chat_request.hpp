// SPDX-License-Identifier: Apache-2.0
// A chat request in the words of GigaChat's API ("POST /chat/completions").
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "messages.hpp"
#include "openai_shared/dialect.hpp"

namespace patchbay::gigachat {

class Site;

/// What the two operations take. `site` must outlive it.
openai::Dialect own_dialect(const Site& site);

struct ChatRequest {
    boost::json::object body;
    std::vector<Upload> uploads;  ///< to be named in `body` before it is sent
    std::string schema_name;      ///< the function whose arguments are the answer; empty: none
    bay::Dropped dropped{};       ///< what is not sent although it says something
};

/// Tools become functions. A response_format with a schema becomes a function that the model has to
/// call, or may call where the client has functions of its own. Fails for what cannot be said there.
openai::Written<ChatRequest> write_chat(const bay_ev_request& request,
                                        const openai::Dialect& dialect);

/// {"name"} for a tool_choice that names a function, else the word that GigaChat has for it: it has
/// no "required", which is the function if there is but one, and else "auto". Without a choice it is
/// "auto", as GigaChat calls none unasked.
boost::json::value function_call_of(const boost::json::value* choice,
                                    const boost::json::array& functions, bay::Dropped& dropped);

}  // namespace patchbay::gigachat
