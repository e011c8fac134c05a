#include "engine/surface/gemini/answer_values.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/usage.hpp"

namespace patchbay::surface {

namespace {

struct Reason {
    std::string_view finish_reason;
    std::string_view word;
};
constexpr std::array kReasons{
    Reason{"length", "MAX_TOKENS"},
    Reason{"content_filter", "SAFETY"},
};

// Google's words for what OpenAI's say less exactly.
constexpr std::array<std::string_view, 15> kNative{
    "BLOCKLIST",
    "IMAGE_OTHER",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "IMAGE_SAFETY",
    "LANGUAGE",
    "MALFORMED_FUNCTION_CALL",
    "MISSING_THOUGHT_SIGNATURE",
    "NO_IMAGE",
    "OTHER",
    "PROHIBITED_CONTENT",
    "RECITATION",
    "SPII",
    "TOO_MANY_TOOL_CALLS",
    "UNEXPECTED_TOOL_CALL",
};

void take(std::string& to, std::string_view from) {
    if (!from.empty()) to = from;
}

// Counts that a provider told apart; nothing where all is text.
void write_modalities(std::string_view name, std::uint64_t all, std::uint64_t images,
                      std::uint64_t audio, json::object& to) {
    if (images + audio == 0) return;
    json::array details;
    const auto add = [&](std::string_view modality, std::uint64_t tokens) {
        if (tokens == 0) return;
        details.emplace_back(json::object{{"modality", modality}, {"tokenCount", tokens}});
    };
    add("TEXT", all - std::min(all, images + audio));
    add("IMAGE", images);
    add("AUDIO", audio);
    to[name] = std::move(details);
}

const json::array* logprobs_of(const json::object& choice) {
    const auto* logprobs = find_object(choice, "logprobs");
    return logprobs ? find_array(*logprobs, "content") : nullptr;
}

json::object logprob_of(const json::object& token) {
    json::object told{{"token", text(token, "token")}};
    if (const auto* value = find(token, "logprob")) told["logProbability"] = *value;
    return told;
}

}  // namespace

json::object call_part(const AnsweredCall& call, std::string_view chat_id, const ChatNames& names) {
    const std::string id =
        call.id.empty() ? chat_call_id(std::string(chat_id) + ":" + std::to_string(call.number))
                        : call.id;
    json::object part{
        {"functionCall",
         {{"id", id}, {"name", names.original(call.name)}, {"args", tool_input(call.arguments)}}}};
    if (!call.signature.empty()) part["thoughtSignature"] = call.signature;
    return part;
}

std::string_view own_signature(const json::object& call) {
    const auto* own = find_object(call, "provider_specific_fields");
    return own ? text(*own, "thought_signature") : std::string_view();
}

json::object text_part_of(std::string_view words) {
    return {{"text", words}};
}

json::object thought_part(std::string_view words) {
    return {{"text", words}, {"thought", true}};
}

json::object image_part_of(const json::object& image) {
    constexpr std::string_view kBegin = "data:";
    constexpr std::string_view kBase64 = ";base64,";
    const auto* link = find_object(image, "image_url");
    const auto url = link ? text(*link, "url") : std::string_view();
    const auto middle = url.find(kBase64);
    if (!url.starts_with(kBegin) || middle == std::string_view::npos) return {};
    return {{"inlineData",
             {{"mimeType", url.substr(kBegin.size(), middle - kBegin.size())},
              {"data", url.substr(middle + kBase64.size())}}}};
}

json::object usage_metadata(const json::object* usage) {
    const auto counts = usage_of(usage);
    json::object written;
    if (!counts) return written;
    const Usage& told = *counts;
    const auto answered = told.completion - std::min(told.completion, told.reasoning);
    written["promptTokenCount"] = told.prompt;
    written["candidatesTokenCount"] = answered;
    written["totalTokenCount"] = told.total;
    if (told.cached > 0) written["cachedContentTokenCount"] = told.cached;
    if (told.reasoning > 0) written["thoughtsTokenCount"] = told.reasoning;
    write_modalities("promptTokensDetails", told.prompt, told.image_prompt, told.audio_prompt,
                     written);
    write_modalities("candidatesTokensDetails", answered, told.image_completion,
                     told.audio_completion, written);
    return written;
}

void Finish::read(const json::object& choice, const json::object* message) {
    take(reason, text(choice, "finish_reason"));
    if (const auto* own = find_object(choice, "provider_specific_fields")) {
        take(native, text(*own, "native_finish_reason"));
    }
    refused |= message && !text(*message, "refusal").empty();
}

std::string_view Finish::word() const {
    const auto* own = std::find(kNative.begin(), kNative.end(), native);
    if (own != kNative.end()) return *own;
    const auto* known = std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& row) {
        return row.finish_reason == reason;
    });
    if (known != kReasons.end()) return known->word;
    return refused ? "SAFETY" : "STOP";
}

json::object logprobs_result(const json::object& choice) {
    const auto* content = logprobs_of(choice);
    json::object result;
    if (!content || content->empty()) return result;
    json::array chosen;
    json::array top;
    for (const auto& value : *content) {
        const auto* token = as_object(&value);
        if (!token) continue;
        chosen.push_back(logprob_of(*token));
        json::array candidates;
        if (const auto* others = find_array(*token, "top_logprobs")) {
            for (const auto& other : *others) {
                if (const auto* one = as_object(&other)) candidates.push_back(logprob_of(*one));
            }
        }
        top.emplace_back(json::object{{"candidates", std::move(candidates)}});
    }
    result["chosenCandidates"] = std::move(chosen);
    result["topCandidates"] = std::move(top);
    return result;
}

void LogprobSum::add(const json::object& choice) {
    const auto* content = logprobs_of(choice);
    if (!content) return;
    for (const auto& value : *content) {
        const auto* token = as_object(&value);
        const auto* logprob = token ? find(*token, "logprob") : nullptr;
        const auto number = logprob ? json_tree::number(*logprob) : std::nullopt;
        if (!number) continue;
        sum += *number;
        ++tokens;
    }
}

}  // namespace patchbay::surface
