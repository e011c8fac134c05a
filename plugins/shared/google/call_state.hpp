// What an assistant's call carries of the model's state through a client of OpenAI's API.
//
// Gemini signs its thoughts, and the signature stands in the part that follows them: often a call.
// The next turn must bring it back there. LiteLLM gives it to clients twice, and so does this: in
// the call's provider_specific_fields, and behind "__thought__" in its id, for clients that keep
// nothing but ids. Any of the two is read, and Google's own place in its API in OpenAI's form:
// extra_content.google.thought_signature.
#pragma once

#include <string>
#include <string_view>

#include "json.hpp"

namespace patchbay::google {

/// Between the id of a call and its signature.
inline constexpr std::string_view kThought = "__thought__";

/// The id without the signature.
inline std::string_view plain_id(std::string_view id) {
    return id.substr(0, id.find(kThought));
}

/// The id of a call for a client; `signature` may be empty.
inline std::string signed_id(std::string_view id, std::string_view signature) {
    std::string made(id);
    if (!signature.empty()) made.append(kThought).append(signature);
    return made;
}

/// A signature as Google gives it, of one in the alphabet for addresses, as it stands in ids of calls that
/// went through other APIs.
inline std::string base64_of(std::string_view signature) {
    constexpr std::size_t kGroup = 4;
    std::string made;
    for (const char c : signature) made += c == '-' ? '+' : c == '_' ? '/' : c;
    const bool padded = made.ends_with('=');
    while (!padded && made.size() % kGroup != 0) made += '=';
    return made;
}

/// Where clients of Google's API in OpenAI's form put the signature of a call or of a message; empty if
/// there is none.
inline std::string_view googles_signature(const json::object& holder) {
    const auto* extra = find_object(holder, "extra_content");
    const auto* google = extra ? find_object(*extra, "google") : nullptr;
    return text(google, "thought_signature");
}

/// The signature that a client sent back with `call`, of `tool_calls`; empty if it did not.
inline std::string signature_of(const json::object& call) {
    if (const auto own = googles_signature(call); !own.empty()) return std::string(own);
    for (const auto* holder : {&call, find_object(call, "function")}) {
        const auto* own = find_object(holder, "provider_specific_fields");
        const auto signature = text(own, "thought_signature");
        if (!signature.empty()) return std::string(signature);
    }
    const auto id = text(call, "id");
    const auto at = id.find(kThought);
    return at == std::string_view::npos ? std::string()
                                        : base64_of(id.substr(at + kThought.size()));
}

}  // namespace patchbay::google
