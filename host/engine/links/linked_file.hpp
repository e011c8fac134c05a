// A file that a request names by its address, fetched.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "config/link_settings.hpp"
#include "contract/error.hpp"
#include "engine/http/client.hpp"
#include "engine/links/link_budget.hpp"

namespace patchbay {

struct LinkedFile {
    std::string media_type;  ///< "image/png", without parameters, in lower case
    std::string bytes;
    std::string name;  ///< the last segment of its address's path; may be empty

    /// "data:image/png;base64,...".
    std::string data_url() const;
};

/// GET, with up to five redirections, each of which `settings` must allow like the first address: only
/// addresses of the public internet, unless the host is listed. Failures are the client's
/// (ErrorClass::bad_request): they name scheme, host and path of `url`, not its query, which may hold a
/// key, and nothing of what a server that may not be asked is like. The type is the one that the server tells; where it tells none or that it
/// does not know, that of the first bytes. On the client's loop.
/// `time` is for all of it; what is read is taken from `budget`, which several may share. Where all requests
/// together hold too much, the failure has the status 503.
boost::asio::awaitable<Result<LinkedFile>> fetch_linked_file(http::Client& client,
                                                             const LinkSettings& settings,
                                                             std::string url,
                                                             std::chrono::milliseconds time,
                                                             LinkBudget& budget);

/// Takes room for so many bytes of the file at `url` from `budget`. If there is not so much, what fetch_linked_file() fails with
/// then, and nothing was taken.
std::optional<Error> take_room(LinkBudget& budget, std::string_view url, std::uint64_t bytes);

/// True if `settings` let the host be asked whatever its address is.
bool is_listed_host(const LinkSettings& settings, const http::Url& url);

/// What the first bytes of a file say that it is ("image/png"); empty: nothing that is known.
std::string_view media_type_of_bytes(std::string_view bytes);

}  // namespace patchbay
