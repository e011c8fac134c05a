// Bedrock's streams, which are AWS's messages and not server-sent events.
#pragma once

#include <optional>
#include <string>

namespace patchbay::agreement {

/// The same answer as InvokeModelWithResponseStream sends it: each event of `body`, which is server-sent
/// events, in a `chunk` of base64.
std::string in_chunks(const std::string& body);

/// The same answer as ConverseStream sends it. Nothing if `body` is no whole answer of Converse's.
std::optional<std::string> as_converse_stream(const std::string& body);

}  // namespace patchbay::agreement
