// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"

#include "openai_shared/translated_exchange.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::predibase {

std::string generate_url(std::string_view base, std::string_view tenant, std::string_view model,
                         bool streamed) {
    std::string path("/");
    path.append(bay::percent_encoded(tenant));
    path.append("/deployments/v2/llms/").append(bay::percent_encoded(model));
    base = openai::without_endings(base, {"/generate_stream", "/generate"});
    base = openai::without_endings(base, {path});
    return std::string(base).append(path).append(streamed ? "/generate_stream" : "/generate");
}

}  // namespace patchbay::predibase
