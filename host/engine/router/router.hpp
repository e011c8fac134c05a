// From the model a client named to the deployment that serves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/operation.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// A model name, resolved: the group, and what each '*' of a wildcard stands for. Views live as
/// long as the snapshot and the requested name.
struct ModelRoute {
    const ModelGroup* group = nullptr;
    std::vector<std::string_view> captures;
    std::string_view requested;  ///< the name that was resolved
    std::string_view model{};    ///< in place of the deployment's own (a health check); else empty

    /// What is the same for all that go there: the group's name; but of what a pattern or an id finds, the name that
    /// was resolved.
    std::string_view called() const {
        return captures.empty() && !group->by_id ? std::string_view(group->name) : requested;
    }
    /// What the provider is asked for.
    std::string model_for(const Deployment& deployment) const;
};

/// Does a call that goes there cost nothing, whichever deployment serves it?
bool costs_nothing(const ModelRoute& route);

/// A group by name or alias, else a deployment by its id, else the most specific wildcard (of what the name is an alias
/// of), else the one that answers any name. An Error
/// (400, LiteLLM's words) if there is none, and one (503) that says why if it was left out of what
/// is served. `path` stands in the message.
Result<ModelRoute> resolve_model(const Snapshot& snapshot, std::string_view model,
                                 std::string_view path);

/// An Error (400) if no deployment of the route can be asked this: each is known to be for another
/// use, or its provider speaks neither `operation` nor `hub` (nullptr: there is no translation).
/// A few string comparisons, for a wildcard's models a look into the catalogue.
std::optional<Error> wrong_use(const ModelRoute& route, const Operation& operation,
                               const Operation* hub, std::string_view requested,
                               std::string_view path);

}  // namespace patchbay
