#include "engine/world/deployment_maker.hpp"

#include <algorithm>
#include <utility>

#include <boost/algorithm/string/join.hpp>

#include "config/header_text.hpp"
#include "contract/http/url.hpp"
#include "engine/models/known_mode.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_version.hpp"
#include "engine/plugins/row_settings.hpp"
#include "engine/surface/operation.hpp"
#include "engine/surface/secret_names.hpp"
#include "engine/world/deployment_names.hpp"
#include "engine/world/deployment_prices.hpp"
#include "engine/world/deployment_tokens.hpp"
#include "engine/world/operation_limits.hpp"
#include "engine/world/provider_name.hpp"
#include "engine/world/provider_params.hpp"
#include "engine/world/region.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

using std::chrono::milliseconds;

// LiteLLM's documented default for a whole request.
constexpr milliseconds kDefaultTimeout{600'000};

std::string first_set(const std::vector<std::string>& names, const Environment& environment) {
    for (const std::string& name : names) {
        if (auto value = environment(name); value && !value->empty()) return *value;
    }
    return {};
}

void add_member(std::string_view name, const boost::json::value& value,
                std::vector<BodyMember>& members) {
    members.emplace_back(json_tree::write(boost::json::string(name)), json_tree::write(value));
}

std::vector<BodyMember> members_of(const boost::json::object& object) {
    std::vector<BodyMember> members;
    for (const auto& [name, value] : object) add_member(name, value, members);
    return members;
}

// A provider whose own address is this machine (Ollama's) is a server of the operator's, which asks
// for no key.
bool is_at_home(const ProviderRow& row) {
    const auto url = http::parse_url(row.base_url);
    return url && (url->host == "localhost" || url->host == "127.0.0.1");
}

bool needs_key(const ProviderRow& row) {
    if (row.api_key_env.empty() || is_at_home(row)) return false;
    for (const char* name : {"key_optional", "default_api_key"}) {
        if (const auto* value = row.row.if_contains(name)) {
            if (value->is_string() || (value->is_bool() && value->get_bool())) return false;
        }
    }
    return true;
}

/// A credential of another kind than a key: client_secret, azure_ad_token, ...
bool has_credential(const boost::json::object& params) {
    return std::any_of(params.begin(), params.end(), [](const auto& member) {
        return is_secret_name(member.key()) && !member.value().is_null();
    });
}

std::string or_variables(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? " or the variable " : " or ") + name;
    return text;
}

/// Where `place` was read, else the entry: what did not come from a file has one place.
const Place& place_or(const Place& place, const DeploymentConfig& entry) {
    return place.line != 0 ? place : entry.place;
}

}  // namespace

DeploymentMaker::DeploymentMaker(const Config& config, const Environment& environment,
                                 const PluginSet& plugins, const PluginSet* before,
                                 std::vector<Problem>& problems,
                                 std::function<ComponentInstance(const ProviderRow&)> instance_of)
    : config_(config),
      environment_(environment),
      plugins_(plugins),
      before_(before),
      problems_(problems),
      instance_of_(std::move(instance_of)) {}

void DeploymentMaker::report(Problem::Severity severity, const Place& place, std::string message) {
    failed_ = failed_ || severity == Problem::Severity::error;
    problems_.push_back({severity, place, std::move(message)});
}

void DeploymentMaker::leave_out(const Place& place, std::string message) {
    problems_.push_back({Problem::Severity::warning, place, std::move(message), true});
}

DeploymentMaker::Provider DeploymentMaker::provider_of_entry(const DeploymentConfig& entry) {
    const bool mocked = entry.params.contains("mock_response") && plugins_.provider("demo");
    const std::string_view given = mocked ? std::string_view("demo") : entry.custom_llm_provider;
    const ProviderModel found = provider_of(entry.model, given, entry.api_base, plugins_);
    Provider result{found.row, found.model, {}};
    const Place& place = place_or(given.empty() ? entry.model_place : entry.provider_place, entry);
    // A provider that runs must not go missing with the next plugins.
    if (!found.row && before_ && before_->provider(found.provider)) {
        report(Problem::Severity::error, place,
               "model '" + entry.model + "': no loaded plugin provides '" + found.provider +
                   "' any more");
        return result;
    }
    switch (found.found) {
        case ProviderModel::Found::served:
            break;
        case ProviderModel::Found::not_done:
            // Not done yet, or its plugin was refused, or is in a directory that is not looked at.
            result.left_out = "no loaded plugin provides '" + found.provider + "'";
            leave_out(place, "provider '" + found.provider +
                                 "' is known to LiteLLM, but no loaded plugin provides it: this "
                                 "deployment is left out");
            break;
        case ProviderModel::Found::no_provider:
            result.left_out = "it is not known which provider has its model";
            leave_out(place, "model '" + entry.model +
                                 "' names no provider, and none is known for "
                                 "it: this deployment is left out; write 'openai/" +
                                 entry.model + "' if its server speaks OpenAI's protocol");
            break;
        case ProviderModel::Found::not_known: {
            // Of what is no slip a plugin may yet come: an error for who checks the file, and for nobody else.
            const std::string what = "no loaded plugin provides '" + found.provider + "'";
            const std::string near(nearest_provider(found.provider));
            const bool slip = !near.empty();
            failed_ = failed_ || slip;
            if (!slip) result.left_out = what;
            problems_.push_back(
                {Problem::Severity::error, place,
                 "model '" + entry.model + "': " + what + ", and LiteLLM does not know it" +
                     (slip ? "; did you mean '" + near + "'?"
                           : ": this deployment is left out until a plugin does; a model is named "
                             "provider/model, and `patchbay plugins` lists the providers"),
                 !slip});
            break;
        }
    }
    return result;
}

bool DeploymentMaker::reachable(const DeploymentConfig& entry, const ProviderRow& row) const {
    return !own_address(row, environment_).empty() || !entry.api_base.empty() ||
           !first_set(row.api_base_env, environment_).empty() || row.component->egress.empty();
}

DeploymentMaker::Made DeploymentMaker::make(const DeploymentConfig& entry, const ProviderRow& row,
                                            const std::string& model, const std::string& group,
                                            bool named) {
    Made made = make_version(entry, row, model, group, named);
    if (!made.deployment) return made;
    const PluginEntry* plugin = plugins_.on_trial(row);
    if (plugin == nullptr) return made;
    const ProviderRow* newer = plugins_.trial_provider(row.prefix);
    if (newer == nullptr) {
        report(Problem::Severity::error, entry.place,
               "model '" + entry.model + "': the new version of plugin " + plugin->id() +
                   " does not provide '" + row.prefix + "'");
        return {};
    }
    Made next = make_version(entry, *newer, model, group, false);
    if (!next.deployment) return next;
    made.deployment->canary = std::move(next.deployment);
    made.deployment->trial = plugin->trial;
    const auto& options = plugins_.settings().plugins;
    const auto found = options.find(plugin->id());
    made.deployment->canary_share = found == options.end() ? 0 : found->second.canary.value_or(0);
    return made;
}

DeploymentMaker::Made DeploymentMaker::make_version(const DeploymentConfig& entry,
                                                    const ProviderRow& row,
                                                    const std::string& model,
                                                    const std::string& group, bool named) {
    Made made;
    auto d = std::make_unique<Deployment>();
    d->group = group;
    d->configured = entry.model;
    d->provider = row.prefix;
    d->model = model;
    d->id = deployment_id(entry, row.prefix);
    if (!set_address(entry, row, *d, made.left_out)) return made;
    if (!set_key(entry, row, named, *d)) return made;
    set_requests(entry, row, named, *d);
    const std::vector<std::string>& spoken = row.spoken();
    if (!spoken.empty()) d->operations = operation_bits(spoken);
    limit_operations(entry, row, *d);
    set_model_info(entry, row, named, *d);
    d->guardrails = entry.guardrails;
    d->verify_tls = entry.ssl_verify.value_or(config_.litellm.ssl_verify);
    set_routing(entry, *d);
    if (budgets_) budgets_->add(entry, *d);
    const milliseconds whole =
        config_.router.timeout.value_or(config_.litellm.request_timeout.value_or(kDefaultTimeout));
    d->timeout = entry.timeout.value_or(whole);
    d->stream_timeout =
        entry.stream_timeout.value_or(config_.router.stream_timeout.value_or(d->timeout));
    d->tier_timeouts = entry.tier_timeouts;
    d->tier_stream_timeouts = entry.tier_stream_timeouts;
    if (!entry.stream_timeout && !config_.router.stream_timeout) {
        d->tier_stream_timeouts.insert(d->tier_timeouts.begin(), d->tier_timeouts.end());
    }
    d->num_retries = entry.num_retries;
    d->simulated = row.component->egress.empty();
    set_pricing(entry, row, named, *d);
    d->instance = instance_of_(row);
    if (d->instance.instance) made.deployment = std::move(d);
    return made;
}

void DeploymentMaker::set_routing(const DeploymentConfig& entry, Deployment& d) {
    d.weight = entry.weight;
    d.rpm = entry.rpm;
    d.tpm = entry.tpm;
    set_token_limits(entry, d);
    d.max_parallel_requests = entry.max_parallel_requests ? entry.max_parallel_requests
                                                          : config_.router.routing.max_parallel;
    d.order = entry.order;
    d.cooldown_time = entry.cooldown_time;
    d.allowed_fails = entry.allowed_fails;
    d.tags = entry.tags;
    d.silent_model = entry.silent_model;
    d.region = region_of(entry.params);
}

void DeploymentMaker::set_prices(std::shared_ptr<const meter::PriceBook> book) {
    book_ = std::move(book);
    shelf_ = std::make_shared<const meter::CardShelf>(book_);
}

void DeploymentMaker::set_pricing(const DeploymentConfig& entry, const ProviderRow& row, bool named,
                                  Deployment& d) {
    d.pricing =
        price_deployment({config_.litellm.prices, entry, d, book_, shelf_, told_cost_member(row)},
                         [&](std::string_view field) {
                             if (!named) return;
                             report(Problem::Severity::error, entry.place,
                                    "model '" + entry.model + "': `" + std::string(field) +
                                        "` is no price: dollars for a unit, 0 to 1,000");
                         });
    if (d.pricing.card) d.price = price_of_two_tokens(*d.pricing.card);
}

bool DeploymentMaker::set_address(const DeploymentConfig& entry, const ProviderRow& row,
                                  Deployment& d, std::string& left_out) {
    d.base_url =
        !entry.api_base.empty() ? entry.api_base : first_set(row.api_base_env, environment_);
    if (d.base_url.empty()) d.base_url = own_address(row, environment_);
    if (d.base_url.empty() && !row.component->egress.empty()) {
        left_out = "it has no address";
        leave_out(place_or(entry.model_place, entry),
                  "model '" + entry.model + "': provider '" + row.prefix +
                      "' has no address of its own: this deployment is left out; set api_base" +
                      or_variables(address_variables(row)));
        return false;
    }
    if (const auto fault = d.base_url.empty() ? "" : http::base_url_fault(d.base_url);
        !fault.empty()) {
        if (entry.api_base.empty()) {  // the entry's own was told by check()
            report(Problem::Severity::error, entry.place,
                   "model '" + entry.model + "': api_base" + or_variables(address_variables(row)) +
                       " " + fault);
        }
        return false;
    }
    d.api_base_shown = shown_base(d.base_url);
    return true;
}

bool DeploymentMaker::set_key(const DeploymentConfig& entry, const ProviderRow& row, bool named,
                              Deployment& d) {
    d.api_key =
        !entry.api_key.empty() ? entry.api_key : Secret(first_set(row.api_key_env, environment_));
    // One of the entry's own was looked at when it was read.
    if (entry.api_key.empty() && !fits_header(d.api_key.reveal())) {
        report(Problem::Severity::error, entry.place,
               "model '" + entry.model + "': a control character stands in its key" +
                   or_variables(row.api_key_env) + ", which no HTTP header can carry");
        return false;
    }
    if (!d.api_key.empty() || !named || !needs_key(row) || has_credential(entry.params) ||
        has_credential(settings_in(row, environment_))) {
        return true;
    }
    report(
        Problem::Severity::warning, entry.place,
        "model '" + entry.model + "' has no API key: set api_key" + or_variables(row.api_key_env));
    return true;
}

void DeploymentMaker::set_requests(const DeploymentConfig& entry, const ProviderRow& row,
                                   bool named, Deployment& d) {
    const ManifestProvider& provider = row.component->provider;
    boost::json::object params = entry.params;
    // It may stand in either place, and says to plugins whose rules hold.
    if (const auto* base = entry.model_info.if_contains("base_model")) {
        params.emplace("base_model", *base);
    }
    d.params = params.empty() ? std::string() : json_tree::write(params);
    d.defaults = members_of(entry.defaults);
    for (const PlacedText& param : entry.param_places) {
        const ParamUse use = param_use(param.text, provider);
        if (use == ParamUse::request) {
            add_member(param.text, entry.params.at(param.text), d.defaults);
        } else if (use == ParamUse::not_sent && named) {
            leave_out(param.place, "`litellm_params." + param.text + "`: the plugin of provider '" +
                                       row.prefix + "' does not send it: ignored");
        }
    }
    d.extra_body = members_of(entry.extra_body);
    d.dropped_params = entry.additional_drop_params;
    d.allowed_params = boost::algorithm::join(entry.allowed_openai_params, ",");
    d.drop_params = entry.drop_params.value_or(config_.litellm.drop_params);
    d.modify_params = config_.litellm.modify_params;
    d.merge_thoughts = entry.merge_thoughts;
    d.keepalive = entry.keepalive.value_or(config_.litellm.keepalive);
    d.messages_keepalive = entry.keepalive.value_or(config_.litellm.messages_keepalive);
}

// What is known of a model is found once, but for a '*', whose models are known at the call.
void DeploymentMaker::set_model_info(const DeploymentConfig& entry, const ProviderRow& row,
                                     bool named, Deployment& d) {
    d.info_given = entry.model_info;
    d.health = entry.health;
    if (const auto* base = entry.params.if_contains("base_model")) {
        d.info_given.emplace("base_model", *base);
    }
    const auto* const vision = d.info_given.if_contains("supports_vision");
    d.no_pictures = vision && vision->is_bool() && !vision->get_bool();
    const auto& features = row.component->features;
    const auto has = [&](std::string_view feature) {
        return std::find(features.begin(), features.end(), feature) != features.end();
    };
    d.metadata_user_id = has(kMetadataUserIdFeature);
    d.links = &row.component->provider.links;
    d.custom_tools = has(kCustomToolsFeature);
    d.chat_by_responses = has(kChatByResponsesFeature) && (d.operations & kResponses.bit) != 0;
    d.at_other_address = !entry.api_base.empty() && (row.base_url.empty() || !d.chat_by_responses);
    if (d.is_pattern()) {
        d.wants_info_at_call = has(kModelInfoFeature);
        return;
    }
    d.info = d.find_info(d.model);
    if (config_.router.routing.pre_call_checks) {
        d.schema = schema_support(d.info_given, d.provider, d.model);
    }
    if (has(kModelInfoFeature)) d.params = with_model_info(d.params, d.info);
    d.mode = known_mode(d.info);
    if (d.mode == nullptr || d.mode->routed || !named) return;
    const Place& place = entry.mode_place.line != 0 ? entry.mode_place : entry.model_place;
    leave_out(place_or(place, entry), "model '" + entry.model + "': no route for " +
                                          std::string(d.mode->what) + " yet: " + routed_modes() +
                                          " can be called");
}

void DeploymentMaker::check(const DeploymentConfig& entry) {
    if (const auto fault = entry.api_base.empty() ? "" : http::base_url_fault(entry.api_base);
        !fault.empty()) {
        report(Problem::Severity::error, place_or(entry.api_base_place, entry),
               "model '" + entry.model + "': api_base " + fault);
    }
    for (const std::string& name : entry.guardrails) {
        const auto& known = config_.guardrails;
        if (std::any_of(known.begin(), known.end(),
                        [&](const auto& g) { return g.guardrail_name == name; })) {
            continue;
        }
        report(Problem::Severity::error, entry.place,
               "model '" + entry.model + "' wants guardrail '" + name +
                   "', which is not among the `guardrails`");
    }
}

}  // namespace patchbay
