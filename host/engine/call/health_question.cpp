#include "engine/call/health_question.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string_view>

#include <boost/json.hpp>

#include "config/health_settings.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds kPatience{60'000};
constexpr std::int64_t kTokens = 16;  // the fewest that every provider takes

/// How models of a mode are asked. `tokens`: the member that bounds the answer, if it has one.
struct ModeRow {
    std::string_view mode;
    const Surface& surface;
    std::string_view members;
    std::string_view tokens;
    bool reasons;  ///< `reasoning_effort` is a parameter of it
};

const std::array kModes{
    ModeRow{"chat", kChatSurface, R"({"messages":[{"role":"user","content":"Hi"}]})", "max_tokens",
            true},
    ModeRow{"responses", kResponsesSurface, R"({"input":"Hi"})", "max_output_tokens", false},
    ModeRow{"completion", kCompletionsSurface, R"({"prompt":"Hi"})", "max_tokens", true},
    ModeRow{"embedding", kEmbeddingsSurface, R"({"input":["Hi"]})", "", false},
    ModeRow{"moderation", kModerationsSurface, R"({"input":"Hi"})", "", false},
    ModeRow{"rerank", kRerankSurface, R"({"query":"Hi","documents":["Hi"]})", "", false},
    ModeRow{"audio_speech", kSpeechSurface, R"({"input":"Hi","voice":"alloy"})", "", false},
};

// Without a mode it is asked for a chat, as LiteLLM does.
const ModeRow* row_of(std::string_view mode) {
    const auto* const found = std::find_if(kModes.begin(), kModes.end(),
                                           [&](const ModeRow& one) { return one.mode == mode; });
    if (found != kModes.end()) return found;
    return mode.empty() ? kModes.begin() : nullptr;
}

// What the provider is asked for. A deployment of any provider's models ("*") is one at each of them, and the
// model that is named is at one.
std::optional<std::string> model_of(const Deployment& deployment) {
    const std::string& named = health_or_none(deployment.health).model;
    if (named.empty()) {
        return deployment.is_pattern() ? std::nullopt : std::optional(deployment.model);
    }
    const std::string prefix = deployment.provider + "/";
    if (named.starts_with(prefix)) return named.substr(prefix.size());
    return deployment.configured == "*" ? std::nullopt : std::optional(named);
}

bool reasons(const Deployment& deployment) {
    const auto* const said = deployment.info_given.if_contains("supports_reasoning");
    return said && said->is_bool() && said->get_bool();
}

std::int64_t tokens_of(const Deployment& deployment, const ModelHealth& health) {
    const auto& of_kind =
        reasons(deployment) ? health.max_tokens_reasoning : health.max_tokens_non_reasoning;
    return health.max_tokens.value_or(of_kind.value_or(kTokens));
}

json::object body_of(const Deployment& deployment, const ModeRow& row) {
    const ModelHealth& health = health_or_none(deployment.health);
    json::object body{{"model", deployment.id}};
    for (const auto& member : health.params) body[member.key()] = member.value();
    const json_tree::Tree members = json_tree::read(row.members);
    for (const auto& member : members.value.get_object()) body[member.key()] = member.value();
    if (row.mode == "audio_speech" && !health.voice.empty()) body["voice"] = health.voice;
    if (health.supports_max_tokens.value_or(!row.tokens.empty())) {
        body[row.tokens.empty() ? "max_tokens" : row.tokens] = tokens_of(deployment, health);
    }
    if (row.reasons && !health.reasoning_effort.empty()) {
        body["reasoning_effort"] = health.reasoning_effort;
    }
    body["num_retries"] = 0;
    body["disable_fallbacks"] = true;
    body["cache"] = {{"no-cache", true}, {"no-store", true}};
    const std::chrono::duration<double> limit = health.timeout.value_or(kPatience);
    body["timeout"] = limit.count();
    return body;
}

}  // namespace

std::optional<HealthQuestion> health_question(const Deployment& deployment) {
    const auto model = model_of(deployment);
    if (!model) return std::nullopt;
    const ModeRow* const row = row_of(deployment.info_of(*model).mode);
    if (row == nullptr) return std::nullopt;
    HealthQuestion question{&row->surface, json_tree::write(body_of(deployment, *row)), {}};
    if (*model != deployment.model) question.model = *model;
    return question;
}

}  // namespace patchbay
