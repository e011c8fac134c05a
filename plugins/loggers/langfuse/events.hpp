// A record as events of Langfuse's ingestion API: a trace, the generation in it, and a span for
// each guardrail that ran. Members and names are LiteLLM's, so that dashboards keep working.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "shared/payload.hpp"

namespace patchbay::langfuse {

/// What traces are tagged with beside the tags of their requests.
struct DefaultTags {
    std::vector<std::string> names;  ///< of what a record tells; what it does not is no tag
    std::string proxy_base_url;      ///< the value of `proxy_base_url`
};

/// Events in the order in which they are to be sent. Everything in them, ids and times too, depends
/// on the record and `tags` alone.
std::vector<boost::json::object> events_of(const sink::Record& record, const DefaultTags& tags);

}  // namespace patchbay::langfuse
