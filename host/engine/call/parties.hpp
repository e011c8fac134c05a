// On whose behalf a call is made, besides its key: a customer, tags. Who they are is found before the call is let in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "contract/failed.hpp"
#include "engine/access/party.hpp"

namespace patchbay {

class Call;
struct ModelRoute;

/// Of one call.
struct Parties {
    std::string customer;           ///< end_user_of(); empty: nobody is named
    std::vector<std::string> tags;  ///< of the request, then of its key and team; each once
    /// Of those that may have limits.
    std::shared_ptr<const access::Party> limited_customer;
    std::vector<std::shared_ptr<const access::Party>> limited_tags;
};

/// Reads the names out of the request, which was read. A request has tags_most at most; others are passed over.
void name_parties(Call& call);

/// True: find_parties() must be asked, as some of them may have limits, or must be validated.
bool may_have_limits(const Call& call);

/// Finds them, asking the store if need be. Where customers are validated (validate_end_user_id_in_db) one whom the store does
/// not know is named no more. An Error: the customer is blocked (400), or nobody could say in time (503).
boost::asio::awaitable<Failed> find_parties(Call& call);

/// The only region, "eu" or "us", to whose deployments the call may go: the customer's, else the request's
/// `allowed_model_region`; empty: any.
std::string_view region_of(const Call& call);

/// Where the customer may use deployments of one region alone and the route's group has none there, the route of its
/// default model takes its place. An Error (400) if there is none, or none that is there; and if the request asks for a
/// region of its own that nobody is in, or that is none.
std::optional<Error> keep_to_region(Call& call, ModelRoute& route);

}  // namespace patchbay
