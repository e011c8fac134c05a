#include "config/known_keys.hpp"

#include <algorithm>
#include <vector>

namespace patchbay {
namespace {

constexpr std::string_view kParams = "litellm_params";

/// Where a key of this section may have been meant to stand, the likelier section first.
std::vector<SectionKeys> others(std::string_view section) {
    if (section == "model_list") return {litellm_params_keys()};
    if (section == "guardrails") return {guardrail_params_keys()};
    std::vector<SectionKeys> all{general_settings_keys(), litellm_settings_keys(),
                                 router_settings_keys(), top_level_keys()};
    const bool ours = std::any_of(all.begin(), all.end(),
                                  [&](const SectionKeys& keys) { return keys.section == section; });
    if (!ours) return {};
    // Sections of an operator's own at the top level may have any name, `metadata` for one.
    if (!section.empty()) all.push_back(litellm_params_keys());
    return all;
}

std::string quoted(std::string_view section) {
    if (section.empty()) return "the top level of the file";
    return std::string("`").append(section).append("`");
}

}  // namespace

std::string home_of(std::string_view key, std::string_view section) {
    std::string done;
    std::string not_done;
    for (const SectionKeys& keys : others(section)) {
        if (keys.section == section) continue;
        // Of a deployment are also names such as `timeout`; they are meant for all if one may.
        if (keys.section == kParams && section != "model_list" && !(done + not_done).empty()) break;
        const bool does = contains(keys.done, key);
        if (!does && !contains(keys.not_done, key)) continue;
        std::string& homes = does ? done : not_done;
        homes += (homes.empty() ? "" : " or ") + quoted(keys.section);
    }
    return done.empty() ? not_done : done;
}

}  // namespace patchbay
