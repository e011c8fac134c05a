// What handlers of teams and of organizations share: team_members.hpp.
#include <boost/json/array.hpp>

#include "control/ids.hpp"
#include "control/team_members.hpp"

namespace patchbay::control {

namespace json = boost::json;

std::optional<std::string> text_in(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    if (member == nullptr || member->is_null()) return std::nullopt;
    if (!member->is_string()) {
        refuse_value("body", name, "string_type", "Input should be a valid string");
    }
    check_text("body", name, member->get_string());
    return std::string(member->get_string());
}

std::vector<json::object> members_in(Context& context, std::string_view name) {
    const json::value* asked = context.ask.body.if_contains(name);
    if (asked == nullptr) refuse_missing("body", name);
    if (const json::object* one = asked->if_object()) return {*one};
    const json::array* list = asked->if_array();
    if (list == nullptr) refuse_value("body", name, "list_type", "Input should be a valid list");
    std::vector<json::object> members;
    for (const json::value& element : *list) {
        if (!element.is_object()) {
            refuse_value("body", name, "dict_type", "Input should be a valid dictionary");
        }
        members.push_back(element.get_object());
    }
    return members;
}

store::Row user_of_member(Context& context, store::Writing& writing, const json::object& member) {
    const auto id = text_in(member, "user_id");
    const auto email = text_in(member, "user_email");
    if (id) return user_or_new(context, writing, *id, email.value_or(""));
    if (!email) {
        refuse(400, "bad_request_error", "Either user_id or user_email must be provided", "member");
    }
    constexpr store::PageAsk kTwo{.sort = "id", .page = 1, .size = 2};
    auto found = must(context.records.list(store::kUserTable,
                                           {{{"email", store::Filter::Op::equal, *email}}}, kTwo));
    if (found.rows.size() > 1) {
        refuse(400, "bad_request_error",
               "Multiple users with this email found in db. Please use 'user_id' instead.",
               "user_email");
    }
    if (!found.rows.empty()) return std::move(found.rows.front());
    return user_or_new(context, writing, new_uuid(), *email);
}

void set_member_limits(Context& context, store::Writing& writing, store::Member& member,
                       std::string_view money, std::optional<std::int64_t> shared) {
    const std::pair<std::string_view, std::string_view> names[] = {
        {money, "max_budget"},
        {"budget_duration", "budget_duration"},
        {"rpm_limit", "rpm_limit"},
        {"tpm_limit", "tpm_limit"}};
    json::object limits;
    for (const auto& [asked, name] : names) {
        const json::value* value = context.ask.body.if_contains(asked);
        if (value != nullptr) limits[name] = *value;
    }
    if (limits.empty()) return;
    Entity budget(kBudgetResource);
    if (member.budget) {
        auto row = must(context.records.get(store::kBudgetTable, *member.budget));
        if (row) budget = Entity::load(context.records, kBudgetResource, std::move(*row));
    }
    // What all members of a team share stays theirs: this one gets a budget of its own with the same terms.
    if (member.budget && member.budget == shared) {
        store::Row own(store::kBudgetTable);
        own.values = budget.row.values;
        own.doc = budget.row.doc;
        budget.row = std::move(own);
    }
    fill(budget, limits, context.records);
    put(writing, budget, budget.is_new() ? "created" : "updated");
    member.budget = budget.row.id;
}

void refuse_member_models(const Context& context, std::string_view name) {
    if (context.texts(name).empty()) return;
    refuse(400, "bad_request_error",
           std::string(name) +
               " is not done: give the keys of a member `models`, or make a team for it.",
           name);
}

json::value shown_budget(Context& context, const store::Member& member) {
    if (!member.budget) return nullptr;
    auto row = must(context.records.get(store::kBudgetTable, *member.budget));
    if (!row) return nullptr;
    return shown(Entity::load(context.records, kBudgetResource, std::move(*row)));
}

json::value email_of(const store::Row& user) {
    return user.has("email") ? json::value(user.text("email")) : nullptr;
}

}  // namespace patchbay::control
