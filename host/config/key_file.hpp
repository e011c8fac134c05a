// Credentials that stand in a file of their own, as Google's key files do.
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

namespace patchbay {

/// True for settings of deployments that may name such a file: LiteLLM's `vertex_credentials`.
bool may_be_key_file(std::string_view name);

/// Puts the text of the file into `value` if that is a text which names one: it does not begin as
/// JSON does. A plugin reads no files, so the host does, once for each reading of the
/// configuration. False if the file cannot be read or is larger than 64 KiB.
bool read_key_file(boost::json::value& value);

}  // namespace patchbay
