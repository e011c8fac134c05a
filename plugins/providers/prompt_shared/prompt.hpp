// SPDX-License-Identifier: Apache-2.0
// A conversation as the one text that a model without messages continues.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "openai_shared/request.hpp"

namespace patchbay::prompt {

/// What stands around a message.
struct Turn {
    std::string before;
    std::string after;
};

/// How a model was taught to read a conversation.
struct Template {
    std::string begin;
    Turn system;  ///< also of "developer"
    Turn user;    ///< also of all other roles: what a tool gave is told to the model
    Turn assistant;
    std::string end;      ///< behind the last message, where the model goes on
    std::string between;  ///< the messages
};

/// That of a deployment: its own (`roles`, `initial_prompt_value`, `final_prompt_value`, `bos_token`
/// and `eos_token` among its `settings`, LiteLLM's names), else the one that models whose name is
/// like `model` were trained with, else none: contents with a blank between them.
Template template_for(std::string_view model, const boost::json::object& settings);

/// The messages of `client`, a chat request. Fails for what is no list of messages, and for content
/// that is no text, with its place. An assistant's calls of tools are told as JSON.
openai::Written<std::string> prompt_of(const boost::json::object& client, const Template& how);

/// The same of a chat request, by the template of its deployment for `model`, whose name may say more
/// than that of the deployment.
openai::Written<std::string> prompt_of(const bay_ev_request& request, std::string_view model);

/// The parameters of a chat request by the names that `dialect` has for them: all its members but
/// those that every chat request has. Members of the provider's own stay as they are. `dropped` gets
/// what is not sent although it says something.
openai::Written<boost::json::object> parameters_of(const bay_ev_request& request,
                                                   const openai::Dialect& dialect,
                                                   bay::Dropped& dropped);

/// Makes a member that is one text a list of it, for providers that take no single one.
void make_list(boost::json::object& parameters, std::string_view name);

}  // namespace patchbay::prompt
