// Which models a key may use.
#pragma once

#include <optional>
#include <string_view>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay::access {

/// What counts of a group, which may be reached by its name, by an alias, and by the id of a deployment: the
/// model_name of its deployments; of a routing group its own name.
std::string_view model_name(const ModelGroup& group);

/// Is the model on the list: by the name that was asked for, by that of its group, by an access group of one
/// of its deployments (`model_info.access_groups`; of a routing group of all of them), or by a pattern, also one of the provider that a name without one
/// means ("gpt-4o" is one of "openai/*")? Allocates only for patterns.
bool holds(const ModelList& list, const ModelGroup& group, std::string_view asked);

/// An Error (403, LiteLLM's) if one of the principal's lists does not hold the model. An administrator may
/// use every model.
std::optional<Error> check_model(const Principal& principal, const ModelGroup& group,
                                 std::string_view asked);

/// The same of a name that leads to no group, so that nobody learns which models there are.
std::optional<Error> check_unknown_model(const Principal& principal, std::string_view asked);

}  // namespace patchbay::access
