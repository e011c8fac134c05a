// One function for each section of the file; load.cpp calls them in LiteLLM's order.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/callback_names.hpp"
#include "config/section.hpp"

namespace patchbay {

void read_litellm_settings(Reader& reader, const Entry& section, LitellmSettings& settings);
/// `cache` and `cache_params` of litellm_settings; read after the section.
void read_cache(Reader& reader, const yaml::Node& section, LitellmSettings& settings);
/// What is said of keys, users and teams that are made (key_settings.hpp); read after the section.
void read_access(Reader& reader, const yaml::Node& section, GeneralSettings& settings);
void read_key_settings(Reader& reader, const yaml::Node& section, LitellmSettings& settings);
/// `priority_reservation` and `priority_reservation_settings` (priority_settings.hpp); read after the section.
void read_priorities(Reader& reader, const yaml::Node& section, LitellmSettings& settings);
/// A callback that keeps models to their capacity, by priority; false if it is none.
bool read_load_limiter(Reader& reader, const Entry& entry, const PlacedText& name,
                       LitellmSettings& settings);
/// `cost_discount_config`, `cost_margin_config`, `unpriced_models` and `price_table`.
void read_discounts(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_margins(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_unpriced_models(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// LiteLLM's own way to say `unpriced_models: refuse`.
void read_block_unpriced(Reader& reader, const Entry& entry, LitellmSettings& settings);
void read_price_table(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// `callback_settings`: adds to the callbacks that are named; read after litellm_settings.
void read_callback_settings(Reader& reader, const Entry& section, LitellmSettings& settings);
/// Gives a sink what other sections say of it; after both.
void join_callback_settings(LitellmSettings& settings);
/// `callbacks`, `success_callback` or `failure_callback`.
void read_callbacks(Reader& reader, const Entry& entry, LitellmSettings& settings);

/// A guard among the callbacks: the guardrail that it is, once, or an error at `place`.
void add_guard_callback(Reader& reader, const GuardCallback& guard, const Place& place,
                        std::vector<GuardrailConfig>& guardrails);
/// `callback_settings` of such a guard; false if there is none of this name.
bool read_guard_callback_settings(Reader& reader, const Entry& entry,
                                  std::vector<GuardrailConfig>& guardrails);
/// `litellm_settings.guardrails`, LiteLLM's spelling before the section `guardrails`.
void read_old_guardrails(Reader& reader, const Entry& entry, LitellmSettings& settings);
/// The keys of litellm_settings that set a guard among its callbacks; read after them.
void read_old_guard_options(Reader& reader, const yaml::Node& section, LitellmSettings& settings);
void read_router_settings(Reader& reader, const Entry& section, RouterSettings& settings);
/// Takes LITELLM_MASTER_KEY from the environment when the file has no master key; `section` may be
/// null for a file without general_settings. To be read before the other sections, of which some
/// keys depend on whether there is a master key.
void read_general_settings(Reader& reader, const Entry* section, GeneralSettings& settings);
/// Relative paths are resolved against `directory`.
void read_plugins(Reader& reader, const Entry& section, const std::filesystem::path& directory,
                  PluginSettings& settings);

/// `plugins.trust`. Paths in it are not resolved.
void read_plugin_trust(Reader& reader, const Entry& entry, PluginTrust& trust);
/// Does a key of `plugins.trust.ed25519` name a file? Else it is the key itself.
bool is_file_name(std::string_view key);
/// The members of a `breaker` that are given; the others stay as they are.
void read_breaker(Reader& reader, const Entry& entry, BreakerSettings& breaker);
/// `egress` of a plugin: a list of texts, each with its place.
void read_placed_texts(Reader& reader, const Entry& entry, std::vector<PlacedText>& texts);

/// The names and the values of `credential_list`; the values are maps of litellm_params.
using Credentials = std::map<std::string, const yaml::Node*, std::less<>>;
Credentials read_credentials(Reader& reader, const Entry& section);

void read_model_list(Reader& reader, const Entry& section, const Credentials& credentials,
                     std::vector<DeploymentConfig>& model_list);

void read_guardrails(Reader& reader, const Entry& section,
                     std::vector<GuardrailConfig>& guardrails);

/// True, after telling of it, if a list stands where `drop_params` is true or false.
bool tell_list_of_params(Reader& reader, const Entry& entry);

/// `ssl_verify` is true, false or, in LiteLLM, the path of a CA bundle, which is not done yet: the
/// system's authorities are used and a warning says so. Fits bool and optional<bool> members.
std::optional<bool> read_ssl_verify(Reader& reader, const Entry& entry);

}  // namespace patchbay
