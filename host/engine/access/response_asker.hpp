// Whom the responses that a key makes belong to.
#pragma once

#include <string_view>

#include "config/config.hpp"
#include "engine/access/principal.hpp"
#include "engine/kept/response_asker.hpp"

namespace patchbay::access {

/// Who has the same owner may use the response: the key's user, of a key of no user its team, of one
/// without either the key itself. The master key and administrators use those of all, and everybody does with
/// `disable_responses_id_security`. `principal` is nullptr for the master key, and where there is none: then
/// whoever presents the same `key` is the same, and not known.
ResponseAsker response_asker(const Principal* principal, const GeneralSettings& settings,
                             std::string_view key);

}  // namespace patchbay::access
