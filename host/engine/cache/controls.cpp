#include "engine/cache/controls.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "engine/surface/body_edit.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

Error wrong(std::string_view name, std::string_view expected) {
    return bad_request("Invalid value for 'cache." + std::string(name) + "': expected " +
                           std::string(expected) + ".",
                       "cache." + std::string(name));
}

struct Flag {
    std::string_view name;
    bool CacheControls::*to;
};
constexpr auto kFlags = std::to_array<Flag>({{"no-cache", &CacheControls::no_cache},
                                             {"no-store", &CacheControls::no_store},
                                             {"use-cache", &CacheControls::use_cache}});
struct Time {
    std::string_view name;
    std::optional<std::chrono::milliseconds> CacheControls::*to;
};
constexpr auto kTimes = std::to_array<Time>({{"ttl", &CacheControls::ttl},
                                             {"s-maxage", &CacheControls::max_age},
                                             {"s-max-age", &CacheControls::max_age}});

constexpr double kMostSeconds = 1e9;
constexpr std::size_t kMostNamespace = 256;

std::optional<Error> read_control(std::string_view name, const json::value& value,
                                  CacheControls& controls) {
    if (value.is_null()) return std::nullopt;
    for (const Flag& flag : kFlags) {
        if (flag.name != name) continue;
        if (!value.is_bool()) return wrong(name, "true or false");
        controls.*flag.to = value.get_bool();
    }
    for (const Time& time : kTimes) {
        if (time.name != name) continue;
        const auto seconds = json_tree::number(value);
        if (!seconds || *seconds < 0 || *seconds > kMostSeconds) {
            return wrong(name, "a number of seconds");
        }
        controls.*time.to = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
    }
    if (name == "namespace") {
        if (!value.is_string() || value.get_string().size() > kMostNamespace) {
            return wrong(name, "a string of at most 256 bytes");
        }
        controls.name_space = std::string(value.get_string());
    }
    return std::nullopt;
}

bool may_use(std::string_view name, std::span<const std::string> allowed) {
    return allowed.empty() || std::find(allowed.begin(), allowed.end(), name) != allowed.end();
}

Error not_allowed(std::string_view name) {
    Error error;
    error.cls = ErrorClass::permission;
    error.http_status = 403;
    error.param = "cache." + std::string(name);
    error.message = "Not allowed to set " + std::string(name) +
                    " as a cache control. Contact admin to change permissions.";
    return error;
}

}  // namespace

Result<CacheControls> read_cache_controls(std::span<const bay_member> members,
                                          std::span<const std::string> allowed) {
    CacheControls controls;
    if (const bay_member* const caching = find_member(members, "caching")) {
        const std::string_view value(caching->value.ptr, caching->value.len);
        controls.off = value == "false";
        controls.use_cache = value == "true";
    }
    const bay_member* const member = find_member(members, "cache");
    if (member == nullptr) return controls;
    json_tree::Tree tree = json_tree::read({member->value.ptr, member->value.len});
    if (tree.value.is_null()) return controls;
    if (!tree || !tree.value.is_object()) {
        return bad_request("Invalid value for 'cache': expected an object.", "cache");
    }
    json_tree::make_utf8(tree.value);
    for (const auto& control : tree.value.get_object()) {
        if (!may_use(control.key(), allowed)) return not_allowed(control.key());
        if (auto refused = read_control(control.key(), control.value(), controls)) return *refused;
    }
    return controls;
}

}  // namespace patchbay
