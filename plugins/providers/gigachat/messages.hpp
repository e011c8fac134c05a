// SPDX-License-Identifier: Apache-2.0
// A conversation in GigaChat's words: a message calls one function at most, its results are JSON
// objects, and what is no text is a file that is uploaded before.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <boost/json/array.hpp>

#include "openai_shared/request.hpp"

namespace patchbay::gigachat {

/// A file that a message names once it has an id.
struct Upload {
    std::size_t message = 0;  ///< its index in Conversation::messages
    std::string type;         ///< "image/png"
    std::string bytes;
};

struct Conversation {
    boost::json::array messages;
    std::vector<Upload> uploads;
};

inline constexpr std::size_t kMostUploads = 32;  // a host makes 64 calls of an exchange

/// The messages of a chat request. The calls of one message become several, each followed by its
/// result. Instructions that are not the first message are the user's: GigaChat takes no others. Fails
/// for what cannot be said there, with its place: the address of a picture, which nobody fetches here,
/// and parts of other kinds.
openai::Written<Conversation> conversation_of(const boost::json::array& messages);

/// Lets message `index` name the file `id`.
void attach(boost::json::array& messages, std::size_t index, std::string_view id);

}  // namespace patchbay::gigachat
