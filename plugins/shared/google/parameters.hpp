// Which parameters Google has, and what becomes of the others.
#pragma once

#include <string_view>

#include "failure.hpp"
#include "json.hpp"
#include "model.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::google {

/// How the host wants a request to be translated. Views live as long as the call that got them.
struct RequestOptions {
    std::string_view provider;        ///< for error texts, such as "gemini"
    std::string_view model;           ///< upstream model id
    bool drop_params = false;         ///< leave out what is not supported instead of failing
    std::string_view allowed_params;  ///< comma separated: sent although not supported
    std::string_view hint_params;     ///< likewise: left out where not supported
    bool labels = false;              ///< the API takes `labels` (Vertex AI)
};

/// Takes out of `client` what Google lacks: with drop_params, as a hint, or if it says nothing. Else
/// fails with BAY_ERR_UNSUPPORTED and names all such parameters. `dropped` gets those that said
/// something.
Result<void> settle_parameters(json::object& client, const ModelTraits& traits,
                               const RequestOptions& options, bay::Dropped& dropped);

}  // namespace patchbay::google
