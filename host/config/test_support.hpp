// Helpers of this room's tests: small YAML texts in, problem texts out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/loader.hpp"

namespace patchbay::config_test {

using Variables = std::map<std::string, std::string>;

inline Environment environment(Variables variables = {}) {
    return
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            if (found == variables.end()) return std::nullopt;
            return found->second;
        };
}

inline LoadedConfig load(const std::string& text, Variables variables = {}) {
    return load_config_text(text, "c.yaml", environment(std::move(variables)));
}

inline std::vector<std::string> texts(const std::vector<Problem>& problems) {
    std::vector<std::string> all;
    for (const Problem& problem : problems) all.push_back(problem.text());
    return all;
}

inline std::vector<std::string> problems_of(const std::string& text, Variables variables = {}) {
    return texts(load(text, std::move(variables)).problems);
}

}  // namespace patchbay::config_test
