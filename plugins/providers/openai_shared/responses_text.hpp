// What the halves of the translation between chat and the Responses API have in common.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <boost/system/result.hpp>

#include "json/access.hpp"
#include "json/object_text.hpp"
#include "patchbay/json_tree.hpp"
#include "request.hpp"

namespace patchbay::openai {

namespace json = boost::json;

using shared::count;
using shared::find;
using shared::find_array;
using shared::find_object;
using shared::ListText;
using shared::ObjectText;
using shared::text;

template <class T>
using Result = boost::system::result<T, Refusal>;

/// The request has another shape than OpenAI's; `place` as in "messages[2].content[0]".
inline Refusal bad_request(std::string place, std::string_view why) {
    std::string message = place + ": ";
    message += why;
    return {BAY_ERR_BAD_REQUEST, std::move(message), std::move(place)};
}

/// The Responses API cannot say what is at `place`, and without it the answer would be to another
/// question.
inline Refusal not_sayable(std::string place, std::string_view what) {
    std::string message =
        place + ": this model is asked by way of the Responses API, which has no ";
    message += what;
    return {BAY_ERR_UNSUPPORTED, std::move(message), std::move(place)};
}

/// "messages[2]"
inline std::string place_of(std::string_view list, std::size_t index) {
    return std::string(list).append("[").append(std::to_string(index)).append("]");
}

}  // namespace patchbay::openai
