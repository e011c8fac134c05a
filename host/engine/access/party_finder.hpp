// Who says what limits a customer or a tag has.
//
// An interface, so that calls can be made where there is no store: the client library has none, and is not linked with one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "engine/access/party.hpp"

namespace patchbay::access {

/// A party, or why nobody can say who it is.
struct FoundParty {
    std::shared_ptr<const Party> party;
    std::optional<Error> refused;
    bool away = false;  ///< the store did not say: who was known before may go on
};

/// Who is asked about.
struct PartyAsk {
    store::Subject kind = store::Subject::customer;
    std::string name;
};

/// Of one event loop, on its thread. Outlives the calls.
class PartyFinder {
  public:
    using Kind = store::Subject;

    virtual ~PartyFinder() = default;
    /// Whether one of this name may have limits. Without a lock.
    virtual bool may_have_limits(Kind kind, std::string_view name) const = 0;
    /// One that was used before: a look into a table, without a lock. nullptr: find() must be asked.
    virtual std::shared_ptr<const Party> known(Kind kind, std::string_view name) = 0;
    /// Asks the store, if need be, of all at once. What was found, in the same order. An Error (503): nobody could say in
    /// time.
    virtual boost::asio::awaitable<std::vector<FoundParty>> find(std::vector<PartyAsk> asked) = 0;
};

}  // namespace patchbay::access
