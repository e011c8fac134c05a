// Whose plugin files may run: pins of their hashes, signatures of their bytes.
//
// Both are checked on the very bytes that become the private copy and are mapped from there, before
// any of their code runs: what happens to the file afterwards changes nothing.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "engine/plugins/plugin_file.hpp"

namespace patchbay {

/// Immutable once made; any thread.
class TrustPolicy {
  public:
    /// Reads the public keys. A key that cannot be read is an error in `problems`, and nothing is
    /// trusted then.
    TrustPolicy(const PluginTrust& trust, std::vector<Problem>& problems);

    /// May the file run? Empty = yes; else why not, to stand after its name. Reads the signature
    /// `<file>.sig` (64 bytes, or the same in base64) if keys are configured; it must be as
    /// trustworthy as the plugin (trusted_file.hpp).
    std::string check(const PluginFile& file) const;

  private:
    using PublicKey = std::array<unsigned char, 32>;
    std::string check_pin(const PluginFile& file) const;
    std::string check_signature(const PluginFile& file) const;

    PluginTrust trust_;
    std::vector<PublicKey> keys_;
    bool broken_ = false;
};

}  // namespace patchbay
