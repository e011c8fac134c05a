#include "engine/access/refusals.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <span>

#include "engine/access/key_hash.hpp"
#include "engine/meter/amount.hpp"

namespace patchbay::access {

namespace {

Error refused(ErrorClass cls, int status, std::string_view type, std::string message) {
    Error error;
    error.cls = cls;
    error.http_status = status;
    error.type = type;
    error.message = std::move(message);
    return error;
}

// "2026-11-28 23:05:53", UTC.
std::string utc(std::int64_t seconds) {
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return {text, size};
}

// As Python shows a list: ['a', 'b'].
std::string shown(const std::vector<std::string>& names) {
    std::string text = "[";
    for (const std::string& name : names) {
        if (text.size() > 1) text += ", ";
        text += "'" + name + "'";
    }
    return text + "]";
}

std::string dollars(meter::Amount amount) {
    return std::string(meter::dollars(amount).view());
}

struct ListWords {
    ListOf list;
    std::string_view type, whose, may;
};
constexpr ListWords kListWords[] = {
    {ListOf::key, "key_model_access_denied", "key", "This key can only access models="},
    {ListOf::team, "team_model_access_denied", "team", "This team can only access models="},
    {ListOf::user, "user_model_access_denied", "user", "This user can only access models="},
    {ListOf::organization, "org_model_access_denied", "organization",
     "This organization can only access models="},
};

// How LiteLLM names the one whose budget is used up.
std::string owner(const Subject& subject) {
    if (subject.descriptor == "team") return "Team=" + subject.value + " ";
    if (subject.descriptor == "organization") return "Organization=" + subject.value + " ";
    if (subject.descriptor == "tag") return "Tag=" + subject.value + " ";
    if (subject.descriptor == "team_member") {
        const std::size_t colon = subject.value.rfind(':');
        return "User=" + subject.value.substr(colon + 1) +
               " in Team=" + subject.value.substr(0, colon) + " ";
    }
    return {};
}

struct OverWords {
    std::string_view descriptor, words;
};
constexpr OverWords kOver[] = {
    {"user", "ExceededBudget: User="},
    {"end_user", "ExceededBudget: End User="},
};
constexpr OverWords kOverOfModel[] = {
    {"model_per_key", "LiteLLM Virtual Key: "},
    {"model_per_end_user", "LiteLLM End User: "},
    {"model_per_user", "LiteLLM User: "},
    {"model_per_team", "LiteLLM Team: "},
    {"model_per_organization", "LiteLLM Organization: "},
    {"model_per_tag", "LiteLLM Tag: "},
};

std::string_view words_of(std::span<const OverWords> table, std::string_view descriptor) {
    for (const OverWords& row : table) {
        if (row.descriptor == descriptor) return row.words;
    }
    return {};
}

std::string over_budget(const Limits& limits, const Limited& limited, std::int64_t now) {
    const Subject& subject = *limited.subject;
    const std::string spent = dollars(subject.budget.spent());
    const std::string limit = dollars(subject.budget.limit(now));
    if (!limited.model.empty()) {
        std::string who(words_of(kOverOfModel, subject.descriptor));
        who += subject.value.substr(0, subject.value.size() - limited.model.size() - 1);
        if (subject.descriptor == "model_per_key") {
            who += ", key_alias: " + (limits.alias.empty() ? "None" : limits.alias);
        }
        return who + ", exceeded budget for model=" + limited.model;
    }
    const std::string_view words = words_of(kOver, subject.descriptor);
    if (!words.empty()) {
        return std::string(words) + subject.value + " over budget. Spend=" + spent +
               ", Budget=" + limit;
    }
    return "Budget has been exceeded! " + owner(subject) + "Current cost: " + spent +
           ", Max budget: " + limit;
}

std::int64_t now_s() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

Error unknown_key(const store::KeyHash& hash) {
    Error error = refused(
        ErrorClass::authentication, 401, "token_not_found_in_db",
        "Authentication Error, Invalid proxy server token passed. Key Hash "
        "(Token) =" +
            hex(hash) + ". Unable to find token in cache or `LiteLLM_VerificationTokenTable`");
    error.param = "key";
    return error;
}

Error keys_away() {
    Error error = refused(ErrorClass::overloaded, 503, "no_db_connection",
                          "The store of keys cannot be reached, so this key cannot be checked.");
    error.retry_after = std::chrono::seconds(1);
    return error;
}

std::optional<Error> refused_now(const Principal& principal, std::int64_t now) {
    if (principal.replaced && *principal.replaced <= now) return unknown_key(principal.hash);
    if (principal.blocked) {
        return refused(ErrorClass::authentication, 401, "auth_error",
                       "Authentication Error, Key is blocked. Update via `/key/unblock` if you're "
                       "admin.");
    }
    if (principal.team_blocked) {
        return refused(ErrorClass::authentication, 401, "auth_error",
                       "Authentication Error, Team=" + principal.team_id +
                           " is blocked. Update via `/team/unblock` if your admin.");
    }
    if (principal.expires && *principal.expires <= now) {
        constexpr std::int64_t kSecond = 1'000'000;
        return refused(ErrorClass::authentication, 401, "expired_key",
                       "Authentication Error - Expired Key. Key Expiry time " +
                           utc(*principal.expires / kSecond) + " and current time " +
                           utc(now / kSecond));
    }
    return std::nullopt;
}

Error model_denied(const Principal& principal, ListOf list, const ModelList& models,
                   std::string_view asked) {
    const auto words = std::find_if(std::begin(kListWords), std::end(kListWords),
                                    [&](const ListWords& row) { return row.list == list; });
    const bool team = list == ListOf::team;
    std::string message = team ? "Team not allowed to access model. Team=" + principal.team_id +
                                     ", Model=" + std::string(asked) +
                                     ". Allowed team models = " + shown(models.shown)
                               : std::string(words->whose) + " not allowed to access model. " +
                                     std::string(words->may) + shown(models.shown) +
                                     ". Tried to access " + std::string(asked);
    Error error = refused(ErrorClass::permission, 403, words->type, std::move(message));
    error.param = "model";
    return error;
}

Error budget_exceeded(const Limits& limits, const Limited& limited, std::int64_t now) {
    constexpr int kUnprocessable = 422;
    return refused(ErrorClass::quota, kUnprocessable, kBudgetExceeded,
                   over_budget(limits, limited, now));
}

Error all_budget_exceeded(meter::Amount spent, meter::Amount limit) {
    constexpr int kUnprocessable = 422;
    return refused(ErrorClass::quota, kUnprocessable, kBudgetExceeded,
                   "Budget has been exceeded! Current cost: " + dollars(spent) +
                       ", Max budget: " + dollars(limit));
}

Error customer_blocked(std::string_view name) {
    constexpr int kBadRequest = 400;
    return refused(ErrorClass::bad_request, kBadRequest, "auth_error",
                   "User blocked from making LLM API Calls. User=" + std::string(name));
}

Error budget_reserved(const Subject& subject) {
    Error error = refused(ErrorClass::rate_limit, 429, "budget_reserved",
                          "What is left of the budget of this " + std::string(subject.descriptor) +
                              " is reserved by calls that are under way" +
                              (subject.budget.shared() ? ", here or at other gateways" : "") +
                              ". With a smaller max_tokens more of them fit at a time.");
    error.retry_after = std::chrono::seconds(1);
    return error;
}

Error rate_limited(const Subject& subject, LimitType type, std::uint32_t now) {
    const bool requests = type == LimitType::requests;
    const bool tokens = type == LimitType::tokens;
    const RateWindow& window = tokens ? subject.tokens : subject.requests;
    const std::int64_t limit = requests ? subject.rpm : tokens ? subject.tpm : subject.parallel;
    const std::int64_t used =
        requests || tokens ? window.used_by_all(now) : subject.in_flight.load();
    const std::int64_t wait = requests || tokens ? window.left(now) : 1;
    const std::string_view name = requests ? "requests"
                                  : tokens ? "tokens"
                                           : "max_parallel_requests";
    Error error = refused(
        ErrorClass::rate_limit, 429, "None",
        "Rate limit exceeded for " + std::string(subject.descriptor) + ": " + subject.value +
            ". Limit type: " + std::string(name) + ". Current limit: " + std::to_string(limit) +
            ", Remaining: " + std::to_string(std::max<std::int64_t>(limit - used, 0)) +
            ". Limit resets at: " + utc(now_s() + wait) + " UTC");
    error.retry_after = std::chrono::seconds(wait);
    return error;
}

}  // namespace patchbay::access
