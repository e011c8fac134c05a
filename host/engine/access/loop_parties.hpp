// The customers and tags that one event loop knows.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/access/keyring.hpp"
#include "engine/access/party_book.hpp"

namespace patchbay::access {

class LoopParties final : public PartyFinder {
  public:
    /// All outlive it; the book is stopped before the loop's context ends.
    LoopParties(PartyBook& book, const Keyring& keyring, boost::asio::io_context& io)
        : book_(book), keyring_(keyring), io_(io) {}

    bool may_have_limits(Kind kind, std::string_view name) const override {
        return book_.may_have_limits(kind, name);
    }
    std::shared_ptr<const Party> known(Kind kind, std::string_view name) override;
    boost::asio::awaitable<std::vector<FoundParty>> find(std::vector<PartyAsk> asked) override;

  private:
    void remember(const std::shared_ptr<const Party>& party);

    PartyBook& book_;
    const Keyring& keyring_;
    boost::asio::io_context& io_;
    PartyTables tables_;
};

}  // namespace patchbay::access
