// What of a program's request is for its provider, and what says which deployment it means.
//
// A gateway's clients may not choose addresses and keys; a program that calls by itself may, by
// parameters of the call as in LiteLLM's SDK: `api_key`, `api_base`, `aws_region_name`, ... They
// stand among the request's members and must not reach the provider as such.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "operations.hpp"

namespace patchbay::client {

/// One of a call's `fallbacks`.
struct Fallback {
    std::string name;   ///< by which the body asks for it: its model, or more if it says more
    std::string model;  ///< "provider/model"
    boost::json::object deployment;  ///< what it says of its own deployment
};

/// A request, taken apart. Views into the text that was read.
struct RequestParts {
    bool readable =
        false;  ///< it is a JSON object; else `body` is all of it, for its surface to refuse
    std::string model;  ///< empty: it names none that is a text
    std::vector<Fallback> fallbacks;
    boost::json::object deployment;  ///< members of litellm_params
    bool mocked = false;             ///< some `mock_*` parameter decides on the answer
    bool stream = false;
    std::string_view body;  ///< for the surface: the request, or `own`
    std::string own;        ///< empty: the request is to be kept as long as this

    /// The deployment was found: what said which one is let go.
    void forget_deployment() {
        fallbacks = {};
        deployment = {};
    }
};

/// Takes `request` apart. With `ad_hoc` what describes a deployment is taken out of the body, and out
/// of the objects among its `fallbacks`; else it stays, and the engine refuses it. `request` outlives `parts`. Any thread.
void take_apart(std::string_view request, const CallOperation& operation, bool ad_hoc,
                RequestParts& parts);

}  // namespace patchbay::client
