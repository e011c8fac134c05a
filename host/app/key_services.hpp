// What knows whose calls are: virtual keys, customers and tags, out of the store.
#pragma once

#include <memory>
#include <string>

#include <boost/system/result.hpp>

#include "config/config.hpp"
#include "control/settings.hpp"
#include "engine/access/keyring.hpp"
#include "engine/access/party_book.hpp"
#include "engine/shared/state_sync.hpp"

namespace patchbay::app {

/// Both or neither. The keyring's thread tells the book what it hears, so it ends first.
struct KeyServices {
    std::unique_ptr<access::PartyBook> parties;
    std::unique_ptr<access::Keyring> keys;

    /// Ends their threads: nothing is looked up any more.
    void stop();
};

/// By which gateways share state and limits; null: they do not.
std::unique_ptr<StateSync> start_sharing(const Config& config);

/// `shared`: by which gateways share limits; outlives them; null: they do not. On failure the text says why, for the log.
boost::system::result<KeyServices, std::string> start_keys(const store::Address& books,
                                                           const Config& config, StateSync* shared);

/// What management requests must know of a configuration.
control::Settings plane_settings(const Config& config);

/// Warns in the log of a master key that keeps nobody out.
void warn_of_open_door(const Secret& master_key);

}  // namespace patchbay::app
