// Keys of health checks, in the three places where LiteLLM has them.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "config/health_settings.hpp"
#include "config/section.hpp"

namespace patchbay {

// `general_settings`:
void read_background_checks(Reader& reader, const Entry& entry, GeneralSettings& settings);
/// A second at least: each check is a call that a provider charges for.
void read_check_interval(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_check_details(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_check_concurrency(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_skip_disabled(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_checked_groups(Reader& reader, const Entry& entry, GeneralSettings& settings);

/// `general_settings` and `router_settings`, each of which holds a part of the settings as `health`.
template <auto Member, class Section>
void read_health_routing(Reader& reader, const Entry& entry, Section& section) {
    using Settings = std::remove_const_t<typename decltype(section.health)::element_type>;
    Settings made = section.health ? *section.health : Settings{};
    if constexpr (std::is_same_v<Settings, HealthRouting>) {
        reader.read(entry, made.*Member);
    } else {
        reader.read(entry, made.routing.*Member);
    }
    section.health = std::make_shared<const Settings>(std::move(made));
}

/// The members of a `model_info` that say how its deployment is checked; the others are passed over.
void read_model_health(Reader& reader, const Entry& model_info, DeploymentConfig& deployment);

}  // namespace patchbay
