// Keys of several sections that speak of budgets, of customers, and of who is told.
#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

/// An amount of dollars in nano-dollars; nullopt for null, and for what is none, which is told.
std::optional<std::int64_t> read_amount(Reader& reader, const Entry& entry);
/// A number and a unit; what is none is told, and leaves the duration as it is.
void read_duration(Reader& reader, const Entry& entry, std::string& duration);
/// `max_budget` and `budget_duration` of all calls.
void read_proxy_budget(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_proxy_duration(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// `max_end_user_budget`, `max_end_user_budget_id`, `tag_budget_config`, `budget_exceeded_status_code`.
void read_end_user_budget(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_end_user_budget_id(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// `maximum_spend_logs_retention_period` and `_interval`.
void read_spend_logs_kept(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_spend_logs_interval(Reader& reader, const Entry& entry, GeneralSettings& settings);
/// `default_end_user_params`: the same, where these say nothing.
void read_end_user_params(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_tag_budgets(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_exceeded_status(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// `timezone` and `budget_reset_time`.
void read_time_zone(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_reset_time(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// `provider_budget_config`.
void read_provider_budgets(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `max_budget` and `budget_duration` of a deployment.
void read_deployment_budget(Reader& reader, const Entry& entry, DeploymentConfig& deployment);
void read_deployment_duration(Reader& reader, const Entry& entry, DeploymentConfig& deployment);
/// `user_header_name`, `user_header_mappings`.
void read_user_header(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_user_headers(Reader& reader, const Entry& entry, GeneralSettings& settings);
/// `alerting`; the addresses are those of the environment.
void read_alerting(Reader& reader, const Entry& entry, GeneralSettings& settings);
/// `alert_to_webhook_url`: addresses for `budget_alerts`.
void read_alert_urls(Reader& reader, const Entry& entry, GeneralSettings& settings);

}  // namespace patchbay
