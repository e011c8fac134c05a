// LiteLLM's StandardLoggingPayload of a finished call. Every member is described in
// docs/logging.md. Tested by payload_test.cpp.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "engine/exchange/logger_exchange.hpp"
#include "engine/records/call_record.hpp"

namespace patchbay {

/// What a sink may see, and what all sinks may.
struct RecordPrivacy {
    bool redact_messages = false;              ///< turn_off_message_logging
    bool redact_key_info = false;              ///< redact_user_api_key_info
    std::vector<std::string> excluded_fields;  ///< standard_logging_payload_excluded_fields
};

/// What a record lacks because it could not be read: "request: ',' expected at byte 7".
using Unread = std::vector<std::string>;

/// The payload with everything in it; halves of surrogate pairs as U+FFFD. A text that cannot be
/// read is said to be left out ("litellm_truncated: ..."), and why is added to `unread`.
boost::json::object make_payload(const CallEntry& entry, Unread& unread);

/// The record for one sink. The client's own wish about redaction ("redact" in the facts) goes
/// before the configuration's.
LogRecord make_record(const CallEntry& entry, const boost::json::object& payload,
                      const RecordPrivacy& privacy);

/// One answer out of the chunks of a stream, one a line: texts joined, tool calls put together.
/// Halves of pairs that two chunks brought are one character; chunks that cannot be read are left
/// out and added to `unread`.
boost::json::object rebuilt_answer(std::string_view chunks, Unread& unread);

/// The same for the events of a message of Anthropic's.
boost::json::object rebuilt_message(std::string_view events, Unread& unread);

/// The same for the events of a response of OpenAI's: the response that its last event holds. If the
/// stream was cut it is the one that the events before tell of, as far as it came.
boost::json::object rebuilt_response(std::string_view events, Unread& unread);

/// The one of them that fits the call's answer (facts["answer_shape"]).
boost::json::object rebuilt(const boost::json::object& facts, std::string_view stream,
                            Unread& unread);

}  // namespace patchbay
