#include "app/usage_export.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/days.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::app {

namespace json = boost::json;

namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;

/// What a provider calls things: in JSON with the names of parents and a dot before, in CSV as they stand.
struct Format {
    std::string_view provider;
    std::string_view day;  ///< seconds since 1970, or a text that begins with a date
    std::string_view model;
    std::string_view requests;                         ///< may be empty
    std::vector<std::string_view> prompt, completion;  ///< counts that add up
};

const std::vector<Format>& formats() {
    static const std::vector<Format> all{
        {"openai",
         "start_time",
         "model",
         "num_model_requests",
         {"input_tokens"},
         {"output_tokens"}},
        {"anthropic",
         "starting_at",
         "model",
         "",
         {"uncached_input_tokens", "cache_creation.ephemeral_1h_input_tokens",
          "cache_creation.ephemeral_5m_input_tokens", "cache_read_input_tokens"},
         {"output_tokens"}},
        {"anthropic",
         "usage_date_utc",
         "model_version",
         "",
         {"usage_input_tokens_no_cache", "usage_input_tokens_cache_write_5m",
          "usage_input_tokens_cache_write_1h", "usage_input_tokens_cache_read"},
         {"usage_output_tokens"}},
    };
    return all;
}

using Fields = std::map<std::string, std::string, std::less<>>;

// Numbers, texts and what is in objects, by their names.
void add_fields(const json::object& object, const std::string& before, Fields& fields) {
    for (const auto& [name, value] : object) {
        const std::string whole = before + std::string(name);
        if (const auto* inner = value.if_object(); inner && !json_tree::is_number(value)) {
            add_fields(*inner, whole + ".", fields);
        } else if (const auto* text = value.if_string()) {
            fields[whole] = std::string(*text);
        } else if (json_tree::is_number(value)) {
            fields[whole] = json_tree::write(value);
        }
    }
}

std::string_view find(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

// nullopt: it is none. What is not there is 0.
std::optional<std::int64_t> count_of(std::string_view text) {
    std::int64_t count = 0;
    if (text.empty()) return count;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view rest(end, text.data() + text.size());
    // Spreadsheets write 12.0.
    if (error != std::errc() || count < 0 || !(rest.empty() || rest == ".0")) return std::nullopt;
    return count;
}

std::optional<std::int64_t> day_in(std::string_view text) {
    constexpr std::size_t kDate = 10;
    if (text.size() >= kDate && text[4] == '-') return read_day(std::string(text.substr(0, kDate)));
    const auto seconds = count_of(text);
    if (text.empty() || !seconds) return std::nullopt;
    return *seconds / kSecondsOfDay;
}

std::string add_row(const Fields& fields, const std::string& place, UsageExport& read) {
    const auto format = std::find_if(formats().begin(), formats().end(), [&](const Format& f) {
        return fields.contains(f.day) &&
               (fields.contains(f.prompt.front()) || fields.contains(f.completion.front()));
    });
    if (format == formats().end()) return {};  // a bucket in which nothing was used
    if (read.provider.empty()) read.provider = format->provider;
    if (read.provider != format->provider) return place + "it is another provider's";
    const auto day = day_in(find(fields, format->day));
    if (!day) return place + std::string(format->day) + " is no time";
    const std::string_view model = find(fields, format->model);
    if (model.empty()) return place + "there is no model: export usage grouped by model";
    ToldUsage& sum = read.days[{*day, std::string(model)}];
    const auto add = [&](std::string_view name, std::int64_t& to) {
        const auto count = count_of(find(fields, name));
        if (count) to += *count;
        return count.has_value();
    };
    bool good = format->requests.empty() || add(format->requests, sum.requests);
    for (const std::string_view name : format->prompt) good = add(name, sum.prompt) && good;
    for (const std::string_view name : format->completion) good = add(name, sum.completion) && good;
    return good ? "" : place + "a count is no number";
}

std::string read_json(const json::value& value, UsageExport& read) {
    const json::object* page = value.if_object();
    const json::value* data = page ? page->if_contains("data") : nullptr;
    const json::array* buckets = data ? data->if_array() : value.if_array();
    if (buckets == nullptr) return "there is no list `data` of buckets";
    for (std::size_t i = 0; i < buckets->size(); ++i) {
        const json::object* bucket = (*buckets)[i].if_object();
        const std::string place = "bucket " + std::to_string(i) + ": ";
        if (bucket == nullptr) return place + "it is no object";
        const json::value* results = bucket->if_contains("results");
        if (results == nullptr) results = bucket->if_contains("result");
        const json::array* list = results ? results->if_array() : nullptr;
        if (list == nullptr) return place + "there is no list `results`";
        for (const json::value& result : *list) {
            Fields fields;
            add_fields(*bucket, "", fields);
            if (const json::object* object = result.if_object()) add_fields(*object, "", fields);
            if (auto wrong = add_row(fields, place, read); !wrong.empty()) return wrong;
        }
    }
    const json::value* more = page ? page->if_contains("has_more") : nullptr;
    if (more && more->is_bool() && more->get_bool()) {
        return "it is one page of several (has_more): give all of them";
    }
    return {};
}

// The fields of a line; `rest` begins with the line after it. Texts in quotes may hold commas, ends of lines and quotes.
std::vector<std::string> csv_line(std::string_view& rest) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (quoted && c == '"' && rest.starts_with('"')) {
            fields.back() += '"';
            rest.remove_prefix(1);
        } else if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            fields.back() += c;
        } else if (c == ',') {
            fields.emplace_back();
        } else if (c == '\n') {
            break;
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

std::string read_csv(std::string_view text, UsageExport& read) {
    const std::vector<std::string> names = csv_line(text);
    const bool known = std::any_of(formats().begin(), formats().end(), [&](const Format& format) {
        return std::find(names.begin(), names.end(), format.day) != names.end();
    });
    if (!known) return "line 1: no names of columns of OpenAI's or Anthropic's exports";
    for (int line = 2; !text.empty(); ++line) {
        const std::vector<std::string> values = csv_line(text);
        if (values.size() == 1 && values.front().empty()) continue;
        const std::string place = "line " + std::to_string(line) + ": ";
        if (values.size() != names.size()) return place + "it has not as many fields as line 1";
        Fields fields;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!values[i].empty()) fields[names[i]] = values[i];
        }
        if (auto wrong = add_row(fields, place, read); !wrong.empty()) return wrong;
    }
    return {};
}

}  // namespace

std::string read_usage_export(std::string_view text, UsageExport& read) {
    constexpr std::string_view kMark = "\xef\xbb\xbf";  // of UTF-8, which spreadsheets write
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return "it is empty";
    if (text[first] != '{' && text[first] != '[') return read_csv(text, read);
    const json_tree::Tree tree = json_tree::read(text);
    if (!tree) return tree.error();
    return read_json(tree.value, read);
}

}  // namespace patchbay::app
