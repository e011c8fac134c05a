// A family of documents that answers come in, as a row of functions.
#pragma once

#include <optional>
#include <string_view>

#include "contract/shape/answer_facts.hpp"
#include "contract/shape/usage.hpp"

namespace patchbay {

/// How the documents of one API are read without being changed. Stateless; one const object per
/// family. All functions are safe on any bytes, allocate nothing and may be called on any thread.
struct Shape {
    std::string_view name;  ///< "chat"
    /// Events of a stream carry names of their own.
    bool named_events = false;
    /// One pass that checks the whole text (RFC 8259, UTF-8): what is not exactly one object is
    /// none, so nothing broken is passed on. `event` is the name of a stream's event, empty for a
    /// whole answer.
    AnswerFacts (*scan)(std::string_view event, std::string_view json) = nullptr;
    /// Puts the counts in the range AnswerFacts::usage over those that are known: what is told later
    /// holds, 0 says nothing. False: it tells none.
    bool (*read_usage)(std::string_view usage, Usage& known) = nullptr;
    /// Does an event say something that the client should see, or only that an answer begins?
    /// From the first one that does no other deployment can take over.
    bool (*meaningful)(std::string_view event, std::string_view json) = nullptr;
};

/// OpenAI's chat completions, and its text completions, whose choices are alike.
extern const Shape kChatShape;
/// OpenAI's lists: {"object":"list","data":[...]}, of embeddings and the like. They are not
/// streamed.
extern const Shape kListShape;
/// OpenAI's pictures: a list; as a stream named events, of which the last ends in ".completed".
extern const Shape kImageShape;
/// Anthropic's count of tokens: {"input_tokens":7}. Nothing is generated, so it is no usage.
extern const Shape kCountShape;
/// Anthropic's messages.
extern const Shape kMessageShape;
/// Objects of any API: every one without an error that says something is an answer.
extern const Shape kObjectShape;
/// OpenAI's responses.
extern const Shape kResponseShape;
/// What is asked of responses that were made before, and paid for then: they, and objects of any
/// kind.
extern const Shape kKeptResponseShape;
/// Google's answers of generateContent.
extern const Shape kGenerateShape;
/// Answers of Bedrock's Converse.
extern const Shape kConverseShape;

}  // namespace patchbay
