// E-mail addresses of users and of teams.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"

namespace patchbay::store {

/// Of the user with this user_id: one, or none.
Stored<std::vector<std::string>> mail_of_user(Database& database, std::string_view user_id);

/// Of the members of the team with this team_id that have one, each once; at most 100.
Stored<std::vector<std::string>> mail_of_team(Database& database, std::string_view team_id);

}  // namespace patchbay::store
