#include "app/manage_command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ostream>
#include <string_view>
#include <vector>

#include <Poco/URI.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "control/dispatch.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::app {

namespace json = boost::json;

namespace {

/// How a verb's operand is sent.
enum class Sent {
    nothing,  ///< there is none
    query,    ///< as the parameter `member`
    text,     ///< as that member of the body
    list,     ///< as a list of one
    body,     ///< it is the body
};

struct Verb {
    std::string_view command, verb, method, path, query;
    Sent sent;
    std::string_view member;
    std::string_view rows;  ///< the member of the answer with the rows; empty = the answer itself
    std::string_view columns;
    bool all_pages = false;  ///< not only the newest hundred
};

constexpr std::string_view kKeyColumns =
    "key_alias key_name token user_id team_id spend max_budget expires blocked";
constexpr std::string_view kTeamColumns =
    "team_alias team_id organization_id spend max_budget blocked";
constexpr std::string_view kUserColumns = "user_id user_email user_role spend max_budget";

constexpr auto kVerbs = std::to_array<Verb>({
    {"keys", "list", "GET", "/key/list", "return_full_object=true&size=100", Sent::nothing, "",
     "keys", kKeyColumns, true},
    {"keys", "info", "GET", "/key/info", "", Sent::query, "key", "info", kKeyColumns},
    {"keys", "new", "POST", "/key/generate", "", Sent::body, "", "", "key key_name token expires"},
    {"keys", "update", "POST", "/key/update", "", Sent::body, "", "", "key_alias key max_budget"},
    {"keys", "block", "POST", "/key/block", "", Sent::text, "key", "", "key_name token blocked"},
    {"keys", "unblock", "POST", "/key/unblock", "", Sent::text, "key", "",
     "key_name token blocked"},
    {"keys", "delete", "POST", "/key/delete", "", Sent::list, "keys", "", "deleted_keys"},
    {"teams", "list", "GET", "/team/list", "", Sent::nothing, "", "", kTeamColumns},
    {"teams", "info", "GET", "/team/info", "", Sent::query, "team_id", "team_info", kTeamColumns},
    {"teams", "new", "POST", "/team/new", "", Sent::body, "", "", kTeamColumns},
    {"teams", "update", "POST", "/team/update", "", Sent::body, "", "data", kTeamColumns},
    {"teams", "block", "POST", "/team/block", "", Sent::text, "team_id", "", kTeamColumns},
    {"teams", "unblock", "POST", "/team/unblock", "", Sent::text, "team_id", "", kTeamColumns},
    {"teams", "delete", "POST", "/team/delete", "", Sent::list, "team_ids", "", kTeamColumns},
    {"users", "list", "GET", "/user/list", "page_size=100", Sent::nothing, "", "users",
     kUserColumns, true},
    {"users", "new", "POST", "/user/new", "", Sent::body, "", "", "user_id user_role key"},
    {"users", "delete", "POST", "/user/delete", "", Sent::list, "user_ids", "", kUserColumns},
    {"spend", "keys", "GET", "/spend/keys", "", Sent::nothing, "", "",
     "key_alias key_name token spend"},
    {"spend", "users", "GET", "/spend/users", "", Sent::nothing, "", "", "user_id spend"},
    {"spend", "models", "GET", "/global/spend/models", "limit=100", Sent::nothing, "", "",
     "model total_spend"},
    {"spend", "days", "GET", "/global/spend/logs", "", Sent::nothing, "", "", "date spend"},
    {"spend", "logs", "GET", "/spend/logs/v2", "page_size=100", Sent::nothing, "", "data",
     "startTime request_id model api_key total_tokens spend"},
});

std::string shown(const json::value* value) {
    if (value == nullptr || value->is_null()) return "-";
    if (value->is_string())
        return value->get_string().empty() ? "-" : std::string(value->get_string());
    return json_tree::write(*value);
}

void tell_table(const json::value& value, std::string_view columns, std::ostream& out) {
    std::vector<std::string> names;
    while (!columns.empty()) {
        names.emplace_back(columns.substr(0, columns.find(' ')));
        columns.remove_prefix(std::min(columns.size(), names.back().size() + 1));
    }
    std::vector<std::vector<std::string>> lines{names};
    const auto add = [&](const json::value& row) {
        const json::object* object = row.if_object();
        std::vector<std::string>& line = lines.emplace_back();
        for (const std::string& name : names) {
            line.push_back(shown(object ? object->if_contains(name) : nullptr));
        }
    };
    if (const json::array* rows = value.if_array()) {
        for (const json::value& row : *rows) add(row);
    } else {
        add(value);
    }
    std::vector<std::size_t> widths(names.size());
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    }
    for (const auto& line : lines) {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i) {
            text += line[i];
            if (i + 1 < line.size()) text += std::string(widths[i] + 2 - line[i].size(), ' ');
        }
        out << text << '\n';
    }
}

// What an answer that refuses says.
std::string why(const control::Answer& answer, const json::value& value) {
    for (const char* outer : {"error", "detail"}) {
        const json::value* found =
            value.is_object() ? value.get_object().if_contains(outer) : nullptr;
        if (found == nullptr || !found->is_object()) continue;
        for (const char* inner : {"message", "error"}) {
            const json::value* text = found->get_object().if_contains(inner);
            if (text && text->is_string()) return std::string(text->get_string());
        }
    }
    return answer.body;
}

// A count in an answer; 0 = it has none.
std::int64_t count_in(const json::value& answer, std::string_view name) {
    const json::object* object = answer.if_object();
    const json::value* value = object ? object->if_contains(name) : nullptr;
    if (value == nullptr || !json_tree::is_number(*value)) return 0;
    const std::string text = json_tree::write(*value);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

json::array* rows_in(json::value& answer, std::string_view name) {
    json::object* object = answer.if_object();
    json::value* rows = object ? object->if_contains(name) : nullptr;
    return rows ? rows->if_array() : nullptr;
}

const Verb* find(const ManageAsk& ask) {
    const auto found = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& verb) {
        return verb.command == ask.command && verb.verb == ask.verb;
    });
    return found == kVerbs.end() ? nullptr : &*found;
}

control::Ask request(const Verb& verb, const ManageAsk& ask) {
    control::Ask made{.method = std::string(verb.method),
                      .path = std::string(verb.path),
                      .query = std::string(verb.query),
                      .text = {},
                      .key = ask.settings.master_key};
    const std::string member(verb.member);
    switch (verb.sent) {
        case Sent::nothing:
            break;
        case Sent::query:
            made.query = member + "=";
            Poco::URI::encode(ask.operand, "&=+#?%/", made.query);
            break;
        case Sent::text:
            made.text = json_tree::write(json::object{{member, ask.operand}});
            break;
        case Sent::list:
            made.text = json_tree::write(json::object{{member, json::array{ask.operand}}});
            break;
        case Sent::body:
            made.text = ask.operand.empty() ? "{}" : ask.operand;
            break;
    }
    return made;
}

}  // namespace

bool is_managed(const std::string& command) {
    return std::any_of(kVerbs.begin(), kVerbs.end(),
                       [&](const Verb& verb) { return verb.command == command; });
}

Managed manage(const ManageAsk& ask, std::ostream& out) {
    const Verb* const verb = find(ask);
    if (verb == nullptr) {
        out << ask.command << " has no '" << ask.verb << "'; there are:";
        for (const Verb& known : kVerbs) {
            if (known.command == ask.command) out << ' ' << known.verb;
        }
        out << '\n';
        return Managed::slip;
    }
    const bool wanted = verb->sent != Sent::nothing && verb->sent != Sent::body;
    if (wanted && ask.operand.empty()) {
        out << ask.command << ' ' << ask.verb << " needs a name: " << verb->member << '\n';
        return Managed::slip;
    }
    if (verb->sent == Sent::nothing && !ask.operand.empty()) {
        out << ask.command << ' ' << ask.verb << " takes nothing, not '" << ask.operand << "'\n";
        return Managed::slip;
    }
    if (ask.store.empty()) {
        out << "the configuration has no general_settings.database_url\n";
        return Managed::unavailable;
    }
    auto records = store::Records::open(ask.store, std::string(ask.hmac_key.reveal()));
    if (!records) {
        out << ask.store.shown() << ": " << records.error().text << '\n';
        return Managed::unavailable;
    }
    control::Dispatch dispatch(std::move(*records));
    dispatch.use(ask.settings);
    control::Answer answer = dispatch.answer(request(*verb, ask));
    json_tree::Tree read = json_tree::read(answer.body);
    const std::int64_t pages = count_in(read.value, "total_pages");
    json::array* const all = verb->all_pages ? rows_in(read.value, verb->rows) : nullptr;
    for (std::int64_t page = 2; all != nullptr && page <= pages && answer.status == 200; ++page) {
        control::Ask next = request(*verb, ask);
        next.query += "&page=" + std::to_string(page);
        answer = dispatch.answer(next);
        json_tree::Tree more = json_tree::read(answer.body);
        const json::array* const rows = rows_in(more.value, verb->rows);
        if (rows) all->insert(all->end(), rows->begin(), rows->end());
    }
    if (all) read.value.get_object()["total_pages"] = 1;
    if (answer.status != 200) {
        out << why(answer, read.value) << '\n';
        return answer.status < 500 ? Managed::refused : Managed::unavailable;
    }
    if (ask.json) {
        out << (all ? json_tree::write(read.value) : answer.body) << '\n';
        return Managed::done;
    }
    const json::value* rows = &read.value;
    if (!verb->rows.empty() && rows->is_object()) rows = rows->get_object().if_contains(verb->rows);
    tell_table(rows ? *rows : read.value, verb->columns, out);
    if (!all && pages > 1) {
        out << "these are the newest of " << count_in(read.value, "total") << '\n';
    }
    return Managed::done;
}

}  // namespace patchbay::app
