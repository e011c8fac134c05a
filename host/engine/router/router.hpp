// From the model a client named to the deployment that serves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/snapshot.hpp"

namespace patchbay {

/// A model name, resolved: the group, and what each '*' of a wildcard stands for. Views live as
/// long as the snapshot and the requested name.
struct ModelRoute {
    const ModelGroup* group = nullptr;
    std::vector<std::string_view> captures;

    /// What the provider is asked for.
    std::string model_for(const Deployment& deployment, std::string_view requested) const;
};

/// A group by name or alias, else a deployment by its id, else the most specific wildcard, else the
/// one that answers any name. An Error
/// (400, LiteLLM's words) if there is none, and one (503) that says why if it was left out of what
/// is served. `path` stands in the message.
Result<ModelRoute> resolve_model(const Snapshot& snapshot, std::string_view model,
                                 std::string_view path);

/// What a request wants of a model.
enum class ModelUse { chat, realtime };

/// An Error (400) if each deployment of the route is known to be for another use; such a model is
/// not asked. A few string comparisons, for a wildcard's models a look into the catalogue.
std::optional<Error> wrong_use(const ModelRoute& route, ModelUse use, std::string_view requested,
                               std::string_view path);

/// Would the deployment be sent to, or does its plugin rest after faults (breaker.hpp)?
bool available(const Deployment& deployment);
bool any_available(const ModelGroup& group);
/// Is one left that is available and was not tried?
bool untried_left(const ModelGroup& group, const std::vector<const Deployment*>& tried);

/// LiteLLM's simple-shuffle: at random by weight, among the available deployments that were not
/// tried yet if any is left, else among those that are available, else among all. `random` is
/// uniform in [0, 1).
const Deployment& pick_deployment(const ModelGroup& group,
                                  const std::vector<const Deployment*>& tried, double random);

}  // namespace patchbay
