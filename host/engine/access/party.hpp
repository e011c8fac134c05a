// On whose behalf calls are made, besides a key's: a customer (LiteLLM's end user), a tag.
#pragma once

#include <memory>
#include <string>

#include "engine/access/limits_maker.hpp"

namespace patchbay::access {

/// Any thread. One of which the store knows nothing has no limits and is nobody's.
struct Party : Limits {
    store::Subject kind = store::Subject::customer;
    std::string name;
    std::int64_t row = 0;  ///< 0 = nobody has registered it
    /// It is registered, or has limits all the same, or is a user. Else: nobody's, and where such are not validated nobody has
    /// asked whether it is a user.
    bool valid = false;
    bool blocked = false;
    std::string region;  ///< allowed_model_region: "eu", "us"; empty: any
    std::string
        default_model;  ///< asked for where a model is not there in that region; empty: none
};

/// nullptr if its documents cannot be read, or the store does not say what was spent: `why` says which.
std::shared_ptr<const Party> make_party(const store::PartyRecord& record, SubjectTable& subjects,
                                        const SpentOf& spent, std::int64_t now_us,
                                        std::string& why);

}  // namespace patchbay::access
