// What a configuration says of customers and tags.
#pragma once

#include "store/key_record.hpp"

namespace patchbay {
struct LitellmSettings;
}

namespace patchbay::access {

struct PartyTerms {
    /// `max_end_user_budget`, `max_end_user_budget_id` and `tag_budget_config` of litellm_settings.
    store::PartyDefaults defaults{};
    /// validate_end_user_id_in_db: a name that is neither registered nor a user's is no customer.
    bool validate_customers = false;

    /// Must any name be looked up, registered or not?
    bool any_customer() const { return validate_customers || defaults.any_customer(); }
    bool operator==(const PartyTerms&) const = default;
};

PartyTerms party_terms(const LitellmSettings& settings);

}  // namespace patchbay::access
