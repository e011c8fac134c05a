// The token counts of a chat answer that was read into a tree.
#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "contract/shape/usage.hpp"

namespace patchbay::surface {

/// parse_usage() of an answer's "usage" that is a tree; nullptr: nothing is told.
std::optional<Usage> usage_of(const boost::json::object* usage);

/// Does a usage count anything? Some servers end a stream with one that does not, behind the true one.
bool counts_tokens(const boost::json::object& usage);

}  // namespace patchbay::surface
