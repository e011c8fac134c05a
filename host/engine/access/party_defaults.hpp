// The limits that a configuration gives to customers and tags.
#pragma once

#include "config/config.hpp"
#include "store/key_record.hpp"

namespace patchbay::access {

/// `max_end_user_budget`, `max_end_user_budget_id` and `tag_budget_config` of litellm_settings.
store::PartyDefaults party_defaults(const BudgetSettings& settings);

}  // namespace patchbay::access
