// Responses of OpenAI's Responses API, whole and as events of a stream.
#pragma once

#include <cstdint>
#include <string_view>

#include "contract/shape/shape.hpp"

namespace patchbay {

/// The facts of one whole response or one event. Model and usage are those of a response, or of the
/// one inside an event that tells how it stands; text is a response's list of output items, or the
/// member `delta` of an event that tells words. A stream has one part, which response.created begins and response.completed,
/// response.incomplete or response.failed ends. A response that failed is an answer: its status is
/// how this API says so. The event "error" is an error.
struct ResponseFacts : AnswerFacts {
    /// Says something to the client: words, a call, a tool at work, the end.
    bool meaningful = false;
    bool operator==(const ResponseFacts&) const = default;
};

/// kResponseShape's scan. `event` stands in where the text has no type. Any bytes are safe. Needs no
/// padding, allocates nothing; any thread.
ResponseFacts scan_response(std::string_view event, std::string_view json);

/// How often the provider searched the web for a response, or for the one inside an event: OpenAI's usage
/// does not tell, and bills each call of the tool that searches, not those that open or look through a
/// page. Any bytes are safe; allocates nothing; any thread.
std::uint64_t response_searches(std::string_view json);

}  // namespace patchbay
