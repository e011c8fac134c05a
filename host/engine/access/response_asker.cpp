#include "engine/access/response_asker.hpp"

#include <string>

#include "contract/crypto/crypto.hpp"

namespace patchbay::access {

namespace {

// A line break stands in no key that a client can present, so nobody makes one of these up.
std::string owner_of(const Principal& principal) {
    if (!principal.user_id.empty()) return "user\n" + principal.user_id;
    if (!principal.team_id.empty()) return "team\n" + principal.team_id;
    return "key\n" + principal.hash_text;
}

}  // namespace

ResponseAsker response_asker(const Principal* principal, const GeneralSettings& settings,
                             std::string_view key) {
    ResponseAsker asker;
    if (settings.master_key.empty()) {
        asker.owner = sha256(key);
        return asker;
    }
    asker.known = true;
    asker.owner = sha256(principal ? owner_of(*principal) : std::string("master\n"));
    asker.all = !principal || principal->admin || settings.disable_responses_id_security;
    return asker;
}

}  // namespace patchbay::access
