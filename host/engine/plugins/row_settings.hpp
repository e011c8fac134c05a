// What a row of a provider table takes from the environment, and where it leads. The members that are read
// here were looked at when the table was (provider_rows.hpp).
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "config/loader.hpp"
#include "engine/plugins/plugin_set.hpp"

namespace patchbay {

/// The provider's own address: `base_url` with the row's settings for names in braces, of which those
/// of variables go before those of the table. Empty if one of them has no value, or there is no address.
/// An empty `environment` holds no variables.
std::string own_address(const ProviderRow& row, const Environment& environment);

/// The variables that the address of a row may come from, for messages: `api_base_env`, then those of
/// names in braces.
std::vector<std::string> address_variables(const ProviderRow& row);

/// The row's `settings` with the values of `settings_env`.
boost::json::object settings_in(const ProviderRow& row, const Environment& environment);

/// Where the row's requests may go beside its address and what its component names: `egress`.
std::vector<std::string> row_egress(const ProviderRow& row);

/// Where an answer's usage tells what it costs, for meter::told_cost(): `told_cost`; empty if the row says
/// nothing of it.
std::string told_cost_member(const ProviderRow& row);

/// The row as its plugin gets it: with settings_in() as its `settings` and own_address() as its
/// `base_url`.
boost::json::object row_in(const ProviderRow& row, const Environment& environment);

}  // namespace patchbay
