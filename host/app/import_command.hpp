// `patchbay import litellm`: what LiteLLM's database has, taken into the store of the configuration.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "config/secret.hpp"
#include "store/address.hpp"

namespace patchbay::app {

struct ImportAsk {
    std::string
        from;  ///< the URL of LiteLLM's database; empty: the store's, where its tables may be as well
    store::Address store{};
    std::string store_url{};  ///< as the configuration has it
    Secret hmac_key{};
    bool dry_run = false;
    bool update = false;
    std::vector<std::string> guardrails{};  ///< of the configuration
};

/// Tells on `out` what became of each kind of rows, and each that is not there afterwards as it was. False, with the reason on
/// `out`, if nothing was taken.
bool import_from_litellm(const ImportAsk& ask, std::ostream& out);

}  // namespace patchbay::app
