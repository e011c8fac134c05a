// The operations of OpenAI's API that are one HTTP call: facts in a table.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay::openai {

enum class RequestForm : std::uint8_t {
    none,  ///< no body: the path says all
    json,  ///< the client's bytes, with the upstream's model in place
    form,  ///< the client's parts in their order, with the upstream's model in place
};

enum class AnswerForm : std::uint8_t {
    document,   ///< one JSON document
    by_format,  ///< a document, or text if the part "response_format" asks for one (srt, vtt, text)
    bytes,      ///< passed on as they come, with the upstream's content type
};

/// Ids that patchbay/operations.h has no names for.
inline constexpr const char kCompactResponse[] = "responses.compact";
inline constexpr const char kCountResponse[] = "responses.input_tokens";

struct PassOperation {
    std::string_view id;      ///< BAY_OP_*
    std::string_view path;    ///< behind the provider's address, if its row has no other; with the
                              ///< name of an id of the request in braces
    std::string_view answer;  ///< for messages: "the provider's answer is not <answer>"
    RequestForm request = RequestForm::json;
    std::string_view method = "POST";
    AnswerForm form = AnswerForm::document;
    bool stream_options = false;   ///< a stream tells its usage if stream_options ask for it
    std::string_view spoken = {};  ///< member whose characters are what is paid for
};

/// Static; nullptr if there is none of that id.
const PassOperation* find_pass_operation(std::string_view id);

}  // namespace patchbay::openai
