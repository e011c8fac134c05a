#include <algorithm>
#include <charconv>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "contract/json/utf8_text.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay {

namespace {

// Azure's and the old engines' paths name the model, so the body need not.
std::string with_model(std::string_view body, std::string_view model) {
    const std::size_t brace = body.find('{');
    std::string text(body.substr(0, brace + 1));
    text += "\"model\":" + boost::json::serialize(boost::json::string(model));
    const std::string_view rest = body.substr(brace + 1);
    const std::size_t next = rest.find_first_not_of(" \t\r\n");
    if (next != std::string_view::npos && rest[next] != '}') text += ',';
    text += rest;
    return text;
}

std::optional<double> number(std::string_view text) {
    constexpr double kMost = 1e7;
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = ec == std::errc() && end == text.data() + text.size();
    if (!whole || !(value >= 0) || value > kMost) return std::nullopt;
    return value;
}

// LiteLLM's headers that say what the body could say too; the body goes before them.
std::optional<Error> read_headers(const Caller& caller, RequestOptions& options) {
    constexpr double kMostRetries = 100;
    for (const std::string_view name :
         {"x-litellm-timeout", "x-litellm-stream-timeout", "x-litellm-num-retries"}) {
        const std::string_view text = caller.header(name);
        if (text.empty()) continue;
        const auto value = number(text);
        if (!value) {
            return bad_request("Invalid value for header '" + std::string(name) + "'.",
                               std::string(name));
        }
        const std::chrono::milliseconds duration(static_cast<std::int64_t>(*value * 1000));
        if (name == "x-litellm-timeout") {
            if (!options.timeout) options.timeout = duration;
        } else if (name == "x-litellm-stream-timeout") {
            if (!options.stream_timeout) options.stream_timeout = duration;
        } else if (!options.num_retries) {
            options.num_retries = static_cast<int>(std::min(*value, kMostRetries));
        }
    }
    std::string_view tags = caller.header("x-litellm-tags");
    while (!tags.empty()) {
        const std::size_t comma = std::min(tags.find(','), tags.size());
        std::string_view tag = tags.substr(0, comma);
        tags.remove_prefix(std::min(comma + 1, tags.size()));
        while (tag.starts_with(' ')) tag.remove_prefix(1);
        while (tag.ends_with(' ')) tag.remove_suffix(1);
        if (!tag.empty()) options.tags.emplace_back(as_utf8(tag, tag.size()));
    }
    return std::nullopt;
}

}  // namespace

std::optional<Error> read_json(const AskParts& parts, const RequestForm& form, Ask& ask) {
    ask.body = parts.body;
    auto scan = scan_request(ask.body, form);
    if (!scan && !parts.path_model.empty() && scan.error().param == "model" &&
        scan.error().code == "missing_required_parameter") {
        ask.own = with_model(ask.body, parts.path_model);
        ask.body = ask.own;
        scan = scan_request(ask.body, form);
    }
    if (!scan) return scan.error();
    ask.scan = std::move(*scan);
    auto options = read_request_options(ask.members());
    if (!options) return options.error();
    ask.options = std::move(*options);
    ask.model = parts.path_model.empty() ? ask.scan.model() : parts.path_model;
    return read_headers(parts.caller, ask.options);
}

std::optional<Error> replace_body(Ask& ask, const RequestForm& form, std::string body) {
    ask.own = std::move(body);
    ask.body = ask.own;
    auto scan = scan_request(ask.body, form);
    if (!scan) return scan.error();
    ask.scan = std::move(*scan);
    return std::nullopt;
}

}  // namespace patchbay
