#include "engine/surface/request_options.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "contract/json/control_params.hpp"
#include "contract/json/json_reader.hpp"
#include "engine/surface/model_params.hpp"
#include "engine/surface/request_fallbacks.hpp"
#include "engine/surface/secret_names.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

constexpr double kMaxSeconds = 1e7;
/// Each is looked for among all members of the body, or in one of them.
constexpr std::size_t kMostNames = 100;
constexpr std::string_view kMergeThoughts = "merge_reasoning_content_in_choices";

std::optional<std::chrono::milliseconds> to_duration(const json::value& value) {
    const auto seconds = json_tree::number(value);
    if (!seconds || !(*seconds >= 0) || *seconds > kMaxSeconds) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
}

std::optional<std::vector<std::string>> to_names(const json::value& value) {
    if (!value.is_array() || value.get_array().size() > kMostNames) return std::nullopt;
    std::vector<std::string> names;
    for (const json::value& item : value.get_array()) {
        if (!item.is_string()) return std::nullopt;
        names.emplace_back(item.get_string());
    }
    return names;
}

// What removes such members from a body goes by their names as they are written.
bool hides_a_name(std::string_view name) {
    if (name.find('\\') == std::string_view::npos) return false;
    std::string decoded;
    json_tree::append_decoded(name, decoded);
    return is_control_param(decoded) || is_refused_param(decoded);
}

/// Members that hold parameters of requests or deployments of their own; LiteLLM reads them at any
/// depth.
constexpr auto kHolders = std::to_array<std::string_view>(
    {"extra_body", "fallbacks", "context_window_fallbacks", "content_policy_fallbacks",
     "default_fallbacks", "context_window_fallback_dict", "model_list", "model_config"});

/// The name of a member at any depth of a valid JSON text that may not be set; empty if there is
/// none.
std::string refused_in(std::string_view json) {
    for (std::size_t at = 0; (at = json.find('"', at)) != std::string_view::npos;) {
        JsonReader reader(json.substr(at));
        if (!reader.take_string()) return {};
        const std::string_view raw = json.substr(at + 1, reader.at() - 2);
        at += reader.at();
        const std::size_t next = json.find_first_not_of(" \t\r\n", at);
        if (next == std::string_view::npos || json[next] != ':') continue;
        std::string name;
        json_tree::append_decoded(raw, name);
        if (is_refused_param(name)) return std::string(raw);
    }
    return {};
}

/// The name that may not be set: the member's own, or one inside it; empty if it may.
std::string refused_name(std::string_view name, std::string_view value) {
    if (is_refused_param(name)) return std::string(name);
    if (std::find(kHolders.begin(), kHolders.end(), name) == kHolders.end()) return {};
    const std::string inside = refused_in(value);
    return inside.empty() ? inside : std::string(name) + '.' + inside;
}

MockFailure mock_failure_of(std::string_view name) {
    struct Row {
        std::string_view name;
        MockFailure failure;
    };
    constexpr auto kRows = std::to_array<Row>({
        {"mock_testing_fallbacks", MockFailure::fallbacks},
        {"mock_testing_context_fallbacks", MockFailure::context_window},
        {"mock_testing_context_window_fallbacks", MockFailure::context_window},
        {"mock_testing_content_policy_fallbacks", MockFailure::content_policy},
        {"mock_testing_rate_limit_error", MockFailure::rate_limit},
    });
    for (const Row& row : kRows)
        if (row.name == name) return row.failure;
    return MockFailure::none;
}

bool is_true(const bay_member& member) {
    return std::string_view(member.value.ptr, member.value.len) == "true";
}

// The texts of `tags`, here or in the metadata; what is no list of texts has none.
void read_tags(std::string_view name, const bay_member& member, std::vector<std::string>& tags) {
    const std::string_view text(member.value.ptr, member.value.len);
    if (text.find("tags") == std::string_view::npos && name != "tags") return;
    json_tree::Tree tree = json_tree::read(text);
    if (!tree) return;
    json_tree::make_utf8(tree.value);
    const json::value* list = &tree.value;
    if (name != "tags") list = list->is_object() ? list->get_object().if_contains("tags") : nullptr;
    if (list == nullptr || !list->is_array()) return;
    for (const json::value& tag : list->get_array()) {
        if (tag.is_string()) tags.emplace_back(tag.get_string());
    }
}

}  // namespace

Result<RequestOptions> read_request_options(std::span<const bay_member> members) {
    RequestOptions options;
    bool fallbacks = false;
    std::vector<std::string> unsaid;
    for (const bay_member& member : members) {
        const std::string_view name(member.name.ptr, member.name.len);
        if (name == "model" || name == "messages" || is_model_param(name)) continue;
        if (hides_a_name(name)) {
            return wrong_value(name,
                               "a name without escapes, for it is a parameter of the gateway");
        }
        const std::string_view text(member.value.ptr, member.value.len);
        const std::string refused = refused_name(name, text);
        // Null holds nothing; clients fill in members so that they have no value for.
        if (refused == name && text == "null" && unsaid.size() < kMostNames) {
            unsaid.emplace_back(name);
            continue;
        }
        if (!refused.empty()) {
            return bad_request(
                "'" + refused +
                    "' may not be set by a client: it is part of the gateway's configuration.",
                refused);
        }
        if (!is_control_param(name)) continue;
        options.any_control = true;
        if (const MockFailure failure = mock_failure_of(name); failure != MockFailure::none) {
            if (is_true(member)) options.mock_failure = failure;
            continue;
        }
        if (is_mock_param(name)) {
            options.mocked = true;
            continue;
        }
        if (name == "fastest_response") options.fastest_response = is_true(member);
        if (name == "disable_fallbacks") options.disable_fallbacks = is_true(member);
        if (name == "metadata" || name == "litellm_metadata" || name == "tags") {
            read_tags(name, member, options.tags);
        }
        fallbacks = fallbacks || name.ends_with("fallbacks");
        const bool read = name == "timeout" || name == "request_timeout" ||
                          name == "stream_timeout" || name == "num_retries" ||
                          name == "max_retries" || name == "drop_params" || name == "priority" ||
                          name == kMergeThoughts || name == "allowed_openai_params" ||
                          name == "additional_drop_params";
        if (!read) continue;
        json_tree::Tree tree = json_tree::read({member.value.ptr, member.value.len});
        if (!tree) return wrong_value(name, "JSON");
        json_tree::make_utf8(tree.value);
        const json::value& value = tree.value;
        if (value.is_null()) continue;
        if (name == "num_retries" || name == "max_retries") {
            if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 100) {
                return wrong_value(name, "a whole number from 0 to 100");
            }
            const bool first = name == "num_retries" || !options.num_retries;
            if (first) options.num_retries = static_cast<int>(value.get_int64());
        } else if (name == "priority") {
            constexpr std::int64_t kLowest = 255;
            if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > kLowest) {
                return wrong_value(name, "a whole number from 0 to 255");
            }
            options.priority = static_cast<int>(value.get_int64());
        } else if (name == "drop_params" || name == kMergeThoughts) {
            if (!value.is_bool()) return wrong_value(name, "true or false");
            (name == kMergeThoughts ? options.merge_thoughts : options.drop_params) =
                value.get_bool();
        } else if (name == "allowed_openai_params" || name == "additional_drop_params") {
            auto names = to_names(value);
            if (!names) return wrong_value(name, "a list of at most 100 parameter names");
            if (name == "additional_drop_params") {
                options.dropped_params = std::move(*names);
            } else {
                for (const std::string& n : *names) {
                    options.allowed_params += (options.allowed_params.empty() ? "" : ",") + n;
                }
            }
        } else {
            const auto duration = to_duration(value);
            if (!duration) return wrong_value(name, "a number of seconds");
            (name == "stream_timeout" ? options.stream_timeout : options.timeout) = duration;
        }
    }
    options.dropped_params.insert(options.dropped_params.end(), unsaid.begin(), unsaid.end());
    if (fallbacks) {
        auto found = read_request_fallbacks(members);
        if (!found) return found.error();
        options.fallbacks = std::move(*found);
    }
    return options;
}

}  // namespace patchbay
