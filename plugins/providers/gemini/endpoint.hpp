// SPDX-License-Identifier: Apache-2.0
// Where Google AI Studio's models are.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::gemini {

/// The address of `method` ("generateContent") of `model`. `base` is the deployment's, to which
/// "/models/..." is added, as LiteLLM does; without one, or with Google's own host alone, the version
/// of the API is v1beta, and v1alpha for Gemini 3 and later, whose images have resolutions of their
/// own there. A model's name is one segment of the path, whatever is in it.
std::string model_url(std::string_view base, std::string_view model, std::string_view method);

}  // namespace patchbay::gemini
