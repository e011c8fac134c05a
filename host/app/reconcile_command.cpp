#include "app/reconcile_command.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/usage_export.hpp"
#include "patchbay/json_tree.hpp"
#include "store/daily_usage.hpp"
#include "store/period.hpp"

namespace patchbay::app {

namespace json = boost::json;

namespace {

constexpr std::chrono::minutes kReconcilePatience{10};

struct Both {
    ToldUsage told, booked;
    bool same() const {
        // Anthropic does not say how many requests there were.
        const bool requests = told.requests == 0 || told.requests == booked.requests;
        return requests && told.prompt == booked.prompt && told.completion == booked.completion;
    }
};
using Days = std::map<std::pair<std::int64_t, std::string>, Both>;

// "gpt-4o-2024-08-06" and "claude-sonnet-4-20250514" without their dates.
std::string undated(const std::string& model) {
    constexpr std::string_view kForms[] = {"-dddd-dd-dd", "-dddddddd"};
    for (const std::string_view form : kForms) {
        if (model.size() <= form.size()) continue;
        const std::string_view end = std::string_view(model).substr(model.size() - form.size());
        const bool fits = std::equal(end.begin(), end.end(), form.begin(), [](char c, char f) {
            return f == 'd' ? c >= '0' && c <= '9' : c == f;
        });
        if (fits) return model.substr(0, model.size() - form.size());
    }
    return model;
}

void add(ToldUsage& sum, const ToldUsage& more) {
    sum.requests += more.requests;
    sum.prompt += more.prompt;
    sum.completion += more.completion;
}

// A model is asked for by its name or by that of a version, and told by that of the version.
Days beside(const UsageExport& told, const std::vector<store::DailyUsage>& booked) {
    Days days;
    for (const store::DailyUsage& usage : booked) {
        if (usage.provider != told.provider) continue;
        const std::string prefix = usage.provider + "/";
        const bool named = usage.model.starts_with(prefix);
        const std::string model = named ? usage.model.substr(prefix.size()) : usage.model;
        add(days[{usage.day, model}].booked, {usage.requests, usage.prompt, usage.completion});
    }
    for (const auto& [where, usage] : told.days) {
        const std::pair plain{where.first, undated(where.second)};
        const bool as_told = days.contains(where) || !days.contains(plain);
        add(days[as_told ? where : plain].told, usage);
    }
    return days;
}

void tell_count(std::ostream& out, const char* name, std::int64_t told, std::int64_t booked) {
    if (told == booked) return;
    out << "  " << name << ' ' << told << " told, " << booked << " booked ("
        << (booked > told ? "+" : "") << booked - told << ')';
}

void tell_table(const Days& days, const std::string& provider, std::ostream& out) {
    std::size_t different = 0;
    for (const auto& [where, both] : days) {
        if (both.same()) continue;
        ++different;
        out << store::date_of(where.first) << "  " << where.second;
        if (both.told.requests != 0) {
            tell_count(out, "requests", both.told.requests, both.booked.requests);
        }
        tell_count(out, "input", both.told.prompt, both.booked.prompt);
        tell_count(out, "output", both.told.completion, both.booked.completion);
        out << '\n';
    }
    out << provider << ": " << days.size() - different << " of " << days.size()
        << " days and models agree\n";
}

json::object shown(const ToldUsage& usage) {
    return {{"requests", usage.requests},
            {"input_tokens", usage.prompt},
            {"output_tokens", usage.completion}};
}

void tell_json(const Days& days, const std::string& provider, std::ostream& out) {
    json::array rows;
    for (const auto& [where, both] : days) {
        rows.push_back(json::object{{"date", store::date_of(where.first)},
                                    {"model", where.second},
                                    {"told", shown(both.told)},
                                    {"booked", shown(both.booked)},
                                    {"same", both.same()}});
    }
    out << json_tree::write(json::object{{"provider", provider}, {"days", std::move(rows)}})
        << '\n';
}

}  // namespace

Reconciled reconcile(const ReconcileAsk& ask, std::ostream& out) {
    UsageExport told;
    for (const std::string& name : ask.files) {
        std::ifstream file(name, std::ios::binary);
        const std::string text(std::istreambuf_iterator<char>(file), {});
        std::string wrong =
            file.is_open() && !file.bad() ? read_usage_export(text, told) : "it cannot be read";
        if (wrong.empty()) continue;
        out << name << ": " << wrong << '\n';
        return Reconciled::failed;
    }
    if (told.days.empty()) {
        out << "the files tell of no usage\n";
        return Reconciled::failed;
    }
    if (ask.store.empty()) {
        out << "the configuration has no general_settings.database_url\n";
        return Reconciled::failed;
    }
    auto database = store::Database::open(ask.store, store::Access::read_only);
    if (database) database->within(kReconcilePatience);
    const auto booked = database ? store::daily_usage(*database, told.days.begin()->first.first,
                                                      told.days.rbegin()->first.first)
                                 : store::Stored<std::vector<store::DailyUsage>>(database.error());
    if (!booked) {
        out << ask.store.shown() << ": " << booked.error().text << '\n';
        return Reconciled::failed;
    }
    const Days days = beside(told, *booked);
    if (ask.json) {
        tell_json(days, told.provider, out);
    } else {
        tell_table(days, told.provider, out);
    }
    const bool same =
        std::all_of(days.begin(), days.end(), [](const auto& day) { return day.second.same(); });
    return same ? Reconciled::same : Reconciled::different;
}

}  // namespace patchbay::app
