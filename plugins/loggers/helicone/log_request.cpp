// Members of the request's metadata that begin with "helicone_" become Helicone's headers, as with
// LiteLLM: helicone_session_id is "Helicone-Session-Id", helicone_property_team
// "Helicone-Property-Team".
#include "log_request.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "patchbay/json_tree.hpp"
#include "shared/ids.hpp"

namespace patchbay::helicone {

namespace json = boost::json;
using sink::member;
using sink::text;

namespace {

constexpr std::string_view kPrefix = "helicone_";

std::string header_name(std::string_view name) {
    std::string header = "Helicone-";
    bool first = true;
    for (const char c : name.substr(kPrefix.size())) {
        const bool dash = c == '_' || c == '-';
        const bool raise = first && c >= 'a' && c <= 'z';
        header += dash ? '-' : raise ? static_cast<char>(c - ('a' - 'A')) : c;
        first = dash;
    }
    return header;
}

json::object meta_of(const sink::Record& record, const std::string& authorization) {
    json::object meta;
    const auto& given = sink::requester_metadata(record.payload);
    for (const auto& one : given) {
        const std::string_view name = one.key();
        if (!name.starts_with(kPrefix) || name.size() == kPrefix.size()) continue;
        const auto* plain = one.value().if_string();
        meta[header_name(name)] = plain ? *plain : json::string(json_tree::write(one.value()));
    }
    const std::string_view user = text(record.payload, "end_user");
    if (!user.empty() && !meta.contains("Helicone-User-Id")) meta["Helicone-User-Id"] = user;
    // After the client's, whose word these are not.
    meta["Helicone-Auth"] = authorization;
    meta["Helicone-Request-Id"] = sink::uuid_of(record.id);
    return meta;
}

json::object moment(double seconds) {
    const double ms = std::floor(std::clamp(seconds, 0.0, 1e12) * 1000 + 0.5);
    const auto whole = static_cast<std::int64_t>(ms);
    return {{"seconds", whole / 1000}, {"milliseconds", whole % 1000}};
}

json::object request_of(const sink::Record& record) {
    json::object request{{"model", sink::model_of(record.payload)},
                         {"messages", member(record.payload, "messages")}};
    if (const auto* parameters = member(record.payload, "model_parameters").if_object()) {
        for (const auto& one : *parameters) request.emplace(one.key(), one.value());
    }
    return request;
}

std::string_view stop_reason(std::string_view finish) {
    if (finish == "length") return "max_tokens";
    if (finish == "tool_calls" || finish == "function_call") return "tool_use";
    return "end_turn";
}

json::array content_of(const json::value& message) {
    json::array content;
    const std::string_view said = text(message, "content");
    if (!said.empty()) content.push_back(json::object{{"type", "text"}, {"text", said}});
    const auto* calls = member(message, "tool_calls").if_array();
    for (std::size_t i = 0; calls && i < calls->size(); ++i) {
        const json::value& function = member((*calls)[i], "function");
        auto input = sink::parse(text(function, "arguments"));
        content.push_back(json::object{
            {"type", "tool_use"},
            {"id", member((*calls)[i], "id")},
            {"name", member(function, "name")},
            {"input", input && input->is_object() ? std::move(*input) : json::object()}});
    }
    return content;
}

// The response of a payload has OpenAI's form; Helicone's log of Claude's calls has Anthropic's.
json::object message_of(const sink::Record& record, const json::value& response) {
    json::value choice(nullptr);
    if (const auto* choices = member(response, "choices").if_array();
        choices && !choices->empty()) {
        choice = choices->front();
    }
    const auto tokens = [&](const char* name) {
        return std::llround(std::clamp(sink::number(record.payload, name).value_or(0), 0.0, 1e15));
    };
    return {{"id", member(response, "id")},
            {"type", "message"},
            {"role", "assistant"},
            {"model", sink::model_of(record.payload)},
            {"content", content_of(member(choice, "message"))},
            {"stop_reason", stop_reason(text(choice, "finish_reason"))},
            {"usage",
             {{"input_tokens", tokens("prompt_tokens")},
              {"output_tokens", tokens("completion_tokens")}}}};
}

int status_of(const sink::Record& record) {
    if (!record.failed) return 200;
    const auto code = text(member(record.payload, "error_information"), "error_code");
    int status = 0;
    std::from_chars(code.data(), code.data() + code.size(), status);
    return status >= 400 && status < 600 ? status : 500;
}

json::object response_of(const sink::Record& record) {
    if (record.failed) {
        const json::value& information = member(record.payload, "error_information");
        return {{"error",
                 {{"message", sink::error_text(record.payload)},
                  {"type", member(information, "error_class")}}}};
    }
    const json::value& response = member(record.payload, "response");
    if (response.is_null()) return {};
    if (is_claude(record)) return message_of(record, response);
    const auto* object = response.if_object();
    json::object answer = object ? *object : json::object{{"response", response}};
    if (!answer.contains("usage")) {
        answer["usage"] =
            json::object{{"prompt_tokens", member(record.payload, "prompt_tokens")},
                         {"completion_tokens", member(record.payload, "completion_tokens")},
                         {"total_tokens", member(record.payload, "total_tokens")}};
    }
    return answer;
}

}  // namespace

bool is_claude(const sink::Record& record) {
    return sink::model_of(record.payload).find("claude") != std::string::npos;
}

json::object log_request(const sink::Record& record, const std::string& authorization) {
    const char* url = is_claude(record) ? "https://api.anthropic.com/v1/messages"
                                        : "https://api.openai.com/v1/chat/completions";
    json::object headers;
    if (!is_claude(record)) headers["openai-version"] = "2020-10-01";
    return {
        {"providerRequest",
         {{"url", url}, {"json", request_of(record)}, {"meta", meta_of(record, authorization)}}},
        {"providerResponse",
         {{"json", response_of(record)},
          {"status", status_of(record)},
          {"headers", std::move(headers)}}},
        {"timing", {{"startTime", moment(record.started)}, {"endTime", moment(record.ended)}}}};
}

}  // namespace patchbay::helicone
