#include "app/key_services.hpp"

#include <spdlog/spdlog.h>

#include "config/access_settings.hpp"
#include "config/key_settings.hpp"
#include "engine/access/key_terms.hpp"
#include "engine/access/party_terms.hpp"

namespace patchbay::app {

namespace {

constexpr std::chrono::hours kForEver{24 * 365 * 50};

}  // namespace

void KeyServices::stop() {
    if (keys) keys->stop();
    if (parties) parties->stop();
}

std::unique_ptr<StateSync> start_sharing(const Config& config) {
    const auto& redis = config.router.redis;
    return redis ? std::make_unique<StateSync>(address_of(*redis)) : nullptr;
}

boost::system::result<KeyServices, std::string> start_keys(const store::Address& books,
                                                           const Config& config,
                                                           StateSync* shared) {
    using boost::system::in_place_error;
    KeyServices services;
    const std::chrono::seconds max_stale =
        config.general.allow_on_db_unavailable ? kForEver : access::KeyringOptions().max_stale;
    std::function<void(const access::Limits&)> share;
    if (shared) share = [shared](const access::Limits& limits) { shared->share(limits); };
    auto parties = access::PartyBook::start({.store = books,
                                             .terms = access::party_terms(config.litellm),
                                             .share = share,
                                             .max_stale = max_stale});
    if (!parties) return {in_place_error, "customers and tags cannot be read: " + parties.error()};
    services.parties = std::move(*parties);
    access::KeyringOptions options;
    options.store = books;
    options.heard = [book = services.parties.get()](const auto& changes) { book->heard(changes); };
    options.terms = access::key_terms(config);
    options.share = share;
    options.max_stale = max_stale;
    auto keys = access::Keyring::start(std::move(options));
    if (!keys) return {in_place_error, "virtual keys cannot be read: " + keys.error()};
    services.keys = std::move(*keys);
    // What was registered before the keyring listened.
    services.parties->heard({{.kind = store::Subject::customer}, {.kind = store::Subject::tag}});
    return services;
}

control::Settings plane_settings(const Config& config) {
    control::Settings settings{.master_key = config.general.master_key,
                               .max_budget = config.litellm.budgets.proxy.max_nano};
    for (const GuardrailConfig& guardrail : config.guardrails) {
        settings.guardrails.push_back(guardrail.guardrail_name);
    }
    settings.disable_custom_api_keys = config.general.disable_custom_api_keys;
    settings.end_user_budget = config.litellm.budgets.max_end_user_budget_id;
    if (config.litellm.keys) settings.keys = *config.litellm.keys;
    if (config.general.access) {
        settings.admin_only_routes = config.general.access->admin_only_routes;
    }
    return settings;
}

void warn_of_open_door(const Secret& master_key) {
    if (master_key.empty()) {
        spdlog::warn(
            "no master key is configured: anyone who reaches this port can use every model "
            "(general_settings.master_key)");
    } else if (master_key.equals("sk-1234")) {
        spdlog::warn(
            "the master key is the one of the documentation: change it before anyone else can "
            "reach this port");
    }
}

}  // namespace patchbay::app
