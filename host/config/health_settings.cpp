#include "config/health_settings.hpp"

namespace patchbay {

const HealthSettings& health_settings(const Config& config) {
    static const HealthSettings kNothingSaid;
    return config.general.health ? *config.general.health : kNothingSaid;
}

const ModelHealth& health_or_none(const std::shared_ptr<const ModelHealth>& health) {
    static const ModelHealth kNothingSaid;
    return health ? *health : kNothingSaid;
}

void join_health(Config& config) {
    if (!config.router.health) return;
    HealthSettings joined = health_settings(config);
    const HealthRouting& other = *config.router.health;
    HealthRouting& own = joined.routing;
    if (!own.on) own.on = other.on;
    if (!own.staleness) own.staleness = other.staleness;
    if (!own.ignore_transient) own.ignore_transient = other.ignore_transient;
    config.general.health = std::make_shared<const HealthSettings>(std::move(joined));
}

}  // namespace patchbay
