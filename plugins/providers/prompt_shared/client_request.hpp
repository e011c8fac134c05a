// SPDX-License-Identifier: Apache-2.0
// A chat request taken apart, for APIs that have messages beside parameters of their own.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "openai_shared/request.hpp"

namespace patchbay::prompt {

struct ClientRequest {
    boost::json::array messages;     ///< at least one; which may be anything
    boost::json::object parameters;  ///< all other members but those that every chat request has
};

/// The request with its parameters by the names that `dialect` has for them. `dropped` gets what is
/// not sent although it says something.
openai::Written<ClientRequest> client_request(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              bay::Dropped& dropped);

/// BAY_ERR_BAD_REQUEST for the member at `place`.
openai::Refusal bad_place(std::string place, std::string_view why);

}  // namespace patchbay::prompt
