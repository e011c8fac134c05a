#include "engine/router/candidates.hpp"

#include <algorithm>

namespace patchbay {

bool available(const Deployment& deployment) {
    if (!deployment.instance.instance) return true;
    const Breaker& breaker = deployment.instance.instance->stats().breaker;
    return breaker.closed() || breaker.available(Breaker::Clock::now());
}

bool serves(const Deployment& deployment, const ModelMode* mode, const Operation& operation) {
    if ((deployment.operations & operation.bit) == 0) return false;
    if (mode == nullptr) return true;
    if (deployment.chat_by_responses && &operation == &kChatCompletions &&
        mode->name == "responses") {
        return true;
    }
    const auto& modes = operation.modes;
    return std::find(modes.begin(), modes.end(), mode->name) != modes.end();
}

const Operation* Candidates::operation_of(const Deployment& deployment) const {
    if (!home_.empty() && deployment.id != home_) return nullptr;
    for (const Operation* operation : {native_, hub_}) {
        // A pattern's models are judged when they are asked for (router.hpp, wrong_use()).
        if (operation && serves(deployment, deployment.mode, *operation)) return operation;
    }
    return nullptr;
}

std::size_t Candidates::count() const {
    return static_cast<std::size_t>(
        std::count_if(group_.deployments.begin(), group_.deployments.end(),
                      [&](const Deployment* d) { return operation_of(*d) != nullptr; }));
}

bool Candidates::any_available() const {
    return std::any_of(
        group_.deployments.begin(), group_.deployments.end(),
        [&](const Deployment* d) { return operation_of(*d) != nullptr && available(*d); });
}

bool Candidates::is_open(const Deployment& deployment) const {
    return operation_of(deployment) != nullptr && available(deployment) &&
           std::find(tried_.begin(), tried_.end(), &deployment) == tried_.end();
}

bool Candidates::untried_left() const {
    return std::any_of(group_.deployments.begin(), group_.deployments.end(),
                       [&](const Deployment* d) { return is_open(*d); });
}

void Candidates::tried(const Deployment& deployment) {
    if (std::find(tried_.begin(), tried_.end(), &deployment) == tried_.end()) {
        tried_.push_back(&deployment);
    }
}

const Deployment& Candidates::pick(double random) const {
    const auto& all = group_.deployments;
    if (all.size() == 1) return *all.front();
    const bool any_open = untried_left();
    const bool any = any_open || any_available();
    const auto eligible = [&](const Deployment& d) {
        if (any_open) return is_open(d);
        return operation_of(d) != nullptr && (!any || available(d));
    };
    double sum = 0;
    const Deployment* last = all.front();
    for (const Deployment* d : all) {
        if (!eligible(*d)) continue;
        sum += d->weight;
        last = d;
    }
    double left = random * sum;
    for (const Deployment* d : all) {
        if (!eligible(*d)) continue;
        left -= d->weight;
        if (left < 0) return *d;
    }
    return *last;
}

}  // namespace patchbay
