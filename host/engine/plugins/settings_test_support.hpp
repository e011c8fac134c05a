// What the tests of plugins' settings share.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "config/loader.hpp"

namespace patchbay::test {

/// An environment that has these variables and no other.
inline Environment variables(std::map<std::string, std::string> all) {
    return [all = std::move(all)](const std::string& name) -> std::optional<std::string> {
        const auto found = all.find(name);
        return found == all.end() ? std::nullopt : std::optional(found->second);
    };
}

}  // namespace patchbay::test
