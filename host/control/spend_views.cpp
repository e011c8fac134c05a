// /spend/* and /global/spend*: what the books say.
#include <algorithm>
#include <map>

#include <boost/json/array.hpp>

#include "control/durations.hpp"
#include "control/people.hpp"
#include "control/route.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"
#include "store/period.hpp"
#include "store/spend.hpp"
#include "store/spend_days.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kMostEntries = 10'000;     ///< LiteLLM's bound of unpaged lists
constexpr std::string_view kNobodysKey = "none";  ///< in the place of a key's hash

std::int64_t time_in(std::string_view name, const std::string& text) {
    const auto time = read_time(text);
    if (!time)
        refuse_value("query", name, "datetime_parsing", "Input should be a date: 2026-11-28");
    return *time;
}

// Dollars in the query.
std::optional<std::int64_t> money_in(Context& context, std::string_view name) {
    const auto text = context.text(name);
    if (!text) return std::nullopt;
    const auto amount = read_money(json_tree::read(*text).value);
    if (!amount) refuse_value("query", name, "float_parsing", "Input should be a valid number");
    return amount;
}

store::LogAsk log_ask(Context& context) {
    store::LogAsk ask;
    if (const auto from = context.text("start_date")) ask.from = time_in("start_date", *from);
    if (const auto until = context.text("end_date")) {
        // A date alone is that whole day.
        ask.until = time_in("end_date", *until) + (until->size() > 10 ? 1'000'000 : kDayUs);
    }
    ask.request = context.text("request_id");
    if (const auto key = context.text("api_key")) {
        ask.key_hash = *key == "litellm_proxy_master_key" ? "" : store::hex(key_hash(*key));
    }
    if (const auto alias = context.text("key_alias")) {
        const auto row = must(context.records.get(store::kKeyTable, "alias", *alias));
        const std::string hash = row ? store::hex(row->text("hash")) : std::string(kNobodysKey);
        if (ask.key_hash.value_or(hash) != hash) ask.key_hash.emplace(kNobodysKey);
        if (!ask.key_hash) ask.key_hash = hash;
    }
    ask.customer = context.text("end_user");
    ask.model = context.text("model");
    ask.model_group = context.text("model_group");
    ask.deployment = context.text("model_id");
    ask.least = money_in(context, "min_spend");
    ask.most = money_in(context, "max_spend");
    // There is no order in which both the newest and the dearest are found soon.
    if ((ask.least || ask.most) && (ask.from == 0 || ask.until == INT64_MAX)) {
        refuse_detail(400, "min_spend and max_spend need start_date and end_date");
    }
    if (const auto status = context.text("status_filter")) {
        if (*status != "success" && *status != "failure") {
            refuse_value("query", "status_filter", "literal_error",
                         "Input should be 'success' or 'failure'");
        }
        ask.failed = *status == "failure";
    }
    if (const auto team = context.text("team_id")) {
        const auto row = must(context.records.get(store::kTeamTable, "team_id", *team));
        ask.team = row ? row->id : -1;
    }
    if (!context.caller.sees_all()) {
        ask.user = context.caller.user ? context.caller.user->id : -1;
    } else if (const auto user = context.text("user_id")) {
        const auto row = must(context.records.get(store::kUserTable, "user_id", *user));
        ask.user = row ? row->id : -1;
    }
    return ask;
}

json::object shown_log(const store::SpendLog& log) {
    constexpr std::int64_t kFirstError = 400;
    return {{"request_id", log.request},
            {"call_type", log.route},
            {"api_key", log.key_hash.empty() ? "litellm_proxy_master_key" : log.key_hash},
            {"spend", money_value(log.charge)},
            {"total_tokens", log.prompt + log.completion},
            {"prompt_tokens", log.prompt},
            {"completion_tokens", log.completion},
            {"startTime", iso_time(log.started)},
            {"endTime", iso_time(log.ended)},
            {"model", log.model},
            {"model_id", log.deployment},
            {"model_group", log.model_group},
            {"custom_llm_provider", log.provider},
            {"user", log.user},
            {"team_id", log.team},
            {"end_user", log.customer},
            {"status", log.status < kFirstError ? "success" : "failure"}};
}

json::array shown_logs(const store::SpendLogs& logs) {
    json::array rows;
    for (const store::SpendLog& log : logs.rows) rows.emplace_back(shown_log(log));
    return rows;
}

json::array grouped(Context& context, store::GroupBy by, std::string_view name) {
    const std::int64_t limit = context.number("limit", kMostEntries, 1, kMostEntries);
    json::array rows;
    for (const auto& group : must(store::spent_by(context.records.database(), by, limit))) {
        rows.push_back(json::object{{name, group.name}, {"spend", money_value(group.charge)}});
    }
    return rows;
}

constexpr store::PageAsk kAllRows{
    .sort = "id", .descending = false, .page = 1, .size = kMostEntries};

}  // namespace

namespace {

// LiteLLM's sums of a day: by key, under the keys' own names, by user and by model.
json::object day_of(std::int64_t day) {
    return {{"startTime", store::date_of(day)},
            {"spend", 0},
            {"users", json::object()},
            {"models", json::object()}};
}

class DaySums {
  public:
    void add(const store::SpendDay& part) {
        total_ += part.charge;
        keys_[part.key_hash] += part.charge;
        users_[part.user] += part.charge;
        models_[part.model] += part.charge;
    }
    json::object shown(std::int64_t day) const {
        json::object object;
        for (const auto& [key, sum] : keys_) {
            object[key.empty() ? "litellm_proxy_master_key" : key] = money_value(sum);
        }
        const auto fill = [](const Sums& sums) {
            json::object shown;
            for (const auto& [name, sum] : sums) shown[name] = money_value(sum);
            return shown;
        };
        for (auto& [name, value] : day_of(day)) object[name] = value;
        object["spend"] = money_value(total_);
        object["users"] = fill(users_);
        object["models"] = fill(models_);
        return object;
    }

  private:
    using Sums = std::map<std::string, std::int64_t>;

    std::int64_t total_ = 0;
    Sums keys_, users_, models_;
};

// Days with spend, and behind the last of them those that were asked for besides.
json::array spend_days(Context& context, const std::string& from, const std::string& until) {
    store::SpendDayAsk ask;
    ask.first = time_in("start_date", from) / kDayUs;
    ask.last = time_in("end_date", until) / kDayUs;
    if (const auto key = context.text("api_key")) {
        ask.key_hash = *key == "litellm_proxy_master_key" ? "" : store::hex(key_hash(*key));
    }
    ask.user =
        context.caller.sees_all() ? context.text("user_id") : std::optional(context.caller.user_id);
    std::map<std::int64_t, DaySums> days;
    for (const auto& part : must(store::spent_by_day(context.records.database(), ask))) {
        days[part.day].add(part);
    }
    json::array rows;
    for (const auto& [day, sums] : days) rows.emplace_back(sums.shown(day));
    if (days.empty()) return rows;
    for (std::int64_t day = days.rbegin()->first + 1; day <= ask.last; ++day) {
        if (rows.size() >= kMostEntries) break;
        rows.emplace_back(day_of(day));
    }
    return rows;
}

}  // namespace

json::value spend_logs(Context& context) {
    const auto from = context.text("start_date");
    const auto until = context.text("end_date");
    // As LiteLLM; of one request there is nothing to sum up.
    if (from && until && !context.text("request_id") && context.flag("summarize", true)) {
        return spend_days(context, *from, *until);
    }
    return shown_logs(must(store::spend_logs(context.records.database(), log_ask(context))));
}

json::value spend_logs_page(Context& context) {
    const std::int64_t page = context.number("page", 1, 1, 1'000'000);
    store::LogAsk ask = log_ask(context);
    ask.limit = context.number("page_size", 50, 1, 1000);
    ask.offset = (page - 1) * ask.limit;
    const auto logs = must(store::spend_logs(context.records.database(), ask));
    return json::object{{"data", shown_logs(logs)},
                        {"total", logs.total},
                        {"page", page},
                        {"page_size", ask.limit},
                        {"total_pages", page_count(logs.total, ask.limit)}};
}

json::value spend_keys(Context& context) {
    std::vector<store::AnyOf> filters;
    if (!context.caller.sees_all()) {
        const std::int64_t user = context.caller.user ? context.caller.user->id : -1;
        filters.push_back({{"user", store::Filter::Op::equal, user}});
    }
    std::vector<std::pair<std::int64_t, json::value>> keys;
    for (store::Row& row : must(context.records.list(store::kKeyTable, filters, kAllRows)).rows) {
        const std::int64_t spent =
            must(store::spent(context.records.database(), store::Subject::key, row.id));
        const Entity key = Entity::load(context.records, kKeyResource, std::move(row));
        keys.emplace_back(spent, shown_key_row(context, key));
    }
    std::stable_sort(keys.begin(), keys.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    json::array rows;
    for (auto& [spent, key] : keys) rows.push_back(std::move(key));
    return rows;
}

json::value spend_users(Context& context) {
    std::vector<store::AnyOf> filters;
    if (!context.caller.sees_all()) {
        filters.push_back({{"user_id", store::Filter::Op::equal, context.caller.user_id}});
    } else if (const auto user = context.text("user_id")) {
        filters.push_back({{"user_id", store::Filter::Op::equal, *user}});
    }
    json::array users;
    for (store::Row& row : must(context.records.list(store::kUserTable, filters, kAllRows)).rows) {
        users.emplace_back(
            shown_user(context, Entity::load(context.records, kUserResource, std::move(row))));
    }
    return users;
}

json::value global_spend(Context& context) {
    return json::object{{"spend", money_value(must(store::spent(context.records.database())))},
                        {"max_budget", money_value(context.settings.max_budget)}};
}

json::value global_spend_models(Context& context) {
    json::array rows;
    const std::int64_t limit = context.number("limit", 10, 1, kMostEntries);
    for (const auto& group :
         must(store::spent_by(context.records.database(), store::GroupBy::model, limit))) {
        rows.push_back(
            json::object{{"model", group.name}, {"total_spend", money_value(group.charge)}});
    }
    return rows;
}

namespace {

std::vector<store::SpendGroup> tag_groups(Context& context) {
    store::TagAsk ask;
    const auto from = context.text("start_date");
    const auto until = context.text("end_date");
    if (from) ask.from = time_in("start_date", *from);
    if (until) ask.until = time_in("end_date", *until) + (until->size() > 10 ? 1'000'000 : kDayUs);
    ask.limit = context.number("limit", kMostEntries, 1, kMostEntries);
    return must(store::spent_by_tag(context.records.database(), ask));
}

}  // namespace

json::value spend_tags(Context& context) {
    json::array rows;
    for (const store::SpendGroup& group : tag_groups(context)) {
        rows.push_back(json::object{{"individual_request_tag", group.name},
                                    {"log_count", group.requests},
                                    {"total_spend", money_value(group.charge)}});
    }
    return rows;
}

json::value global_spend_tags(Context& context) {
    const std::string wanted = "," + context.text("tags").value_or("") + ",";
    json::array rows;
    for (const store::SpendGroup& group : tag_groups(context)) {
        if (wanted.size() > 2 && wanted.find("," + group.name + ",") == wanted.npos) continue;
        rows.push_back(json::object{{"name", group.name},
                                    {"spend", money_value(group.charge)},
                                    {"log_count", group.requests}});
    }
    return json::object{{"spend_per_tag", std::move(rows)}};
}

json::value global_spend_provider(Context& context) {
    return grouped(context, store::GroupBy::provider, "provider");
}

json::value global_spend_logs(Context& context) {
    return grouped(context, store::GroupBy::day, "date");
}

}  // namespace patchbay::control
