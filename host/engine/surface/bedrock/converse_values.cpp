#include "engine/surface/bedrock/converse_values.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>

#include "engine/surface/hub/base64.hpp"
#include "engine/surface/hub/envelope.hpp"
#include "engine/surface/hub/usage.hpp"

namespace patchbay::surface {

namespace {

struct Reason {
    std::string_view messages;  ///< Anthropic's word
    std::string_view converse;
};
constexpr std::array kReasons{
    Reason{"pause_turn", "max_tokens"},
    Reason{"refusal", "content_filtered"},
};

// Bedrock's words for what OpenAI's say less exactly.
constexpr std::array<std::string_view, 3> kNative{"guardrail_intervened", "malformed_model_output",
                                                  "malformed_tool_use"};

constexpr std::array<std::string_view, 4> kFormats{"png", "jpeg", "gif", "webp"};
constexpr std::array<std::string_view, 4> kTiers{"default", "flex", "priority", "reserved"};

std::string_view domain_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of("/?#:"));
}

}  // namespace

std::string tool_use_id_of(const Block& block, std::string_view chat_id) {
    if (!block.id.empty()) return converse_call_id(block.id);
    return messages_call_id(std::string(chat_id) + ":" + std::to_string(block.call));
}

json::object image_of(std::string_view data_url) {
    const auto type = data_url.substr(0, data_url.find_first_of(";,"));
    const auto format = type.substr(std::min(type.size(), type.find('/') + 1));
    const bool known = std::find(kFormats.begin(), kFormats.end(), format) != kFormats.end();
    const auto data = data_url.substr(std::min(data_url.size(), data_url.find(',') + 1));
    return {{"format", known ? format : "jpeg"}, {"source", {{"bytes", data}}}};
}

json::object citation_of(const json::object& link) {
    const auto url = text(link, "url");
    json::object web{{"url", url}};
    if (const auto domain = domain_of(url); !domain.empty()) web["domain"] = domain;
    json::object citation;
    if (const auto title = text(link, "title"); !title.empty()) citation["title"] = title;
    citation["location"] = json::object{{"web", std::move(web)}};
    return citation;
}

std::string redacted_content(std::string_view data) {
    // As it is only if it comes back as it was: SDKs decode it and encode it anew.
    const auto bytes = bytes_of_base64(data);
    if (bytes && base64_of(*bytes) == data) return std::string(data);
    return base64_of(sealed(kOfMessages, data));
}

std::string redacted_data(std::string_view content) {
    const auto bytes = bytes_of_base64(content);
    if (!bytes) return {};
    return opened(*bytes, kOfMessages).value_or(std::string(content));
}

void ConverseEnding::read(const json::object& answer, const json::object* choice,
                          const json::object* message) {
    const auto* usage = find_object(answer, "usage");
    if (usage && (usage_.empty() || counts_tokens(*usage))) {
        usage_ = json::object(*usage, json::storage_ptr());
    }
    if (const auto tier = text(answer, "service_tier"); !tier.empty()) tier_ = tier;
    if (choice) ending_.read(*choice, message);
}

std::string_view ConverseEnding::stop_reason(bool called) const {
    const auto* native = std::find(kNative.begin(), kNative.end(), ending_.native_reason);
    if (native != kNative.end()) return *native;
    Ending ended = ending_;
    ended.called = called;
    const auto reason = ended.stop_reason();
    const auto* own = std::find_if(kReasons.begin(), kReasons.end(),
                                   [&](const Reason& row) { return row.messages == reason; });
    return own == kReasons.end() ? reason : own->converse;
}

void ConverseEnding::write_stop(bool called, const ConverseAnswering& answering,
                                json::object& to) const {
    to["stopReason"] = stop_reason(called);
    if (!answering.stop_sequence) return;
    const auto& sequence = ending_.stop_sequence;
    to["additionalModelResponseFields"] = json::object{
        {"stop_sequence", sequence.empty() ? json::value(nullptr) : json::value(sequence)}};
}

void ConverseEnding::write_counts(std::uint64_t milliseconds, json::object& to) const {
    const auto counts = usage_of(&usage_);
    const Usage none;
    const Usage& told = counts ? *counts : none;
    const auto cache = told.cached + told.cache_creation;
    json::object usage{{"inputTokens", told.prompt - std::min(told.prompt, cache)},
                       {"outputTokens", told.completion},
                       {"totalTokens", told.total}};
    if (told.cached > 0) usage["cacheReadInputTokens"] = told.cached;
    if (told.cache_creation > 0) usage["cacheWriteInputTokens"] = told.cache_creation;
    to["usage"] = std::move(usage);
    to["metrics"] = json::object{{"latencyMs", milliseconds}};
    if (std::find(kTiers.begin(), kTiers.end(), tier_) != kTiers.end()) {
        to["serviceTier"] = json::object{{"type", tier_}};
    }
}

}  // namespace patchbay::surface
