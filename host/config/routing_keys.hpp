// Keys of `router_settings` that say which calls stay together and which wait, and what is Patchbay's own.
#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

template <auto Member>
void into_routing(Reader& reader, const Entry& entry, RouterSettings& settings) {
    reader.read(entry, settings.routing.*Member);
}

/// A list of names; what is not known is a warning.
void read_optional_checks(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `model_group_affinity_config`: by model group, such names as lead calls to who had the one before.
void read_group_affinity(Reader& reader, const Entry& entry, RouterSettings& settings);
/// 0 to 255, of requests without a `priority`.
void read_default_priority(Reader& reader, const Entry& entry, RouterSettings& settings);
/// Seconds, of `session_affinity` and `deployment_affinity`.
void read_affinity_ttl(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `router_settings.patchbay`: what LiteLLM does not have and passes over.
void read_own_settings(Reader& reader, const Entry& entry, RouterSettings& settings);

}  // namespace patchbay
