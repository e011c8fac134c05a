// The configuration as plain values: what config.yaml said, checked, with every reference resolved.
//
// Nothing here knows YAML; loader.hpp makes it, the engine and the gateway only read it. A Config
// is immutable once loaded and may be read from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "config/budget_settings.hpp"
#include "config/link_settings.hpp"
#include "config/place.hpp"
#include "config/routing.hpp"
#include "config/secret.hpp"

namespace patchbay {

struct AccessSettings;
struct CacheSettings;
struct HealthRouting;
struct HealthSettings;
struct KeySettings;
struct PrioritySettings;
struct ModelHealth;
struct RedisSettings;
struct RoutingGroup;

/// One thing wrong with the configuration. Errors keep it from being used, warnings do not.
struct Problem {
    enum class Severity { warning, error };
    Severity severity = Severity::error;
    Place place;
    std::string message;
    /// Of a warning: something that the file names is not there because of it, a deployment for
    /// example, and the rest serves. `check --strict` makes it an error.
    bool left_out = false;
    /// "config.yaml:12:7: error: ..."
    std::string text() const;
};

/// By the name of a service tier ("flex").
using TierTimeouts = std::map<std::string, std::chrono::milliseconds, std::less<>>;

/// One `model_list` entry. Names are LiteLLM's.
struct DeploymentConfig {
    std::string model_name;           ///< the model group; may hold '*'
    std::string model;                ///< litellm_params.model as written, "openai/gpt-4o"
    std::string custom_llm_provider;  ///< empty = from the prefix of `model`
    Secret api_key;                   ///< empty = from the provider's environment variables
    std::string api_base;             ///< empty = the provider's own
    Place api_base_place;             ///< where it stands; line 0 = nowhere
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> stream_timeout;
    std::optional<std::chrono::milliseconds> keepalive;  ///< keepalive_seconds; 0 = no pings
    std::optional<int> num_retries;
    std::optional<double> weight;
    std::optional<std::int64_t> rpm;
    std::optional<std::int64_t> tpm;
    std::optional<std::int64_t> itpm;  ///< tokens of prompts in a minute
    std::optional<std::int64_t> otpm;  ///< of answers
    std::optional<std::int64_t> max_parallel_requests;
    /// default_api_key_rpm_limit, _tpm_limit: of each key that has no limits by model of its own.
    std::optional<std::int64_t> key_rpm, key_tpm;
    std::optional<int> order;  ///< the lowest is tried first; without = last
    std::optional<std::chrono::milliseconds> cooldown_time;  ///< model_info's goes first
    AllowedFails allowed_fails;
    /// timeout_by_service_tier, stream_timeout_by_service_tier: by the `service_tier` of the request.
    TierTimeouts tier_timeouts, tier_stream_timeouts;
    std::vector<std::string> tags;
    std::string silent_model;  ///< the group that gets a copy of each call; empty = none does
    Place silent_place;        ///< where it stands
    std::optional<std::int64_t> max_budget_nano;  ///< max_budget; nullopt = it may spend all
    std::string budget_duration;                  ///< of that; empty = for ever
    std::optional<bool> ssl_verify;
    std::optional<bool> drop_params;
    bool merge_thoughts = false;  ///< merge_reasoning_content_in_choices (merged_thoughts.hpp)
    std::vector<std::string> additional_drop_params;
    std::vector<std::string> allowed_openai_params;
    std::vector<std::string> guardrails;  ///< names that every request to this deployment passes
    /// Request parameters to use when the client sent none (temperature, max_tokens, ...).
    boost::json::object defaults;
    /// Members put into every request body, over what the client sent.
    boost::json::object extra_body;
    /// Everything else in litellm_params, for the plugin: api_version, organization, extra_headers,
    /// mock_response, ... May hold secrets: never print it.
    boost::json::object params;
    std::vector<PlacedText> param_places;  ///< where the members of `params` stand
    boost::json::object model_info;
    /// How it is checked; health_settings.hpp. nullptr: as all are.
    std::shared_ptr<const ModelHealth> health;
    Place place;
    Place model_place;     ///< of `model`
    Place provider_place;  ///< of `custom_llm_provider`; line 0 = it is not given
    Place mode_place;      ///< of `model_info.mode`; line 0 = it is not given
    /// Why this deployment cannot be served, in words for a client who asks for it ("it has no API
    /// key"): a reference in it came to nothing, and that was told. Its other members may be
    /// missing. Empty = nothing is known against it.
    std::string left_out;
};

/// How much each event loop serves at once: max_in_flight_requests_per_worker,
/// max_queued_requests_per_worker and admission_queue_timeout_seconds.
struct LoopBounds {
    std::int64_t in_flight = 1;  ///< 1 or more
    std::int64_t queued = 1;     ///< how many wait for one of those to end
    std::chrono::milliseconds wait{1'000};
};

struct GeneralSettings {
    Secret master_key;  ///< empty = no authentication
    /// litellm_key_header_name: where a client's key is looked for first; empty = in the usual headers alone.
    std::string key_header;
    std::uint64_t max_request_size = 100u << 20;  ///< bytes; LiteLLM's max_request_size_mb
    std::uint64_t max_response_size = 0;          ///< bytes; max_response_size_mb; 0 = no bound
    std::optional<std::int64_t> global_max_parallel_requests;
    std::optional<LoopBounds> loop_bounds;  ///< nullopt: an event loop takes what comes
    std::string ledger;  ///< database_url: sqlite:///FILE, where spend is booked; empty = nowhere
    /// Headers that name the customer, the first that is there: of user_header_mappings, then user_header_name.
    std::vector<std::string> customer_headers;
    AlertSettings alerts;
    bool forward_client_headers = false;  ///< forward_client_headers_to_llm_api: those with "x-"
    /// What each request must say: names of members, "metadata.generation_name" of one inside.
    std::vector<std::string> enforced_params;
    /// The same for calls with the key of a service account: service_account_settings.enforced_params.
    std::vector<std::string> service_account_params;
    bool reject_clientside_metadata_tags = false;  ///< requests do not name tags
    bool disable_responses_id_security = false;    ///< who has a response's id may use it
    bool allow_unmanaged_response_ids = false;  ///< virtual keys go on from ids of providers' own
    bool allow_on_db_unavailable = false;       ///< allow_requests_on_db_unavailable
    /// Fallbacks of the configuration are taken only to models that the key may use.
    bool enforce_fallback_model_access = true;
    bool apply_user_budget_to_team_keys = false;  ///< budgets of users hold for keys of teams, too
    bool disable_custom_api_keys = false;         ///< nobody chooses the text of a key
    /// How long entries of the books are kept, and how often those that are older are looked for:
    /// maximum_spend_logs_retention_period, _interval. 0 = for ever.
    std::chrono::seconds spend_logs_kept{0}, spend_logs_interval{86'400};
    /// The models that all requests for chat and completions, embeddings, pictures and moderations are for; empty: those
    /// that they name.
    std::string completion_model, embedding_model, image_generation_model, moderation_model;
    /// access_settings.hpp; nullptr: nothing is said of who may come in.
    std::shared_ptr<const AccessSettings> access;
    /// health_settings.hpp; nullptr: nothing is said of health checks.
    std::shared_ptr<const HealthSettings> health;
};

/// One name of `callbacks`, `success_callback` or `failure_callback`: a log sink.
struct CallbackConfig {
    std::string name;
    bool on_success = false;
    bool on_failure = false;
    Place place;
    // Of `callback_settings.<name>`:
    std::optional<bool> turn_off_message_logging;
    std::optional<int> batch_size;
    std::optional<std::chrono::milliseconds> flush_interval;
    std::optional<int> max_spool_mb;
    boost::json::object params;  ///< everything else, for the plugin
};

/// What `litellm_settings` says about logging.
struct LoggingSettings {
    std::vector<CallbackConfig> callbacks;  ///< each name once, in file order
    bool turn_off_message_logging = false;
    bool redact_user_api_key_info = false;
    bool global_disable_no_log_param = false;
    std::vector<std::string> excluded_fields;  ///< standard_logging_payload_excluded_fields
    /// langfuse_default_tags. The loader moves them to the sink's `default_tags`, whose own go first.
    std::vector<std::string> langfuse_tags;
};

/// When a guardrail runs; bits of GuardrailConfig::modes. LiteLLM's names.
inline constexpr unsigned kPreCall = 1;
inline constexpr unsigned kDuringCall = 2;
inline constexpr unsigned kPostCall = 4;
inline constexpr unsigned kLoggingOnly = 8;

/// One `guardrails` entry. Names are LiteLLM's.
struct GuardrailConfig {
    std::string guardrail_name;  ///< entries of one name share the work by weight
    std::string guardrail;       ///< the integration: a component id, or another of its names
    unsigned modes = 0;
    std::map<std::string, unsigned> modes_by_tag;  ///< for requests with the tag, in place of modes
    bool default_on = false;
    std::optional<double> weight;
    std::optional<std::chrono::milliseconds> timeout;  ///< for one answer
    bool fail_open = false;                            ///< no verdict lets the request through
    std::optional<int> stream_every;
    bool end_of_stream_only = false;
    std::vector<std::string> extra_headers;  ///< of the client that the guardrail may see
    boost::json::object params;              ///< all other litellm_params, for the plugin
    boost::json::object guardrail_info;
    Place place;
};

/// What `litellm_settings` says about money.
struct PriceSettings {
    struct Margin {
        std::int64_t percentage_ppm = 0;  ///< of the cost, in millionths
        std::int64_t fixed_nano = 0;      ///< for each attempt, in nano-dollars
    };
    std::map<std::string, std::int64_t> discount_ppm;  ///< cost_discount_config, by provider
    std::map<std::string, Margin> margins;  ///< cost_margin_config, by provider or "global"
    bool refuse_unpriced = false;           ///< unpriced_models: refuse
    std::string table;                      ///< price_table, a file; empty = none
    Place table_place;
};

struct LitellmSettings {
    bool drop_params = false;
    bool modify_params = false;  ///< no answer is asked for that is longer than the model writes
    std::optional<int> num_retries;
    std::optional<std::chrono::milliseconds> request_timeout;
    bool ssl_verify = true;
    bool set_verbose = false;  ///< log more
    bool json_logs = false;    ///< log lines are JSON
    /// sse_keepalive_ping_interval_seconds: of streams that say nothing so long; 0 = no pings.
    std::chrono::milliseconds keepalive{0};
    /// anthropic_sse_ping_interval_seconds: the same, of streams of the Messages API.
    std::chrono::milliseconds messages_keepalive{15'000};
    std::optional<bool> cost_in_streams;   ///< include_cost_in_streaming_usage (stream_cost.hpp)
    bool book_customers = true;            ///< not disable_end_user_cost_tracking
    bool validate_customers = false;       ///< validate_end_user_id_in_db
    bool metrics_need_key = false;         ///< require_auth_for_metrics_endpoint
    std::vector<std::string> tag_headers;  ///< extra_spend_tag_headers: "name: value" is a tag
    LoggingSettings logging;
    PriceSettings prices;
    BudgetSettings budgets;
    LinkSettings links;
    /// vertex_project, vertex_location, by the plugin's names. The loader moves them to its settings, whose own go first.
    boost::json::object vertex_ai;
    std::shared_ptr<const CacheSettings>
        cache;  ///< cache_settings.hpp; nullptr: answers are not kept
    /// key_settings.hpp; nullptr: nothing is said of keys that are made.
    std::shared_ptr<const KeySettings> keys;
    /// The callback `dynamic_rate_limiter_v3`, or the older one, with its place; empty: neither is named.
    PlacedText load_limiter;
    /// priority_settings.hpp; nullptr: there is no `load_limiter`, and models are not kept to their capacity.
    std::shared_ptr<const PrioritySettings> priorities;
    /// The loader moves these to RouterSettings::routing, whose own go first.
    FallbackSettings fallbacks;
    /// Guards in LiteLLM's old spellings. The loader moves them to Config::guardrails.
    std::vector<GuardrailConfig> guardrails;
};

/// What a `model_group_alias` names.
struct GroupAlias {
    std::string model;
    bool hidden = false;
    Place place;
};

struct RouterSettings {
    std::optional<int> num_retries;
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> stream_timeout;
    std::chrono::milliseconds retry_after{0};
    bool set_verbose = false;  ///< as in LitellmSettings
    std::map<std::string, GroupAlias> model_group_alias;
    BudgetConfigs provider_budgets;  ///< provider_budget_config
    RoutingSettings routing;
    /// routing_groups (routing_group.hpp), in file order; null: there are none.
    std::shared_ptr<const std::vector<RoutingGroup>> routing_groups;
    /// What this section says of health checks. The loader moves it to GeneralSettings::health, whose own goes first.
    std::shared_ptr<const HealthRouting> health;
    /// Where gateways share what they know of deployments (cache_settings.hpp); nullptr: nowhere.
    std::shared_ptr<const RedisSettings> redis;
    Place place;  ///< of the section; line 0 = there is none
};

/// What makes the gateway look at the plugin files again.
enum class PluginReload {
    signal,  ///< SIGHUP, or a request to the admin API
    watch,   ///< these, and a change in a plugin directory
    off,     ///< nothing: the files of the start serve to the end
};

/// When a component whose code keeps breaking the plugin contract is given a rest; its requests
/// fail at once meanwhile, so that other deployments take them.
struct BreakerSettings {
    int faults = 5;  ///< so many within the window; 0 = never
    std::chrono::milliseconds window{30'000};
    std::chrono::milliseconds cooldown{30'000};  ///< the first; doubled when the trial call fails
};

/// `plugins.trust`: whose plugin files may run.
struct PluginTrust {
    /// Plugin id or file name -> the SHA-256 hashes allowed for it (64 lower-case hex digits). ""
    /// holds those that are allowed for any file.
    std::map<std::string, std::vector<std::string>> sha256;
    bool pinned = false;  ///< `sha256` was given: a file without a pin is left out
    /// Ed25519 public keys: PEM, the raw 32 bytes in base64, or a file with one of these.
    std::vector<PlacedText> ed25519;
};

/// What the operator wants of one plugin: `plugins.<plugin id>`.
struct PluginOptions {
    /// Share of the calls (0 to 1) that a new version gets until it is promoted; nullopt = a new
    /// version takes over at once.
    std::optional<double> canary;
    /// Origins in place of those of the manifest.
    std::optional<std::vector<PlacedText>> egress;
    std::optional<BreakerSettings> breaker;  ///< what it does not say is as in `plugins.breaker`
    std::optional<std::chrono::milliseconds> feed_budget;
    bool isolated = false;  ///< `isolation: process`: it runs in processes of its own
};

/// Patchbay's own section `plugins:`.
struct PluginSettings {
    PluginReload reload = PluginReload::signal;
    std::vector<PlacedText> directories;  ///< in search order; empty = the one beside the binary
    /// Component id -> file with provider rows of the operator's own, over those the plugin ships.
    std::map<std::string, std::string> rows;
    /// Component id -> its configuration, as given.
    std::map<std::string, boost::json::object> settings;
    PluginTrust trust;
    BreakerSettings breaker;
    std::chrono::milliseconds feed_budget{1'000};  ///< a call into a plugin that takes longer fails
    std::map<std::string, PluginOptions> plugins;  ///< by plugin id
};

struct Config {
    std::vector<DeploymentConfig> model_list;
    /// The model_name that answers every name that no other does (`--model`); empty = none.
    std::string any_name;
    GeneralSettings general;
    LitellmSettings litellm;
    RouterSettings router;
    PluginSettings plugins;
    std::vector<GuardrailConfig> guardrails;
};

}  // namespace patchbay
