#include "engine/links/linked_file.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "contract/crypto/base64.hpp"
#include "contract/http/header.hpp"
#include "engine/coarse_clock.hpp"

namespace patchbay {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr int kMostRedirections = 5;
constexpr milliseconds kConnect{10'000};

/// What stands for an address in an error: it is shown to people.
std::string shown(std::string_view url) {
    return std::string(url.substr(0, url.find_first_of("?#")));
}

Error not_fetched(std::string_view url, std::string_view why) {
    return bad_request("The file at " + shown(url) + " cannot be fetched: " + std::string(why));
}

// It is no fault of the deployment's, which must not rest for it.
Error overloaded() {
    Error error = bad_request("Requests hold too many files that were fetched for them: ask again");
    error.http_status = 503;
    error.type = "service_unavailable_error";
    error.retry_after = std::chrono::seconds(1);
    return error;
}

std::string_view words_of(http::FailureKind kind) {
    using http::FailureKind;
    switch (kind) {
        case FailureKind::timeout:
            return "it took too long";
        case FailureKind::denied:
            return "its host is not at a public address";
        case FailureKind::connect:
            return "its host cannot be reached";
        default:
            return "the answer was cut off or is no HTTP";
    }
}

struct Magic {
    std::string_view begin;
    std::string_view type;
    std::string_view further{};  ///< at `offset`
    std::size_t offset = 0;
};

constexpr std::array kMagic{
    Magic{"\x89PNG\r\n\x1a\n", "image/png"},
    Magic{"\xff\xd8\xff", "image/jpeg"},
    Magic{"GIF87a", "image/gif"},
    Magic{"GIF89a", "image/gif"},
    Magic{"RIFF", "image/webp", "WEBP", 8},
    Magic{"%PDF-", "application/pdf"},
    Magic{"\x1a\x45\xdf\xa3", "video/webm"},
};

// RFC 9110, section 8.3: "type/subtype; parameters".
std::string type_told(std::string_view header) {
    std::string type(header.substr(0, header.find(';')));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const bool says_nothing = type.find('/') == std::string::npos ||
                              type == "application/octet-stream" || type == "binary/octet-stream";
    return says_nothing ? std::string() : type;
}

std::string name_in(std::string_view target) {
    target = target.substr(0, target.find('?'));
    return std::string(target.substr(target.rfind('/') + 1));
}

// RFC 9110, section 10.2.2: absolute, or a path on the same host. nullopt: nothing that is followed.
std::optional<std::string> redirected(const http::Url& from, std::string_view location) {
    location = location.substr(0, location.find('#'));
    if (location.starts_with("//")) return (from.tls ? "https:" : "http:") + std::string(location);
    if (location.starts_with('/')) {
        return (from.tls ? "https://" : "http://") + std::string(from.authority) +
               std::string(location);
    }
    if (!http::parse_url(location)) return std::nullopt;
    return std::string(location);
}

bool is_redirection(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What one GET came to.
struct Answer {
    LinkedFile file;
    std::string location;  ///< where to go on; empty: this is the file
};

asio::awaitable<Result<Answer>> get(http::Client& client, const LinkSettings& settings,
                                    const std::string& url, milliseconds time, LinkBudget& budget) {
    const auto parsed = http::parse_url(url);
    if (!parsed) co_return not_fetched(url, "it is no address");
    const bool anywhere = !settings.validate || is_listed_host(settings, *parsed);
    const std::array<http::Header, 2> headers{
        http::Header{"accept", "*/*"}, http::Header{"user-agent", "patchbay/" PATCHBAY_VERSION}};
    http::Request request;
    request.method = "GET";
    request.url = *parsed;
    request.headers = headers;
    request.timeouts.connect = std::min(kConnect, time);
    request.timeouts.total = time;
    request.reach = anywhere ? http::Reach::everywhere : http::Reach::public_only;
    request.repeatable = true;
    auto response = co_await client.send(request);
    if (!response) co_return not_fetched(url, words_of(response.error().kind));
    const int status = response->status();
    Answer answer;
    if (is_redirection(status)) {
        auto location = redirected(*parsed, response->header("location"));
        if (!location) co_return not_fetched(url, "it leads to no address");
        answer.location = std::move(*location);
        co_return answer;
    }
    if (status != 200) {
        co_return not_fetched(url, "its server answers " + std::to_string(status));
    }
    if (!response->header("content-encoding").empty()) {
        co_return not_fetched(url, "its server sends it in a coding that was not asked for");
    }
    LinkedFile& file = answer.file;
    for (;;) {
        const auto piece = co_await response->read();
        if (!piece) co_return not_fetched(url, words_of(piece.error().kind));
        if (piece->empty()) break;
        if (auto failed = take_room(budget, url, piece->size())) co_return std::move(*failed);
        file.bytes.append(*piece);
    }
    file.media_type = type_told(response->header("content-type"));
    if (file.media_type.empty()) file.media_type = media_type_of_bytes(file.bytes);
    if (file.media_type.empty()) co_return not_fetched(url, "nobody says what it is");
    file.name = name_in(parsed->target);
    co_return answer;
}

}  // namespace

std::string LinkedFile::data_url() const {
    std::string url = "data:" + media_type + ";base64,";
    append_base64(url, bytes);
    return url;
}

std::string_view media_type_of_bytes(std::string_view bytes) {
    for (const Magic& magic : kMagic) {
        if (!bytes.starts_with(magic.begin)) continue;
        const auto further = bytes.substr(std::min(magic.offset, bytes.size()));
        if (further.starts_with(magic.further)) return magic.type;
    }
    return {};
}

std::optional<Error> take_room(LinkBudget& budget, std::string_view url, std::uint64_t bytes) {
    switch (budget.take(bytes)) {
        case LinkBudget::Taken::too_large:
            return not_fetched(url, "it is larger than may be fetched for a request");
        case LinkBudget::Taken::too_many:
            return overloaded();
        case LinkBudget::Taken::yes:
            break;
    }
    return std::nullopt;
}

bool is_listed_host(const LinkSettings& settings, const http::Url& url) {
    const std::string with_port = std::string(url.host) + ":" + std::to_string(url.port);
    return std::any_of(
        settings.allowed_hosts.begin(), settings.allowed_hosts.end(), [&](std::string_view listed) {
            return http::iequals(listed, url.host) || http::iequals(listed, with_port) ||
                   http::iequals(listed, url.authority);
        });
}

asio::awaitable<Result<LinkedFile>> fetch_linked_file(http::Client& client,
                                                      const LinkSettings& settings, std::string url,
                                                      milliseconds time, LinkBudget& budget) {
    const auto end = coarse_now() + time;
    for (int hops = 0; hops <= kMostRedirections; ++hops) {
        auto answer = co_await get(client, settings, url, time, budget);
        if (!answer) co_return answer.error();
        if (answer->location.empty()) co_return std::move(answer->file);
        url = std::move(answer->location);
        time = std::chrono::duration_cast<milliseconds>(end - coarse_now());
        if (time.count() <= 0) co_return not_fetched(url, "it took too long");
    }
    co_return not_fetched(url, "it leads from one address to the next");
}

}  // namespace patchbay
