#include "config/cache_redis.hpp"

#include <charconv>

namespace patchbay {

namespace {

constexpr std::int64_t kMostPort = 65'535;
constexpr std::int64_t kMostDatabase = 1'000'000;

template <class Number>
bool read_number(std::string_view text, Number most, Number& number) {
    Number found = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), found);
    if (failed != std::errc() || end != text.data() + text.size() || found < 0 || found > most) {
        return false;
    }
    number = found;
    return true;
}

// "redis://user:password@host:port/database". False: it is none. Nothing of it is shown: it may hold
// a password.
bool take_url(std::string_view text, RedisSettings& redis) {
    const std::size_t scheme = text.find("://");
    const std::string_view kind = text.substr(0, scheme);
    if (scheme == text.npos || (kind != "redis" && kind != "rediss")) return false;
    std::string_view rest = text.substr(scheme + 3);
    const std::size_t slash = rest.find_first_of("/?");
    std::string_view place = rest.substr(0, slash);
    std::string_view database = slash == rest.npos ? "" : rest.substr(slash + 1);
    database = database.substr(0, database.find('?'));
    if (const std::size_t at = place.rfind('@'); at != place.npos) {
        const std::string_view user = place.substr(0, at);
        const std::size_t colon = user.find(':');
        place.remove_prefix(at + 1);
        if (user.find('%') != user.npos) return false;
        if (redis.username.empty()) redis.username = user.substr(0, colon);
        if (colon != user.npos && redis.password.empty()) {
            redis.password = Secret(std::string(user.substr(colon + 1)));
        }
    }
    const std::size_t colon = place.rfind(':');
    const bool port = colon != place.npos && place.find(']', colon) == place.npos;
    if (port) {
        std::int64_t number = 0;
        if (!read_number<std::int64_t>(place.substr(colon + 1), kMostPort, number)) return false;
        redis.port = static_cast<std::uint16_t>(number);
        place = place.substr(0, colon);
    }
    if (place.starts_with('[') && place.ends_with(']')) place = place.substr(1, place.size() - 2);
    redis.host = place;
    redis.tls = redis.tls || kind == "rediss";
    return !place.empty() && (database.empty() || read_number(database, 1'000'000, redis.database));
}

// What the environment says where the file does not.
std::string variable(const Reader& reader, const char* name) {
    const auto value = reader.environment() ? reader.environment()(name) : std::nullopt;
    return value.value_or("");
}

}  // namespace

void read_redis_port(Reader& reader, const Entry& entry, RedisDraft& draft) {
    std::optional<std::int64_t> port;
    reader.read(entry, port);
    if (!port) return;
    if (*port < 1 || *port > kMostPort) return reader.wrong(entry, "a port: 1 to 65535");
    draft.settings.port = static_cast<std::uint16_t>(*port);
}

void read_redis_database(Reader& reader, const Entry& entry, RedisDraft& draft) {
    std::optional<std::int64_t> number;
    reader.read(entry, number);
    if (!number) return;
    if (*number > kMostDatabase) return reader.wrong(entry, "the number of a database");
    draft.settings.database = static_cast<int>(*number);
}

void read_redis_url(Reader& reader, const Entry& entry, RedisDraft& draft) {
    reader.read(entry, draft.url);
    draft.url_place = entry.place();
}

void tell_redis_nodes(Reader& reader, const Entry& entry, RedisDraft& draft) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    draft.told_nodes = true;
    reader.problems().left_out(
        entry.place(),
        entry.quoted() +
            " is known to LiteLLM but not done by Patchbay yet: one server is asked, "
            "by its host or url; without it nothing is shared with other gateways");
}

void finish_redis(Reader& reader, std::string_view key, RedisDraft& draft) {
    RedisSettings& redis = draft.settings;
    if (!redis.host.empty() || draft.url.empty() || take_url(draft.url, redis)) return;
    reader.problems().error(draft.url_place,
                            std::string(key) +
                                ": expected redis://user:password@host:port/database, or "
                                "rediss:// for TLS; what needs escapes belongs into the keys of "
                                "the user's name and the password");
}

void finish_redis_with_environment(Reader& reader, std::string_view key, RedisDraft& draft) {
    RedisSettings& redis = draft.settings;
    if (redis.host.empty() && draft.url.empty()) draft.url = variable(reader, "REDIS_URL");
    finish_redis(reader, key, draft);
    if (!redis.host.empty()) return;
    redis.host = variable(reader, "REDIS_HOST");
    if (redis.host.empty()) return;
    std::int64_t port = redis.port;
    const std::string text = variable(reader, "REDIS_PORT");
    if (!text.empty() && !read_number(text, kMostPort, port)) {
        reader.problems().error({}, "the environment variable REDIS_PORT: expected 1 to 65535");
    }
    redis.port = static_cast<std::uint16_t>(port);
    if (redis.username.empty()) redis.username = variable(reader, "REDIS_USERNAME");
    if (redis.password.empty()) redis.password = Secret(variable(reader, "REDIS_PASSWORD"));
    const std::string tls = variable(reader, "REDIS_SSL");
    redis.tls = redis.tls || tls == "true" || tls == "True" || tls == "1";
}

}  // namespace patchbay
