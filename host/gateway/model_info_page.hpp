// LiteLLM's endpoints that say what stands behind a model's name.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"
#include "engine/world/snapshot.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// GET /model/info: {"data": [{"model_name", "litellm_params", "model_info"}]}, each deployment in the
/// file's order; with ?litellm_model_id=ID the one of that id, 400 if there is none. Of its parameters
/// those that decide where a call goes; never a key, and of its address neither user info nor query.
/// `model_info` is what was configured and what is known of the model: its limits and, by LiteLLM's names,
/// its prices in dollars. What is not known is left out. With a principal both have what that may use.
Result<Page> model_info_page(const Snapshot& snapshot, std::string_view query,
                             const access::Principal* principal = nullptr);

/// GET /model_group/info: {"data": [{"model_group", "providers", ...}]}, each name that /v1/models lists
/// before patterns are spread out, or the one of ?model_group=NAME. Of deployments that differ the greatest
/// limits and prices are told, as LiteLLM does, and the sums of `rpm`, `tpm`, `itpm` and `otpm`.
Page model_group_info_page(const Snapshot& snapshot, std::string_view query,
                           const access::Principal* principal = nullptr);

}  // namespace patchbay::gateway
