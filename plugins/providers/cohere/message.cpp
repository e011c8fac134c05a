#include "message.hpp"

#include <string>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::cohere {

namespace json = boost::json;

namespace {

struct Reason {
    std::string_view cohere;
    std::string_view openai;
};

constexpr Reason kReasons[] = {
    {"COMPLETE", "stop"},
    {"STOP_SEQUENCE", "stop"},
    {"MAX_TOKENS", "length"},
    {"ERROR_LIMIT", "length"},
    {"TOOL_CALL", "tool_calls"},
    {"ERROR_TOXIC", "content_filter"},
    {"CONTENT_FILTER", "content_filter"},
};

shared::Failure given_up(std::string_view reason, std::string_view why) {
    shared::Failure failure;
    if (reason == "TIMEOUT") {
        failure.cls = BAY_ERR_TIMEOUT;
        failure.http_status = 408;
    }
    failure.message = "Cohere gave the answer up: ";
    failure.message += why.empty() ? reason : why;
    return failure;
}

}  // namespace

openai::Read<std::string_view> finish_reason(std::string_view given, std::string_view why) {
    if (given == "ERROR" || given == "TIMEOUT") return given_up(given, why);
    for (const Reason& reason : kReasons) {
        if (reason.cohere == given) return reason.openai;
    }
    return std::string_view("stop");
}

void annotate(const json::array& citations, json::array& annotations) {
    for (const json::value& value : citations) {
        const json::object* citation = value.if_object();
        const json::array* sources =
            citation != nullptr ? shared::find_array(citation, "sources") : nullptr;
        if (sources == nullptr) continue;
        for (const json::value& each : *sources) {
            const json::object* source = each.if_object();
            if (source == nullptr) continue;
            const std::string_view id = shared::text(source, "id");
            const json::object* document = shared::find_object(source, "document");
            annotations.emplace_back(json::object{
                {"type", "url_citation"},
                {"url_citation", json::object{{"start_index", shared::count(citation, "start")},
                                              {"end_index", shared::count(citation, "end")},
                                              {"title", shared::text(document, "title")},
                                              {"url", std::string("source:").append(id)}}}});
        }
    }
}

json::object Usage::to_openai() const {
    json::object usage{
        {"prompt_tokens", input}, {"completion_tokens", output}, {"total_tokens", input + output}};
    if (cached > 0) usage["prompt_tokens_details"] = json::object{{"cached_tokens", cached}};
    return usage;
}

bay_usage Usage::to_host() const {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = input;
    usage.output_tokens = output;
    usage.cached_input_tokens = cached;
    usage.searches = searches;
    return usage;
}

std::optional<Usage> read_usage(const json::object* usage) {
    if (usage == nullptr) return std::nullopt;
    const json::object* billed = shared::find_object(usage, "billed_units");
    const json::object* tokens = shared::find_object(usage, "tokens");
    if (tokens == nullptr) tokens = billed;
    Usage read;
    read.input = shared::count(tokens, "input_tokens");
    read.output = shared::count(tokens, "output_tokens");
    read.cached = shared::count(usage, "cached_tokens");
    read.searches = shared::count(billed, "search_units");
    return read;
}

}  // namespace patchbay::cohere
