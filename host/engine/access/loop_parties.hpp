// The customers and tags that one event loop knows.
#pragma once

#include <array>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/access/held_over.hpp"
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
    using HeldParties = HeldOver<std::string, Party, HashOfName>;

    void remember(const std::shared_ptr<const Party>& party);
    FoundParty before(Kind kind, const std::string& name);
    HeldParties& held_over(Kind kind) { return held_over_[kind == Kind::customer ? 0 : 1]; }

    PartyBook& book_;
    const Keyring& keyring_;
    boost::asio::io_context& io_;
    PartyTables tables_;
    std::array<HeldParties, 2> held_over_;
};

}  // namespace patchbay::access
