// AWS's Security Token Service: keys of a role, for keys of one's own or for a token of somebody else's.
#pragma once

#include <string>
#include <string_view>

#include "session.hpp"

namespace patchbay::aws {

/// A role to be taken. Views.
struct Role {
    std::string_view arn;
    std::string_view session_name;
    std::string_view external_id;         ///< empty: none
    std::string_view web_identity_token;  ///< of AssumeRoleWithWebIdentity; empty: AssumeRole
};

/// The body of a call of STS's Query API (version 2011-06-15), a form.
std::string assume_role_form(const Role& role);

/// The session that STS answers, in XML. Fails with BAY_ERR_AUTH if it holds none; nothing of the text
/// is repeated.
Result<EndingSession> read_assumed_role(std::string_view xml);

/// The code of an error that STS answers, such as "AccessDenied"; empty if it tells none. Letters
/// alone, so that it can be shown.
std::string error_code(std::string_view xml);

}  // namespace patchbay::aws
