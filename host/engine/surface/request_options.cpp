#include "engine/surface/request_options.hpp"

#include <boost/json.hpp>

#include "engine/surface/control_params.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

Error wrong(std::string_view name, std::string_view expected) {
    return bad_request(
        "Invalid value for '" + std::string(name) + "': expected " + std::string(expected) + ".",
        std::string(name));
}

constexpr double kMaxSeconds = 1e7;

std::optional<std::chrono::milliseconds> to_duration(const json::value& value) {
    const auto seconds = json_tree::number(value);
    if (!seconds || !(*seconds >= 0) || *seconds > kMaxSeconds) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
}

std::optional<std::vector<std::string>> to_names(const json::value& value) {
    if (!value.is_array()) return std::nullopt;
    std::vector<std::string> names;
    for (const json::value& item : value.get_array()) {
        if (!item.is_string()) return std::nullopt;
        names.emplace_back(item.get_string());
    }
    return names;
}

// What removes such members from a body goes by their names as they are written.
bool hides_control_param(std::string_view name) {
    if (name.find('\\') == std::string_view::npos) return false;
    std::string decoded;
    json_tree::append_decoded(name, decoded);
    return is_control_param(decoded);
}

}  // namespace

Result<RequestOptions> read_request_options(std::span<const bay_member> members) {
    RequestOptions options;
    for (const bay_member& member : members) {
        const std::string_view name(member.name.ptr, member.name.len);
        if (hides_control_param(name)) {
            return wrong(name, "a name without escapes, for it is a parameter of the gateway");
        }
        if (!is_control_param(name)) continue;
        options.any_control = true;
        if (is_credential_param(name)) {
            return bad_request(
                "'" + std::string(name) +
                    "' may not be set by a client: it is part of the gateway's configuration.",
                std::string(name));
        }
        if (is_mock_param(name)) {
            options.mocked = true;
            continue;
        }
        const bool read = name == "timeout" || name == "request_timeout" ||
                          name == "stream_timeout" || name == "num_retries" ||
                          name == "drop_params" || name == "allowed_openai_params" ||
                          name == "additional_drop_params";
        if (!read) continue;
        json_tree::Tree tree = json_tree::read({member.value.ptr, member.value.len});
        if (!tree) return wrong(name, "JSON");
        json_tree::make_utf8(tree.value);
        const json::value& value = tree.value;
        if (value.is_null()) continue;
        if (name == "num_retries") {
            if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 100) {
                return wrong(name, "a whole number from 0 to 100");
            }
            options.num_retries = static_cast<int>(value.get_int64());
        } else if (name == "drop_params") {
            if (!value.is_bool()) return wrong(name, "true or false");
            options.drop_params = value.get_bool();
        } else if (name == "allowed_openai_params" || name == "additional_drop_params") {
            auto names = to_names(value);
            if (!names) return wrong(name, "a list of parameter names");
            if (name == "additional_drop_params") {
                options.dropped_params = std::move(*names);
            } else {
                for (const std::string& n : *names) {
                    options.allowed_params += (options.allowed_params.empty() ? "" : ",") + n;
                }
            }
        } else {
            const auto duration = to_duration(value);
            if (!duration) return wrong(name, "a number of seconds");
            (name == "stream_timeout" ? options.stream_timeout : options.timeout) = duration;
        }
    }
    return options;
}

}  // namespace patchbay
