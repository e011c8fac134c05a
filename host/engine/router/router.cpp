#include "engine/router/router.hpp"

#include <algorithm>

#include "engine/router/wildcard.hpp"

namespace patchbay {

std::string ModelRoute::model_for(const Deployment& deployment, std::string_view requested) const {
    return fill_wildcard(deployment.model, captures, requested);
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
    return ModelRoute{&group, std::move(captures)};
}

}  // namespace

Result<ModelRoute> resolve_model(const Snapshot& snapshot, std::string_view model,
                                 std::string_view path) {
    if (const auto found = snapshot.groups.find(model); found != snapshot.groups.end()) {
        return served(found->second, {}, path, model);
    }
    for (const ModelGroup& group : snapshot.wildcards) {
        if (auto captures = match_wildcard(group.name, model)) {
            return served(group, std::move(*captures), path, model);
        }
    }
    const auto any = snapshot.groups.find(snapshot.config.any_name);
    if (any != snapshot.groups.end()) return served(any->second, {}, path, model);
    return bad_request(std::string(path) +
                           ": Invalid model name passed in model=" + std::string(model) +
                           ". Call `/v1/models` to view available models for your key.",
                       "model");
}

std::optional<Error> wrong_use(const ModelRoute& route, ModelUse use, std::string_view requested,
                               std::string_view path) {
    const ModelMode* other = nullptr;
    for (const Deployment* d : route.group->deployments) {
        const ModelMode* mode = d->is_pattern()
                                    ? find_mode(d->find_info(route.model_for(*d, requested)).mode)
                                    : d->mode;
        // What is meant for chat may well speak in sessions too.
        if (mode == nullptr || (use == ModelUse::chat ? mode->chat : mode->routed)) {
            return std::nullopt;
        }
        other = mode;
    }
    const std::string what(other->what);
    std::string message = std::string(path) + ": Model " + std::string(requested) + " is for " +
                          what + ", not for " + (use == ModelUse::chat ? "chat" : "realtime");
    message += other->routed ? "." : "; the gateway has no route for " + what + " yet.";
    return bad_request(std::move(message), "model");
}

bool available(const Deployment& deployment) {
    if (!deployment.instance.instance) return true;
    const Breaker& breaker = deployment.instance.instance->stats().breaker;
    return breaker.closed() || breaker.available(Breaker::Clock::now());
}

bool any_available(const ModelGroup& group) {
    return std::any_of(group.deployments.begin(), group.deployments.end(),
                       [](const Deployment* d) { return available(*d); });
}

namespace {

bool is_open(const Deployment* d, const std::vector<const Deployment*>& tried) {
    return std::find(tried.begin(), tried.end(), d) == tried.end() && available(*d);
}

}  // namespace

bool untried_left(const ModelGroup& group, const std::vector<const Deployment*>& tried) {
    return std::any_of(group.deployments.begin(), group.deployments.end(),
                       [&](const Deployment* d) { return is_open(d, tried); });
}

const Deployment& pick_deployment(const ModelGroup& group,
                                  const std::vector<const Deployment*>& tried, double random) {
    const auto& all = group.deployments;
    if (all.size() == 1) return *all.front();
    const bool any_open = untried_left(group, tried);
    const bool any = any_open || any_available(group);
    const auto eligible = [&](const Deployment* d) {
        return any_open ? is_open(d, tried) : !any || available(*d);
    };
    double sum = 0;
    for (const Deployment* d : all) {
        if (eligible(d)) sum += d->weight;
    }
    double left = random * sum;
    const Deployment* last = all.front();
    for (const Deployment* d : all) {
        if (!eligible(d)) continue;
        last = d;
        left -= d->weight;
        if (left < 0) break;
    }
    return *last;
}

}  // namespace patchbay
