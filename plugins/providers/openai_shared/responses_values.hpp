// Values of the Responses API's answers in the words of chat, which whole answers and streams write
// alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "patchbay/provider.h"
#include "responses_text.hpp"

namespace patchbay::openai {

/// What all answers to one request have in common.
struct ChatAnswerContext {
    std::string model;          ///< as the upstream was asked, if it does not say another
    std::uint64_t created = 0;  ///< seconds since 1970, if it does not say
    std::string own_id;         ///< if it has no id
    bool functions = false;     ///< calls are told in chat's older form
};

/// Writes what an answer and each of its chunks begins with: id, object, created, model.
void write_chat_head(const json::object& response, const ChatAnswerContext& context,
                     std::string_view object, ObjectText& chat);

/// Chat's finish_reason of a response that has come to its end. `called`: it calls tools.
std::string_view chat_finish_reason(const json::object& response, bool called,
                                    const ChatAnswerContext& context);

/// True if the response says of itself that it came to nothing: failed or cancelled, or with an
/// error.
bool is_failed(const json::object& response);

/// The usage of a response in the words of chat, as JSON text, and for the host; nothing if it tells
/// none.
struct ChatUsage {
    std::string json;
    bay_usage counts{};
};
std::optional<ChatUsage> chat_usage(const json::object& response);

/// The annotations of a part in the words of chat: citations of addresses, `offset` code points
/// further on, in `annotations`; others, such as of files, as they came in `others`.
void append_annotations(const json::array& given, std::uint64_t offset, json::array& annotations,
                        json::array& others);

/// Code points.
std::uint64_t length_of(std::string_view utf8);

/// {"type":"image_url","image_url":{"url":"data:..."},"index":index} of an image_generation_call; null
/// if it holds no image.
json::value chat_image(const json::object& item, std::uint64_t index);

/// True for an item that is a call of the client's: function_call, custom_tool_call.
bool is_call(std::string_view type);

}  // namespace patchbay::openai
