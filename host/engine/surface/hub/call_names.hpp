// Ids of calls and names of tools where the two APIs take different ones.
//
// An id or a name that the other side would refuse is replaced by one made of its own text alone:
// the same on the call and on its result, in this turn and in every later one, on any machine. So
// pairs survive without a memory, and the same conversation always gives the same bytes. What the
// other side takes goes as it is.
//
// Models of Google's sign their thoughts, and the signature comes back behind the id of a call
// ("id__thought__signature", as at LiteLLM): such an id is the state of the model, and stays whole.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::surface {

/// `id` of a call for OpenAI's chat API, which takes up to 64 characters: itself, or "tc_" and 40
/// hexadecimal digits of its SHA-256. With a signature itself.
std::string chat_call_id(std::string_view id);

/// The same for Anthropic's Messages API, which takes [A-Za-z0-9_-] and no empty id: a signature is in
/// the alphabet of base64 for addresses, without padding.
std::string messages_call_id(std::string_view id);

/// The same for Bedrock's Converse, which takes 1 to 64 of [A-Za-z0-9_.:-]; with a signature as for
/// Anthropic's, and longer.
std::string converse_call_id(std::string_view id);

/// The id of a thing of the answer in an API whose ids say what they are of and have up to 64
/// characters: `prefix` and `seed`, or, where that is too long or has other characters than
/// [A-Za-z0-9_-], `prefix` and 40 hexadecimal digits of the seed's SHA-256.
std::string item_id(std::string_view prefix, std::string_view seed);

/// The id of a chat answer without what says whose it is: "chatcmpl-1", "resp_1", "msg_1" -> "1".
std::string_view bare_id(std::string_view answer_id);

/// The names of one request's tools that OpenAI's chat API does not take, which wants up to 64 of
/// [A-Za-z0-9_-] (Anthropic up to 128, Google dots and colons, too), and the way back. A value;
/// small: only changed names are in it.
class ChatNames {
  public:
    /// `name` itself, or its first 55 bytes, "_" for each that is not taken, "_" and 8 digits of its
    /// SHA-256, as LiteLLM writes it. A tool of a group (a namespace of the Responses API), which chat
    /// does not have, is called "group__name".
    std::string shorten(std::string_view name, std::string_view group = {});
    /// What the client called the tool. A view into this, or `name` itself.
    std::string_view original(std::string_view name) const;
    /// The group of a tool as it was sent; empty: it is in none. A view into this.
    std::string_view group(std::string_view name) const;

  private:
    struct Changed {
        std::string name;   ///< the client's
        std::string group;  ///< likewise
    };
    const Changed* find(std::string_view sent) const;

    std::map<std::pair<std::string, std::string>, std::string> sent_;  ///< by name and group
    std::map<std::string, Changed, std::less<>> changed_;              ///< by what was sent
};

}  // namespace patchbay::surface
