// SPDX-License-Identifier: Apache-2.0
// What every machine of the component is made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::anthropic {

/// Of one exchange.
struct Opening {
    std::string request_id;
    std::uint64_t default_max_tokens = 0;  ///< the operator's; 0 = not set
    /// Who is called, for error texts: Claude is served by others too. Lives for ever.
    std::string_view whose = "Anthropic";
    std::string_view provider = "anthropic";   ///< likewise, as models are named: "vertex_ai"
    std::string_view id_prefix = "chatcmpl-";  ///< likewise, of the answer's id
    /// Schemas may be asked for by `output_format`. Not at the clouds: AWS and Google have the name
    /// output_config.format, for some models, in some regions and where an organization allows it.
    bool output_format = true;
    /// Parameters that whoever serves Claude does not take, comma separated. Lives for ever.
    std::string_view lacks = "";
};

}  // namespace patchbay::anthropic
