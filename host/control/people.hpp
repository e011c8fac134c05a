// What handlers ask of keys, teams and users: by the names that clients give them, and whether the caller may
// touch them.
#pragma once

#include "control/entity.hpp"

namespace patchbay::control {

/// By LiteLLM's name; refuses with 404 if it is not there.
store::Row team_named(Context& context, const std::string& team_id);
store::Row user_named(Context& context, const std::string& user_id);
/// A user for a name that may be new: a key or a team may name users that were never made. Such a one has what the
/// configuration gives (named_user_defaults).
store::Row user_or_new(Context& context, store::Writing& writing, const std::string& user_id,
                       const std::string& email = {});
/// Refuses a `spend` in the body, unless it is 0.
void refuse_spend(const Context& context);
/// The key that is given raw, or by its hash; refuses with 404 if it is not there. The text never repeats it.
store::Row key_named(Context& context, const std::string& key);

/// An administrator of the team, or of all.
bool administers(Context& context, std::int64_t team);
bool is_member(Context& context, std::int64_t team);
/// The team of the body's `team_id`; refuses with 403 if the caller does not administer it.
Entity administered_team(Context& context);
/// Whose key it is, and administrators of its team.
bool may_see(Context& context, const store::Row& key);
bool may_change(Context& context, const store::Row& key);
[[noreturn]] void refuse_foreign(const Context& context, const std::string& what);

/// The name of a row that another one points at; null if it points at none.
boost::json::value name_of(Context& context, const store::Table& table, const store::Row& row,
                           std::string_view column);
/// `page`, `size` of a listing: 1 to 100.
store::PageAsk page_ask(const Context& context, std::string_view size_name, std::int64_t size);
std::int64_t page_count(std::int64_t total, std::int64_t size);

/// A key as /key/info shows it: without its hash.
boost::json::object shown_key(Context& context, const Entity& key);
/// With `token`, as lists and updates show it.
boost::json::object shown_key_row(Context& context, const Entity& key);
boost::json::object shown_team(Context& context, const Entity& team);
boost::json::object shown_user(Context& context, const Entity& user);
/// {"user_id", "user_email", "role"} of each.
boost::json::array shown_members(Context& context, std::int64_t team);

/// A new key's text: "sk-" and 22 characters of 128 random bits.
std::string new_key_text();
/// The text of a key that is made: what the member `name` of the request says, else a new one. Refuses a request that chooses
/// one where nobody may (`disable_custom_api_keys`).
std::string text_for_key(const Context& context, std::string_view name);
/// Makes the key of `text` in the entity, without writing it: hash, and the name that shows its end.
void set_key_text(Entity& key, std::string_view text);
/// Puts the key into the organization of the body's `organization_id`, if it has one; refuses a `project_id`.
void set_key_organization(Context& context, Entity& key);
/// Makes and writes a key from a request's body; the answer has its text, this once.
boost::json::object make_key(Context& context, store::Writing& writing,
                             const std::optional<store::Row>& user, std::string text);
/// What is told once of a key that has a new secret, `text`: its row, the secret, and what the request set as it asked for it.
boost::json::object shown_secret(Context& context, const Entity& key, std::string_view text);

}  // namespace patchbay::control
