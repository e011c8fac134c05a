// The virtual keys that one event loop knows.
#pragma once

#include <memory>
#include <unordered_map>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/access/held_over.hpp"
#include "engine/access/keyring.hpp"

namespace patchbay::access {

/// On its loop's thread.
class LoopKeys {
  public:
    /// Both outlive it; the keyring is stopped before the loop's context ends.
    LoopKeys(Keyring& keyring, boost::asio::io_context& io) : keyring_(keyring), io_(io) {}

    /// A key that was used before: a look into a table, without a lock. nullptr: find() must be asked.
    std::shared_ptr<const Principal> known(const store::KeyHash& hash);

    /// Does the store answer, as far as was seen in the last seconds?
    bool store_answers() const { return keyring_.hears(); }

    /// Why a key is refused without asking the store. nullopt: it may be good.
    std::optional<Error> refused(const store::KeyHash& hash);

    /// Asks the store, if need be; what was known before will do if it does not say in time. An Error: there is no such key
    /// (401), or nobody could say (503).
    boost::asio::awaitable<FoundKey> find(store::KeyHash hash);

  private:
    void remember(const std::shared_ptr<const Principal>& principal);
    FoundKey before(const store::KeyHash& hash);

    Keyring& keyring_;
    boost::asio::io_context& io_;
    std::unordered_map<store::KeyHash, std::shared_ptr<const Principal>, HashOfHash> table_;
    HeldOver<store::KeyHash, Principal, HashOfHash> held_over_;
};

}  // namespace patchbay::access
