// A request for pictures taken apart, and the answer put together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "chat/picture_size.hpp"
#include "translated_exchange.hpp"

namespace patchbay::openai {

struct Pictures {
    std::string prompt;
    std::uint64_t n = 0;                      ///< 0: the client does not say
    std::optional<shared::PictureSize> size;  ///< nothing: as the provider pleases
    bool base64 = false;                      ///< the client wants the data themselves
    boost::json::object others{};             ///< members that are the provider's own
    bay::Dropped dropped{};                   ///< what is not sent although it says something
};

/// What OpenAI's models take of the words for pictures, and hardly any other: for
/// OperationRule::unsupported.
std::vector<std::string> openais_own();

/// Fails without a prompt, for a size that is none, for a number of pictures that is not 1 to 10, and
/// for members that `dialect` says are unsupported, of which "n" may be one: more than one picture.
Written<Pictures> read_pictures(const bay_ev_request& request, const Dialect& dialect);

/// {"url"}, or {"b64_json"} of a data URL.
boost::json::object picture_at(std::string_view url);

/// OpenAI's answer, of this moment by the host's clock.
boost::json::object picture_list(boost::json::array data);

}  // namespace patchbay::openai
