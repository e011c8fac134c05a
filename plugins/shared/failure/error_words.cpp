#include "error_words.hpp"

#include <algorithm>
#include <string_view>

namespace patchbay::shared {

namespace {

struct Name {
    std::string_view name;
    unsigned means;
};

// Types, codes and reasons, from the providers' lists of errors.
constexpr Name kNames[] = {
    {"insufficient_quota", kAccount},            // OpenAI, Perplexity
    {"billing_not_active", kAccount},            // OpenAI
    {"billing_hard_limit_reached", kAccount},    // OpenAI
    {"billing_error", kAccount},                 // Anthropic
    {"billing_disabled", kAccount},              // Google
    {"consumer_suspended", kAccount},            // Google
    {"exceeded_current_quota_error", kAccount},  // Moonshot
    {"organization_restricted", kAccount},       // Groq
    {"organization_disabled", kAccount},
    {"blocked_api_access", kAccount},  // Groq: the limit of spending
    {"insufficient_balance", kAccount},
    {"insufficient_credits", kAccount},
    {"insufficient_funds", kAccount},
    {"insufficient_user_quota", kAccount},
    {"credits_exhausted", kAccount},
    {"payment_required", kAccount},
    {"payment_required_error", kAccount},
    {"usage_limit_reached", kAccount},
    {"usage_limit_exceeded", kAccount},
    {"spend_limit_reached", kAccount},
    {"token_quota_reached", kAccount},  // Cerebras
    {"account_suspended", kAccount},
    {"arrearage", kAccount},                     // DashScope
    {"allocationquota.freetieronly", kAccount},  // DashScope
    {"accountoverdueerror", kAccount},           // Volcengine
    {"invalid_api_key", kKey},
    {"incorrect_api_key", kKey},
    {"api_key_invalid", kKey},  // Google
    {"authentication_error", kKey},
    {"context_length_exceeded", kContext},
    {"context_window_exceeded", kContext},
    {"exceed_context_size_error", kContext},         // llama.cpp
    {"model_max_prompt_tokens_exceeded", kContext},  // GitHub
    {"content_policy_violation", kPolicy},
    {"content_filter", kPolicy},                // Azure
    {"responsibleaipolicyviolation", kPolicy},  // Azure
    {"moderation_blocked", kPolicy},
    {"data_inspection_failed", kPolicy},  // DashScope
    {"datainspectionfailed", kPolicy},
    {"invalid_prompt", kPolicy},  // OpenAI: flagged before it ran
    {"model_not_found", kModel},
    {"rate_limit_exceeded", kRateLimit},
    {"rate_limit_error", kRateLimit},
};

struct Phrase {
    unsigned means;
    std::string_view text;    ///< lower case
    std::string_view also{};  ///< must be there too
};

constexpr Phrase kPhrases[] = {
    {kAccount, "credit balance is too low"},               // Anthropic
    {kAccount, "reached your specified", "usage limits"},  // Anthropic
    {kAccount, "exceeded your current quota"},             // OpenAI
    {kAccount, "billing hard limit has been reached"},     // OpenAI
    {kAccount, "organization has been disabled"},
    {kAccount, "organization has been deactivated"},
    {kAccount, "organization has been restricted"},
    {kAccount, "organization is disabled"},
    {kAccount, "project has been archived"},
    {kAccount, "project has been disabled"},
    {kAccount, "account has been disabled"},
    {kAccount, "account has been deactivated"},
    {kAccount, "account has been suspended"},
    {kAccount, "account is not active"},
    {kAccount, "account is suspended"},  // Fireworks, Moonshot
    {kAccount, "account is in good standing"},
    {kAccount, "account balance is insufficient"},
    {kAccount, "subscription is disabled"},
    {kAccount, "inactive subscription"},  // Mistral
    {kAccount, "billing to be enabled"},  // Google
    {kAccount, "billing is disabled"},
    {kAccount, "insufficient balance"},
    {kAccount, "insufficient credit"},
    {kAccount, "insufficient quota"},
    {kAccount, "insufficient funds"},
    {kAccount, "not enough credits"},
    {kAccount, "out of credits"},
    {kAccount, "have any credits"},            // xAI: "doesn't have any credits yet"
    {kAccount, "used all available credits"},  // xAI
    {kAccount, "monthly spending limit"},      // xAI, Fireworks
    {kAccount, "monthly included credits"},    // Hugging Face
    {kAccount, "spend limit reached"},
    {kAccount, "spending limit reached"},
    {kAccount, "credit limit exceeded"},  // Together
    {kAccount, "key limit exceeded"},     // OpenRouter
    {kAccount, "usage limit reached"},
    {kAccount, "usage limit has been reached"},
    {kAccount, "free tier of the model has been exhausted"},
    {kAccount, "account has an overdue balance"},
    {kKey, "incorrect api key"},
    {kKey, "invalid api key"},
    {kKey, "api key not valid"},
    {kKey, "api key expired"},
    {kKey, "api key has been disabled"},
    {kKey, "api key has been revoked"},
    {kKey, "invalid x-api-key"},
    {kContext, "exceed context limit"},
    {kContext, "this model's maximum context length is"},
    {kContext, "this endpoint's maximum context length is"},           // OpenRouter
    {kContext, "this model's maximum prompt length is"},               // xAI
    {kContext, "too large for model with", "maximum context length"},  // Mistral
    {kContext, "string too long. expected a string with maximum length"},
    {kContext, "model's maximum context limit"},
    {kContext, "is longer than the model's context length"},
    {kContext, "input tokens exceed the configured limit"},
    {kContext, "tokens +  must be <="},  // TGI: "`inputs` tokens + `max_new_tokens` must be <= ..."
    {kContext, "exceeds the maximum number of tokens allowed"},
    {kContext, "exceeds the available context size"},       // llama.cpp
    {kContext, "current length is", "while limit is"},      // Cerebras
    {kContext, "prompt is too long"},                       // Anthropic
    {kContext, "prompt: length"},                           // Anthropic
    {kContext, "too many tokens: total number of tokens"},  // Cohere
    {kContext, "input length exceeds"},                     // Ollama
    {kPolicy, "invalid prompt", "violating our usage policy"},
    {kPolicy, "rejected as a result of the safety system"},
    {kPolicy, "rejected as a result of our safety system"},
    {kPolicy, "content management policy"},            // Azure
    {kPolicy, "blocked by content filtering policy"},  // Anthropic
    {kPolicy, "content exists risk"},                  // DeepSeek
    {kPolicy, "flagged by the moderation"},            // Mistral
    {kPolicy, "your input was flagged"},               // OpenRouter
    {kPolicy, "may contain inappropriate content"},    // DashScope
    {kRateLimit, "service tier capacity exceeded"},
    {kRateLimit, "too many requests"},
    {kRateLimit, "request too large", "tokens per min"},
    {kTimeout, "request timeout error"},
    {kTimeout, "request timed out"},
    {kTimeout, "timed out generating response"},
    {kTimeout, "the read operation timed out"},
    {kTimeout, "a timeout occurred"},
    {kOverloaded, "overloaded"},
};

struct Status {
    std::string_view name;
    int status;
};

constexpr Status kStatuses[] = {
    // OpenAI and those who copied it
    {"invalid_request_error", 400},
    {"context_length_exceeded", 400},
    {"content_policy_violation", 400},
    {"content_filter", 400},
    {"invalid_api_key", 401},
    {"authentication_error", 401},
    {"payment_required", 402},
    {"permission_error", 403},
    {"permission_denied", 403},
    {"model_not_found", 404},
    {"not_found_error", 404},
    {"insufficient_quota", 429},
    {"rate_limit_exceeded", 429},
    {"rate_limit_error", 429},
    {"throttling_error", 429},
    {"server_error", 500},
    {"internal_error", 500},
    {"internal_server_error", 500},
    {"service_unavailable", 503},
    {"service_unavailable_error", 503},
    {"engine_overloaded", 503},
    // Anthropic
    {"billing_error", 402},
    {"request_too_large", 413},
    {"api_error", 500},
    {"timeout_error", 504},
    {"overloaded_error", 529},
    // Google
    {"invalid_argument", 400},
    {"failed_precondition", 400},
    {"unauthenticated", 401},
    {"not_found", 404},
    {"resource_exhausted", 429},
    {"internal", 500},
    {"unavailable", 503},
    {"deadline_exceeded", 504},
    // vLLM
    {"badrequesterror", 400},
    {"authenticationerror", 401},
    {"notfounderror", 404},
    {"ratelimiterror", 429},
    {"internalservererror", 500},
};

/// "rate limit", "rate_limit", "rate-limit", "ratelimit", but not "generate limits".
bool speaks_of_rate_limit(std::string_view words) {
    for (auto at = words.find("rate"); at != std::string_view::npos;
         at = words.find("rate", at + 1)) {
        if (at > 0 && words[at - 1] >= 'a' && words[at - 1] <= 'z') continue;
        const auto next = words.find_first_not_of(" \t\r\n_-", at + 4);
        if (next != std::string_view::npos && words.substr(next).starts_with("limit")) return true;
    }
    return false;
}

bool has(std::string_view words, std::string_view phrase) {
    return words.find(phrase) != std::string_view::npos;
}

}  // namespace

unsigned refinement_by_name(const ErrorText& error, unsigned allowed) {
    for (const std::string& name : error.names) {
        const auto* found = std::find_if(
            std::begin(kNames), std::end(kNames),
            [&](const Name& known) { return (known.means & allowed) != 0 && known.name == name; });
        if (found != std::end(kNames)) return found->means;
    }
    return kNoRefinement;
}

unsigned refinement_by_words(const ErrorText& error, unsigned allowed) {
    const std::string_view words = error.words;
    for (const Phrase& phrase : kPhrases) {
        if ((phrase.means & allowed) != 0 && has(words, phrase.text) && has(words, phrase.also)) {
            return phrase.means;
        }
    }
    return (allowed & kRateLimit) != 0 && speaks_of_rate_limit(words) ? kRateLimit : kNoRefinement;
}

int status_by_name(const ErrorText& error) {
    for (const std::string& name : error.names) {
        const auto* found = std::find_if(std::begin(kStatuses), std::end(kStatuses),
                                         [&](const Status& known) { return known.name == name; });
        if (found != std::end(kStatuses)) return found->status;
    }
    return 0;
}

}  // namespace patchbay::shared
