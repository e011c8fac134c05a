// SPDX-License-Identifier: Apache-2.0
// A Messages API answer to a chat completion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "failure.hpp"
#include "json.hpp"
#include "json_mode.hpp"
#include "tool_names.hpp"
#include "usage.hpp"

namespace patchbay::anthropic {

/// What an answer needs beside the upstream's words; the same for whole answers and streams.
struct AnswerContext {
    std::int64_t created = 0;                  ///< seconds since 1970
    std::string request_id;                    ///< makes the answer's id if the upstream gives none
    std::string_view id_prefix = "chatcmpl-";  ///< of the upstream's id; lives for ever
    std::string model;                         ///< as asked for, used if the upstream names none
    JsonMode json_mode = JsonMode::off;
    std::string prefix;
    ToolNames tool_names;
};

struct Answer {
    std::string json;  ///< "chat.completion"
    Usage usage;
};

/// "end_turn" and the like to OpenAI's finish_reason; an unknown or absent reason is "stop". An
/// answer that pauses is not whole, which OpenAI calls "length".
std::string_view finish_reason(std::string_view stop_reason);

/// The upstream's reason where OpenAI's says less (a refusal, a pause of a long turn), for
/// provider_specific_fields; else empty.
std::string_view telling_stop_reason(std::string_view stop_reason);

/// The prefix and the upstream's id; "chatcmpl-" and the request's if there is none.
std::string completion_id(std::string_view upstream_id, const AnswerContext& context);

/// url_citation annotations for the web search citations of a text block that stands at characters
/// [start, end) of the content. Appended to `annotations`.
void annotate(const json::array& citations, std::uint64_t start, std::uint64_t end,
              json::array& annotations);

/// Number of characters (code points) of UTF-8 text, as clients count indices.
std::uint64_t characters(std::string_view utf8);

/// Pure. Fails with BAY_ERR_UPSTREAM if `upstream_json` is no Messages API answer.
Result<Answer> translate_answer(std::string_view upstream_json, const AnswerContext& context);

}  // namespace patchbay::anthropic
