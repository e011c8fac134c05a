// How keys are named without saying them.
#pragma once

#include <string>
#include <string_view>

#include "store/key_record.hpp"

namespace patchbay::access {

/// SHA-256 of a key's text, as LiteLLM stores it.
store::KeyHash hash_key(std::string_view key);

/// 64 small hexadecimal digits.
std::string hex(const store::KeyHash& hash);

/// For tables of hashes; nobody can choose the first bytes of a SHA-256.
struct HashOfHash {
    std::size_t operator()(const store::KeyHash& hash) const;
};

}  // namespace patchbay::access
