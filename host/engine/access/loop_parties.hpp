// The customers and tags that one event loop knows.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/access/keyring.hpp"
#include "engine/access/party_book.hpp"

namespace patchbay::access {

/// On its loop's thread.
class LoopParties {
  public:
    using Kind = store::Subject;

    /// All outlive it; the book is stopped before the loop's context ends.
    LoopParties(PartyBook& book, const Keyring& keyring, boost::asio::io_context& io)
        : book_(book), keyring_(keyring), io_(io) {}

    /// Whether one of this name may have limits. Without a lock.
    bool may_have_limits(Kind kind, std::string_view name) const {
        return book_.may_have_limits(kind, name);
    }
    /// One that was used before: a look into a table, without a lock. nullptr: find() must be asked.
    std::shared_ptr<const Party> known(Kind kind, std::string_view name);
    /// Asks the store, if need be. An Error (503): nobody could say in time.
    boost::asio::awaitable<FoundParty> find(Kind kind, std::string name);

  private:
    void remember(const std::shared_ptr<const Party>& party);

    PartyBook& book_;
    const Keyring& keyring_;
    boost::asio::io_context& io_;
    PartyTables tables_;
};

}  // namespace patchbay::access
