// Streams of Bedrock and SageMaker, which are AWS's messages and not server-sent events.
#pragma once

#include <optional>
#include <string>

namespace patchbay::agreement {

/// True for such a stream.
bool is_messages(const std::string& body);

/// The answer that `whole` is, as AWS sends it to a request of `url`; `events` is the same as server-sent events, as far as
/// it can be. Nothing where nobody knows how.
std::optional<std::string> as_messages(const std::string& whole,
                                       const std::optional<std::string>& events,
                                       const std::string& url);

}  // namespace patchbay::agreement
