// What can be asked of a response that was made before, as rows.
#include <array>

#include <simdjson.h>

#include "contract/http/query.hpp"
#include "engine/surface/openai/response_error.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay {

namespace {

// What OpenAI's reference has for these paths. A name that is repeated says several things.
constexpr std::array<std::string_view, 8> kQuery{
    "after", "before", "include",       "include[]", "include_obfuscation",
    "limit", "order",  "starting_after"};

std::optional<Error> read(const AskParts& parts, Ask& ask) {
    ask.body = "{}";  // for records
    ask.resource = parts.path_resource;
    ask.kept = parts.kept;
    for (const std::string_view name : kQuery) {
        for (std::string& value : http::query_values(parts.query, name)) {
            if (!simdjson::validate_utf8(value)) return bad_request("The query is not UTF-8.");
            ask.query.emplace_back(name, std::move(value));
        }
    }
    ask.scan.stream = http::query_value(parts.query, "stream") == "true";
    if (ask.scan.stream) ask.query.emplace_back("stream", "true");
    return std::nullopt;
}

// Only what was made is streamed again.
std::optional<Error> read_whole(const AskParts& parts, Ask& ask) {
    auto refused = read(parts, ask);
    ask.scan.stream = false;
    return refused;
}

std::string error(const Error& error, std::string_view) {
    return error_json(error);
}

int status(const Error& error) {
    return error.status();
}

}  // namespace

const Surface kGetResponseSurface{.route = "/responses/{response_id}",
                                  .operation = &kGetResponse,
                                  .framing = Framing::sse_named,
                                  .read = read,
                                  .error = error,
                                  .stream_error = surface::response_error_event,
                                  .status = status};
const Surface kDeleteResponseSurface{.route = "/responses/{response_id}",
                                     .operation = &kDeleteResponse,
                                     .read = read_whole,
                                     .error = error,
                                     .status = status};
const Surface kCancelResponseSurface{.route = "/responses/{response_id}/cancel",
                                     .operation = &kCancelResponse,
                                     .read = read_whole,
                                     .error = error,
                                     .status = status};
const Surface kResponseInputSurface{.route = "/responses/{response_id}/input_items",
                                    .operation = &kResponseInput,
                                    .read = read_whole,
                                    .error = error,
                                    .status = status};

}  // namespace patchbay
