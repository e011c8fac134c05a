// SPDX-License-Identifier: Apache-2.0
// Replicate's predictions ("HTTP API"): what is asked, and what has come of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "openai_shared/translated_exchange.hpp"

namespace patchbay::replicate {

/// Where a prediction is made. "owner/name" is an official model, "deployments/owner/name" one of the
/// account's own; a name with the 64 digits of a version behind ":" names that version.
struct Target {
    std::string root;  ///< of the API, under which predictions are found
    std::string url;
    std::string version;  ///< empty: the address says all
};
/// `base` may be the API's address, or the one at which this very prediction is made.
Target target_of(std::string_view base, std::string_view model);

/// What chat's parameters are called: models have what inputs they please, most of language these.
openai::Dialect own_dialect();

/// {"input": {...}} with the conversation as its prompt. `dropped` gets what is not sent although it
/// says something.
openai::Written<std::string> write_prediction(const bay_ev_request& request,
                                              const openai::Dialect& dialect, const Target& target,
                                              bay::Dropped& dropped);

/// A prediction as it stands.
struct Prediction {
    std::string id;
    bool over = false;    ///< whatever came of it
    std::string failure;  ///< why there is no answer; empty: it goes on, or there is one
    std::string output;   ///< all the text so far
    std::uint64_t read = 0, written = 0;  ///< tokens; 0: not told
};

/// Nothing if `json` is no prediction.
std::optional<Prediction> read_prediction(std::string_view json);

/// How long to wait before the `asked`th look at a prediction, in milliseconds: often at first, then
/// seldom, so that few looks see long ones through.
std::uint32_t pause_ms(std::uint32_t asked);

}  // namespace patchbay::replicate
