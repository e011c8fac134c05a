// Takes credentials out of the parts of a request that go into a record.
#pragma once

#include <boost/json/value.hpp>

namespace patchbay {

/// Replaces every value under a secret name by "[redacted]", at any depth, and secrets in links. A
/// schema's description of such a member is an object, and with `schemas` only texts are replaced;
/// else whatever stands there. Headers (members "headers", "extra_headers") are replaced wholly.
void hide_secrets(boost::json::value& value, bool schemas);

/// Only the links: for messages and answers, which are the user's own words.
void hide_link_secrets(boost::json::value& value);

}  // namespace patchbay
