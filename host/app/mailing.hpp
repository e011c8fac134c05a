// Whom alerts concern, by the store.
#pragma once

#include <string>

#include <boost/system/result.hpp>

#include "engine/alerts/alert_service.hpp"
#include "store/address.hpp"

namespace patchbay::app {

/// As in LiteLLM: alerts of keys, users and members go to the user that they name, those of a team to its members. Others
/// (organizations, customers, tags) are nobody's. Opens the store and asks it, for seconds where it does not answer; any
/// thread.
boost::system::result<Addressees, std::string> addressees_of(const store::Address& books,
                                                             const BudgetAlert& alert);

}  // namespace patchbay::app
