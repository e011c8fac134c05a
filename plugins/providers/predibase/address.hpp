// SPDX-License-Identifier: Apache-2.0
// Where a deployment of Predibase's is asked ("REST API", LoRAX).
#pragma once

#include <string>
#include <string_view>

namespace patchbay::predibase {

/// "<base>/<tenant>/deployments/v2/llms/<model>/generate", for streams "generate_stream"; `base` may be
/// all of such an address.
std::string generate_url(std::string_view base, std::string_view tenant, std::string_view model,
                         bool streamed);

}  // namespace patchbay::predibase
