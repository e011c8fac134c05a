#include "engine/router/router.hpp"

#include <algorithm>
#include <span>

#include "engine/models/known_mode.hpp"
#include "engine/world/group_maker.hpp"
#include "engine/world/operation_limits.hpp"
#include "engine/world/wildcard.hpp"

namespace patchbay {

std::string ModelRoute::model_for(const Deployment& deployment) const {
    if (!model.empty()) return std::string(model);
    return fill_wildcard(deployment.model, captures, requested);
}

bool costs_nothing(const ModelRoute& route) {
    const auto& all = route.group->deployments;
    return std::all_of(all.begin(), all.end(), [&](const Deployment* deployment) {
        const meter::Pricing& pricing = deployment->pricing;
        return pricing.costs_nothing(deployment->is_pattern() ? route.model_for(*deployment)
                                                              : deployment->model);
    });
}

namespace {

// The configuration has it, but nothing there can be called: not the client's fault, and no other
// group is asked in its place.
Error not_served(const ModelGroup& group, std::string_view path, std::string_view model) {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.type = "service_unavailable_error";
    error.param = "model";
    error.message = std::string(path) + ": Model " + std::string(model) +
                    " is configured but not served: " + group.left_out + ".";
    return error;
}

Result<ModelRoute> served(const ModelGroup& group, std::vector<std::string_view> captures,
                          std::string_view path, std::string_view model) {
    if (group.deployments.empty()) return not_served(group, path, model);
    return ModelRoute{&group, std::move(captures), model};
}

}  // namespace

Result<ModelRoute> resolve_model(const Snapshot& snapshot, std::string_view model,
                                 std::string_view path) {
    if (const auto found = snapshot.groups.find(model); found != snapshot.groups.end()) {
        return served(found->second, {}, path, model);
    }
    if (auto match = find_pattern(snapshot, model)) {
        return served(*match->group, std::move(match->captures), path, model);
    }
    const auto any = snapshot.groups.find(snapshot.config.any_name);
    if (any != snapshot.groups.end()) return served(any->second, {}, path, model);
    return bad_request(std::string(path) +
                           ": Invalid model name passed in model=" + std::string(model) +
                           ". Call `/v1/models` to view available models for your key.",
                       "model");
}

namespace {

bool speaks(const ModelRoute& route, const Deployment& deployment, const Operation* operation) {
    if (!operation || (deployment.operations & operation->bit) == 0) return false;
    return deployment.limits.empty() ||
           may_ask(deployment, *operation, route.model_for(deployment));
}

// The mode of the deployment's model, if the catalogue or the configuration knows one that neither
// of the operations is for that its provider speaks.
const ModelMode* other_mode(const ModelRoute& route, const Deployment& deployment,
                            std::span<const Operation* const> operations) {
    const ModelMode* mode = deployment.is_pattern()
                                ? known_mode(deployment.find_info(route.model_for(deployment)))
                                : deployment.mode;
    if (mode == nullptr) return nullptr;
    const bool fits = std::any_of(operations.begin(), operations.end(), [&](const Operation* one) {
        return one && serves(deployment, mode, *one);
    });
    return fits ? nullptr : mode;
}

}  // namespace

std::optional<Error> wrong_use(const ModelRoute& route, const Operation& operation,
                               const Operation* hub, std::string_view requested,
                               std::string_view path) {
    const ModelMode* other = nullptr;
    std::string_view silent;
    const Operation* const both[] = {&operation, hub};
    for (const Deployment* d : route.group->deployments) {
        if (!speaks(route, *d, &operation) && !speaks(route, *d, hub)) {
            silent = d->provider;
            continue;
        }
        const ModelMode* mode = other_mode(route, *d, both);
        if (mode == nullptr) return std::nullopt;
        other = mode;
    }
    std::string message = std::string(path) + ": Model " + std::string(requested);
    if (other == nullptr) {
        message.append(" is served by ").append(silent).append(", which has no ");
        message.append(operation.use).append(" here.");
        return bad_request(std::move(message), "model");
    }
    const std::string what(other->what);
    message += " is for " + what + ", not for " + std::string(operation.use);
    message += other->routed ? "." : "; the gateway has no route for " + what + " yet.";
    return bad_request(std::move(message), "model");
}

}  // namespace patchbay
