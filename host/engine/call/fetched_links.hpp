// The files that a request names by their addresses, for providers that follow no links.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>

#include "contract/failed.hpp"
#include "engine/call/call.hpp"
#include "engine/links/link_budget.hpp"

namespace patchbay {

/// The same request with the files in it, and their place in what the loop may hold.
struct LinkedAsk {
    LinkedAsk(std::uint64_t bytes, std::uint64_t& held) : budget(bytes, held) {}

    Ask ask;
    LinkBudget budget;
};

/// Does the provider of `deployment` leave links of its model `called` alone that may be in `ask`?
bool may_need_links(const Ask& ask, const Deployment& deployment, std::string_view called);

/// Fetches them, if may_need_links(), four at a time, and makes `own` the same request with the files in the place
/// of their addresses; it stays null if there are none after all. All together may have LinkSettings::most_bytes,
/// and take as long as the attempt may, at most half a minute. A failure is the client's (ErrorClass::bad_request)
/// and names the place. On the call's loop.
boost::asio::awaitable<Failed> fetch_links(Call& call, const Ask& ask, const Deployment& deployment,
                                           const RequestForm& form,
                                           std::unique_ptr<LinkedAsk>& own);

}  // namespace patchbay
