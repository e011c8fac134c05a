// What a secret looks like, by the names that detect-secrets has for its detectors.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace patchbay::secrets {

struct Detector {
    std::string_view name;
    std::string_view regex;    ///< RE2; several detectors may share a name
    bool keep_prefix = false;  ///< group 1 names the secret and is kept
    bool (*accept)(std::string_view) = nullptr;
    std::size_t max_length = 512;
};

std::span<const Detector> detectors();

/// Shannon entropy in bits per character.
double entropy(std::string_view text);

}  // namespace patchbay::secrets
