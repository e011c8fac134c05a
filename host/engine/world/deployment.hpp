// A deployment: one `model_list` entry that can serve its model group.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "contract/manifest/manifest.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/http/client.hpp"
#include "engine/lanes/lane_table.hpp"
#include "engine/lanes/route_budgets.hpp"
#include "engine/meter/pricing.hpp"
#include "engine/models/abilities.hpp"
#include "engine/models/catalogue.hpp"
#include "engine/models/modes.hpp"
#include "engine/plugins/canary.hpp"
#include "engine/surface/body_edit.hpp"

namespace patchbay {

/// The component feature by which a plugin asks for the member "model_info" of a target's params.
inline constexpr std::string_view kModelInfoFeature = "model_info";

/// The component feature of a provider whose `chat.completions` serves models of the mode
/// "responses", too: it asks them by way of their own API.
inline constexpr std::string_view kChatByResponsesFeature = "chat_by_responses";

/// The component feature of a provider whose own API has metadata.user_id: of a chat's metadata,
/// which is the gateway's, that is sent.
inline constexpr std::string_view kMetadataUserIdFeature = "metadata_user_id";

/// The component feature of a provider whose chat API has tools of free text (`"type": "custom"`); others
/// get functions in their place.
inline constexpr std::string_view kCustomToolsFeature = "custom_tools";

/// `params` with the member "model_info" (docs/abi.md); as it is if nothing is known.
std::string with_model_info(const std::string& params, const ModelInfo& info);

/// An operation that a provider has for some of its models alone.
struct OperationLimit {
    std::uint32_t bit;  ///< as in Deployment::operations
    ManifestModels models;
};

/// Immutable; read from every worker. Lives as long as its snapshot.
struct Deployment {
    std::string id;     ///< x-litellm-model-id: model_info.id, or a hash of what was configured
    std::string group;  ///< model_name as configured; may hold '*'
    std::string configured;  ///< litellm_params.model as configured
    std::string provider;    ///< the provider's prefix, "groq"
    std::string model;       ///< what the provider calls the model; may hold '*'
    std::string base_url;
    std::string
        api_base_shown;  ///< base_url without user info and query, for x-litellm-model-api-base
    std::vector<std::string> guardrails;  ///< that its requests pass besides others
    Secret api_key;
    std::string params;  ///< JSON object for the plugin; empty if there is nothing in it
    ComponentInstance instance;
    std::uint32_t operations = ~0u;  ///< bits of what its provider can be asked (operation.hpp)
    /// Of those, where `model` holds a '*', so that its models are judged when they are asked for
    /// (operation_limits.hpp). Else they are judged already.
    std::vector<OperationLimit> limits;
    /// What must be fetched for it (call/fetched_links.hpp): of the manifest of its plugin, which `instance` keeps.
    /// nullptr: nothing.
    const ManifestLinks* links = nullptr;
    ModelInfo info;                  ///< of `model`; nothing is known where that holds a '*'
    boost::json::object info_given;  ///< model_info as configured, with base_model
    std::shared_ptr<const ModelHealth> health;  ///< how it is checked; null: as all are
    const ModelMode* mode = nullptr;  ///< of `info`; null = it has none that says anything
    /// Where models may speak what their makers' own do not: not at the provider's own address. A
    /// provider that has one and can ask its models either way is the makers' wherever it is.
    bool at_other_address = false;
    bool metadata_user_id = false;    ///< kMetadataUserIdFeature
    bool custom_tools = false;        ///< kCustomToolsFeature
    bool chat_by_responses = false;   ///< kChatByResponsesFeature, and it has that API
    bool wants_info_at_call = false;  ///< `model` holds a '*', and the plugin reads model_info

    std::vector<BodyMember> defaults;    ///< for what the client did not send
    std::vector<BodyMember> extra_body;  ///< over what the client sent
    std::vector<std::string> dropped_params;
    std::string allowed_params;  ///< comma separated
    bool drop_params = false;
    bool modify_params = false;                   ///< as configured for all
    SchemaSupport schema = SchemaSupport::takes;  ///< of `model`, where pre-call checks ask for it
    bool no_pictures = false;                     ///< `model_info.supports_vision: false`
    bool merge_thoughts = false;  ///< merge_reasoning_content_in_choices (merged_thoughts.hpp)
    bool verify_tls = true;
    std::optional<double> weight;
    std::optional<std::int64_t> rpm;
    std::optional<std::int64_t> tpm;
    std::optional<std::int64_t> itpm;
    std::optional<std::int64_t> otpm;
    /// What counts of an answer until it is there, where the client does not say how long it may be. With `otpm`.
    std::int64_t usual_answer = 0;
    std::optional<std::int64_t> max_parallel_requests;
    std::optional<int> order;
    std::optional<std::chrono::milliseconds> cooldown_time;
    AllowedFails allowed_fails;
    std::vector<std::string> tags;
    std::string silent_model;  ///< the group that gets a copy of each call; empty = none does
    std::string_view region;  ///< region_group() of where it is configured to be; empty = elsewhere
    meter::Pricing pricing;
    double price = 10.0;  ///< of a token in and one out, in dollars; LiteLLM's 5 + 5 if not known
    /// Of its provider and its own: an attempt needs room in each. Empty for nearly all.
    std::vector<std::shared_ptr<RouteBudget>> budgets;
    std::shared_ptr<const LaneHold> lane;  ///< what the process knows of it; set in a snapshot
    std::chrono::milliseconds timeout{0};
    std::chrono::milliseconds stream_timeout{0};
    /// In place of these two for requests of a service tier; the second has the first's where streams have no timeout of
    /// their own.
    TierTimeouts tier_timeouts, tier_stream_timeouts;
    /// Between pings of a stream that says nothing; 0 = none.
    std::chrono::milliseconds keepalive{0};
    std::chrono::milliseconds messages_keepalive{0};  ///< the same, of the Messages API
    std::optional<int> num_retries;
    bool simulated =
        false;  ///< answers come from the gateway (the demo provider), so mock_* is allowed

    /// The same deployment on a newer version of its plugin that is on trial; null = none is.
    std::unique_ptr<const Deployment> canary;
    std::shared_ptr<CanaryTrial> trial;  ///< set with `canary`
    double canary_share = 0;             ///< of the calls, 0 to 1

    /// What is known of `called`, the model that the provider is asked for.
    ModelInfo info_of(std::string_view called) const {
        return called == model ? info : find_info(called);
    }
    /// The same, looked up.
    ModelInfo find_info(std::string_view called) const;
    /// Does `model` hold a '*'?
    bool is_pattern() const { return model.find('*') != std::string::npos; }

    /// The version of this deployment that a call goes to, wholly; `random` is uniform in [0, 1).
    const Deployment& version_for(double random) const {
        return trial && random < canary_share && !trial->over() ? *canary : *this;
    }
};

}  // namespace patchbay
