#include "config/budget_keys.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "config/sections.hpp"

namespace patchbay {

namespace {

constexpr double kNano = 1e9;
constexpr double kMostDollars = 1e9;
constexpr std::string_view kAmount = "a number of dollars, from 0 to 1,000,000,000";
constexpr std::string_view kDuration = "a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo";

bool is_duration(std::string_view text) {
    int count = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (ec != std::errc() || count < 1 || count > 100'000) return false;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    constexpr auto kUnits = std::to_array<std::string_view>({"s", "m", "h", "d", "w", "mo"});
    return contains(kUnits, unit);
}

// {"openai": {"budget_limit": 100, "time_period": "1d"}}; max_budget and budget_duration are the same.
void read_budgets(Reader& reader, const Entry& entry, const std::string& section,
                  BudgetConfigs& budgets) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry named{section, member.key, member.value};
        if (!reader.is_map(named)) continue;
        const std::string own = section + "." + std::string(named.name());
        BudgetConfig budget;
        bool limited = false;
        for (const yaml::Member& part : member.value->members) {
            const Entry inner{own, part.key, part.value};
            if (inner.name() == "budget_limit" || inner.name() == "max_budget") {
                const auto amount = read_amount(reader, inner);
                limited = true;
                budget.max_nano = amount.value_or(0);
            } else if (inner.name() == "time_period" || inner.name() == "budget_duration") {
                read_duration(reader, inner, budget.duration);
            } else {
                constexpr auto kParts = std::to_array<std::string_view>(
                    {"budget_limit", "time_period", "max_budget", "budget_duration"});
                warn_unknown(reader, inner, kParts, {});
            }
        }
        if (!limited) {
            reader.problems().error(named.place(), "`" + own + "`: it has no `budget_limit`");
            continue;
        }
        budgets[std::string(named.name())] = std::move(budget);
    }
}

void add_once(std::vector<std::string>& list, std::string text) {
    if (text.empty() || std::find(list.begin(), list.end(), text) != list.end()) return;
    list.push_back(std::move(text));
}

bool is_address(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

// The address of a variable. That it is not there is told where it is asked for.
void add_address(Reader& reader, const Entry& entry, const char* variable,
                 std::vector<std::string>& list) {
    auto url = reader.environment() ? reader.environment()(variable) : std::nullopt;
    if (url && is_address(*url)) return add_once(list, *std::move(url));
    reader.problems().left_out(entry.place(), entry.quoted() +
                                                  ": no alert is sent there, as the environment "
                                                  "variable " +
                                                  variable +
                                                  " has no address that begins with http");
}

// LiteLLM's variables of mail. What is missing or wrong is told where mail is asked for, and nothing is sent.
std::optional<MailSettings> mail_of(Reader& reader, const Entry& entry) {
    const auto variable = [&](const char* name) {
        return (reader.environment() ? reader.environment()(name) : std::nullopt).value_or("");
    };
    const auto wrong = [&](std::string_view what) {
        reader.problems().left_out(entry.place(), entry.quoted() +
                                                      ": no alert is mailed, as the environment "
                                                      "variable " +
                                                      std::string(what));
        return std::nullopt;
    };
    MailSettings mail;
    mail.host = variable("SMTP_HOST");
    if (mail.host.empty()) return wrong("SMTP_HOST is not set");
    mail.sender = variable("SMTP_SENDER_EMAIL");
    if (!is_mail_address(mail.sender)) return wrong("SMTP_SENDER_EMAIL is no address");
    if (const std::string port = variable("SMTP_PORT"); !port.empty()) {
        const auto read = std::from_chars(port.data(), port.data() + port.size(), mail.port);
        const bool whole = read.ec == std::errc() && read.ptr == port.data() + port.size();
        if (!whole || mail.port == 0) return wrong("SMTP_PORT is no port");
    }
    mail.username = variable("SMTP_USERNAME");
    mail.password = Secret(variable("SMTP_PASSWORD"));
    if (mail.username.empty() != mail.password.empty()) {
        return wrong("SMTP_USERNAME or SMTP_PASSWORD is not set, and the other is");
    }
    const std::string tls = variable("SMTP_TLS");
    mail.tls = tls != "False" && tls != "false";
    mail.tls_first = mail.port == MailSettings::kTlsFirst;
    return mail;
}

// "30d", or a number of days. A month has the days of a long one: rather too much is kept than too little.
std::optional<std::chrono::seconds> seconds_of(std::string_view duration) {
    constexpr std::int64_t kMost = 100'000, kDay = 86'400;
    constexpr auto kUnits =
        std::to_array<std::pair<std::string_view, std::int64_t>>({{"", kDay},
                                                                  {"s", 1},
                                                                  {"m", 60},
                                                                  {"h", 3'600},
                                                                  {"d", kDay},
                                                                  {"w", 7 * kDay},
                                                                  {"mo", 31 * kDay}});
    std::int64_t count = 0;
    const auto [end, ec] =
        std::from_chars(duration.data(), duration.data() + duration.size(), count);
    const std::string_view unit = duration.substr(static_cast<std::size_t>(end - duration.data()));
    const auto* const found = std::find_if(kUnits.begin(), kUnits.end(),
                                           [&](const auto& one) { return one.first == unit; });
    if (ec != std::errc() || count < 1 || count > kMost || found == kUnits.end()) {
        return std::nullopt;
    }
    return std::chrono::seconds(count * found->second);
}

// What cannot be read is no reason not to serve: then more is kept.
void read_seconds(Reader& reader, const Entry& entry, std::chrono::seconds& to) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    std::optional<std::chrono::seconds> seconds;
    if (entry.value->kind == yaml::Node::Kind::scalar) {
        const auto found = reader.scalar(*entry.value);
        if (!found) return;
        if (const auto* text = std::get_if<std::string>(&found->value)) seconds = seconds_of(*text);
        if (const auto* days = std::get_if<std::int64_t>(&found->value)) {
            seconds = seconds_of(std::to_string(*days));
        }
    }
    if (seconds) {
        to = *seconds;
    } else {
        reader.problems().left_out(
            entry.place(), entry.quoted() + ": expected a number and a unit, as 30d: ignored");
    }
}

AlertSettings& alerts_of(GeneralSettings& settings, Reader& reader) {
    auto url = reader.environment() ? reader.environment()("PROXY_BASE_URL") : std::nullopt;
    settings.alerts.proxy_base_url = url.value_or("");
    return settings.alerts;
}

}  // namespace

std::optional<std::int64_t> read_amount(Reader& reader, const Entry& entry) {
    std::optional<double> dollars;
    reader.read(entry, dollars);
    if (!dollars) return std::nullopt;
    if (!(*dollars >= 0) || *dollars > kMostDollars) {
        reader.wrong(entry.quoted(), entry.place(), kAmount, "another number");
        return std::nullopt;
    }
    return std::llround(*dollars * kNano);
}

void read_duration(Reader& reader, const Entry& entry, std::string& duration) {
    std::string text;
    reader.read(entry, text);
    if (text.empty()) return;
    if (!is_duration(text)) {
        return reader.wrong(entry.quoted(), entry.place(), kDuration, "another text");
    }
    duration = std::move(text);
}

void read_proxy_budget(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    settings.budgets.proxy.max_nano = read_amount(reader, entry).value_or(0);
}

void read_proxy_duration(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    read_duration(reader, entry, settings.budgets.proxy.duration);
}

void read_end_user_budget(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    settings.budgets.max_end_user_nano = read_amount(reader, entry);
}

void read_end_user_budget_id(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    reader.read(entry, settings.budgets.max_end_user_budget_id);
}

// {"max_budget": 5} is what max_end_user_budget says, {"budget_id": "small"} what max_end_user_budget_id does, which go
// before it. What has a duration, or rates, is a budget of the store's.
void read_end_user_params(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    if (!reader.is_map(entry)) return;
    BudgetSettings& budgets = settings.budgets;
    std::optional<std::int64_t> most;
    std::string budget_id;
    bool plain = true;
    for (const yaml::Member& member : entry.value->members) {
        const Entry part{"litellm_settings.default_end_user_params", member.key, member.value};
        if (part.value->kind == yaml::Node::Kind::null) continue;
        if (part.name() == "max_budget") {
            most = read_amount(reader, part);
        } else if (part.name() == "budget_id") {
            reader.read(part, budget_id);
        } else {
            plain = false;
            reader.problems().left_out(
                part.place(), part.quoted() +
                                  " is not done here: write it as a budget (/budget/new) and name "
                                  "that in `max_end_user_budget_id`; spend is not capped by it");
        }
    }
    if (plain && most && !budgets.max_end_user_nano) budgets.max_end_user_nano = most;
    if (budgets.max_end_user_budget_id.empty()) budgets.max_end_user_budget_id = budget_id;
}

void read_tag_budgets(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    read_budgets(reader, entry, "litellm_settings.tag_budget_config", settings.budgets.tags);
}

void read_exceeded_status(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    constexpr int kLeast = 400, kMost = 499;
    std::optional<int> status;
    reader.read(entry, status);
    if (!status) return;
    if (*status < kLeast || *status > kMost) {
        return reader.wrong(entry.quoted(), entry.place(), "a status from 400 to 499",
                            "another number");
    }
    settings.budgets.exceeded_status = *status;
}

void read_time_zone(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    reader.read(entry, settings.budgets.time_zone.text);
    settings.budgets.time_zone.place = entry.place();
}

// "6:30", "06:30:00"
void read_reset_time(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    std::string text;
    reader.read(entry, text);
    if (text.empty()) return;
    unsigned hours = 0, minutes = 0, seconds = 0;
    int short_end = 0, end = 0;
    std::sscanf(text.c_str(), "%2u:%2u%n:%2u%n", &hours, &minutes, &short_end, &seconds, &end);
    const auto size = static_cast<int>(text.size());
    const bool whole = (short_end > 0 && short_end == size) || (end > 0 && end == size);
    const bool digits = text.find_first_not_of("0123456789:") == std::string::npos;
    if (!whole || !digits || hours > 23 || minutes > 59 || seconds > 59) {
        return reader.wrong(entry.quoted(), entry.place(), "a time of the day, as \"06:30\"",
                            "another text");
    }
    settings.budgets.day_begins =
        std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

void read_provider_budgets(Reader& reader, const Entry& entry, RouterSettings& settings) {
    read_budgets(reader, entry, "router_settings.provider_budget_config",
                 settings.provider_budgets);
}

void read_deployment_budget(Reader& reader, const Entry& entry, DeploymentConfig& deployment) {
    deployment.max_budget_nano = read_amount(reader, entry);
}

void read_deployment_duration(Reader& reader, const Entry& entry, DeploymentConfig& deployment) {
    read_duration(reader, entry, deployment.budget_duration);
}

void read_user_header(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    std::string name;
    reader.read(entry, name);
    add_once(settings.customer_headers, std::move(name));
}

// [{"header_name": "X-User", "litellm_user_role": "customer"}]
void read_user_headers(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    if (!reader.is_list(entry)) return;
    const std::string section = "general_settings.user_header_mappings";
    std::vector<std::string> customers;
    for (const auto& item : entry.value->items) {
        std::string header, role;
        for (const yaml::Member& member : item->members) {
            const Entry part{section, member.key, member.value};
            if (part.name() == "header_name") {
                reader.read(part, header);
            } else if (part.name() == "litellm_user_role") {
                reader.read(part, role);
            } else {
                constexpr auto kParts =
                    std::to_array<std::string_view>({"header_name", "litellm_user_role"});
                warn_unknown(reader, part, kParts, {});
            }
        }
        if (header.empty() || role.empty()) {
            reader.problems().error(
                item->place(),
                "`" + section + "`: an entry has `header_name` and `litellm_user_role`");
        } else if (role == "customer") {
            add_once(customers, std::move(header));
        } else {
            reader.problems().left_out(item->place(),
                                       "`" + section +
                                           "`: only the role `customer` is done by "
                                           "Patchbay yet: the header is not looked at");
        }
    }
    // They go before `user_header_name`, wherever that stands.
    for (std::string& other : settings.customer_headers) add_once(customers, std::move(other));
    settings.customer_headers = std::move(customers);
}

void read_spend_logs_kept(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    read_seconds(reader, entry, settings.spend_logs_kept);
}

void read_spend_logs_interval(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    read_seconds(reader, entry, settings.spend_logs_interval);
}

void read_alerting(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    std::vector<std::string> channels;
    reader.read(entry, channels);
    AlertSettings& alerts = alerts_of(settings, reader);
    for (const std::string& channel : channels) {
        if (channel == "webhook") {
            add_address(reader, entry, "WEBHOOK_URL", alerts.webhooks);
        } else if (channel == "slack") {
            // With alert_to_webhook_url the variable need not be there.
            auto url =
                reader.environment() ? reader.environment()("SLACK_WEBHOOK_URL") : std::nullopt;
            if (url || alerts.slack.empty()) {
                add_address(reader, entry, "SLACK_WEBHOOK_URL", alerts.slack);
            }
        } else if (channel == "email") {
            alerts.mail = mail_of(reader, entry).value_or(MailSettings());
        } else {
            reader.problems().left_out(
                entry.place(), entry.quoted() + ": '" + channel +
                                   "' is not done by Patchbay yet, so no alert is sent there; "
                                   "`webhook`, `slack` and `email` are");
        }
    }
}

void read_alert_urls(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    if (!reader.is_map(entry)) return;
    AlertSettings& alerts = alerts_of(settings, reader);
    for (const yaml::Member& member : entry.value->members) {
        const Entry named{"general_settings.alert_to_webhook_url", member.key, member.value};
        if (named.name() != "budget_alerts") {
            reader.problems().left_out(named.place(), named.quoted() +
                                                          ": alerts of this type are not sent by "
                                                          "Patchbay yet; `budget_alerts` are");
            continue;
        }
        std::vector<std::string> urls;
        reader.read(named, urls);
        for (std::string& url : urls) {
            if (is_address(url)) {
                add_once(alerts.slack, std::move(url));
            } else {
                reader.wrong(named.quoted(), named.place(), "addresses that begin with http",
                             "another text");
            }
        }
    }
}

}  // namespace patchbay
