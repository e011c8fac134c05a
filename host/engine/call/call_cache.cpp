#include "engine/call/call_cache.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "contract/crypto/crypto.hpp"
#include "engine/cache/call_types.hpp"
#include "engine/cache/keepable.hpp"
#include "engine/cache/near_text.hpp"
#include "engine/call/call.hpp"
#include "engine/call/client_headers.hpp"
#include "engine/lanes/clock.hpp"
#include "engine/surface/body_edit.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

using Beside = std::vector<std::pair<std::string_view, std::string_view>>;

// The document that decides on the answer, as guardrails left it.
const Ask& asked(const Call& call) {
    return call.guard && call.hub ? *call.hub : call.ask;
}

bool says_true(std::span<const bay_member> members, std::string_view name) {
    const bay_member* const member = find_member(members, name);
    return member && std::string_view(member->value.ptr, member->value.len) == "true";
}

// Requests whose answer is nobody else's: test switches, what the provider keeps and goes on with,
// and texts in which a guardrail put something else in the place of secrets.
bool is_of_its_own(const Call& call) {
    const RequestOptions& options = call.ask.options;
    const auto members = call.ask.members();
    return call.within || options.mocked || options.mock_failure != MockFailure::none ||
           call.request_changed || call.fallbacks > 0 || says_true(members, "background") ||
           find_member(members, "conversation") != nullptr;
}

// What else of the request reaches the provider, or chooses it.
Beside beside(const Call& call, const ClientHeaders& headers) {
    Beside list;
    for (const auto& [name, value] : headers.list()) {
        list.emplace_back(std::string_view(name.ptr, name.len),
                          std::string_view(value.ptr, value.len));
    }
    for (const auto& [name, value] : call.ask.query) list.emplace_back(name, value);
    if (call.world->config.router.routing.tag_filtering) {
        for (const std::string& tag : call.ask.options.tags) list.emplace_back("tag", tag);
        if (call.principal) {
            for (const std::string& tag : call.principal->tags) list.emplace_back("tag", tag);
        }
    }
    return list;
}

const Deployment* deployment_of(const ModelRoute& route, std::string_view id) {
    const auto& all = route.group->deployments;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Deployment* one) { return one->id == id; });
    return found == all.end() ? nullptr : *found;
}

// What the caller's key may not say of the cache is refused, whether there is one or not.
std::optional<Error> check_controls(const Call& call) {
    if (!call.principal || call.principal->cache_controls.empty()) return std::nullopt;
    if (!call.ask.options.any_control) return std::nullopt;
    const auto read = read_cache_controls(call.ask.members(), call.principal->cache_controls);
    return read ? std::nullopt : std::optional(read.error());
}

// Who shares the answers that a call gets; empty: everybody.
std::string sharers(const Call& call, CacheScope scope, std::string_view key) {
    if (scope == CacheScope::shared) return {};
    const bool team = scope == CacheScope::team && call.principal;
    if (team && !call.principal->team_id.empty()) return "team:" + call.principal->team_id;
    const auto digest = sha256(key);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// What a provider keeps is its maker's (kept/response_asker.hpp): another who got such an answer could look at all of
// it, and delete it.
bool is_its_makers(const Call& call, const ModelRoute& route) {
    if (call.surface.operation->earlier.empty() || !call.ask.kept.asker().known) return false;
    const bay_member* const store = find_member(call.ask.members(), "store");
    if (store && bay::sv(store->value) == "false") return false;
    const auto& all = route.group->deployments;
    return std::any_of(all.begin(), all.end(), [&](const Deployment* one) {
        return (one->operations & call.surface.operation->bit) != 0;
    });
}

}  // namespace

std::optional<Error> CallCache::begin(Call& call, const ModelRoute& route, const AskParts& parts) {
    if (auto refused = check_controls(call)) return refused;
    const CacheSettings* const settings = call.world->config.litellm.cache.get();
    if (!settings || !call.engine.cache || !is_cached(*call.surface.operation, *settings)) {
        return std::nullopt;
    }
    if (is_of_its_own(call)) return std::nullopt;
    CacheControls controls;
    if (call.ask.options.any_control) {
        auto read = read_cache_controls(call.ask.members());
        if (!read) return read.error();
        controls = std::move(*read);
    }
    if (controls.off || (settings->opt_in && !controls.use_cache)) return std::nullopt;
    if (controls.no_cache && controls.no_store) return std::nullopt;
    const auto ttl = controls.ttl.value_or(settings->ttl);
    const std::string name_space = controls.name_space.value_or(settings->name_space);
    const ClientHeaders headers(call.caller, *call.surface.operation,
                                call.world->config.general.forward_client_headers,
                                call.ask.anthropic_beta, call.world->config.general.key_header);
    const Beside also = beside(call, headers);
    std::string scope = sharers(call, settings->scope, parts.key);
    if (is_its_makers(call, route)) {
        const ResponseOwner& owner = call.ask.kept.asker().owner;
        scope.append(reinterpret_cast<const char*>(owner.data()), owner.size());
    }
    CacheKeyParts of;
    of.operation = call.surface.operation->id;
    of.translated = &asked(call) != &call.ask;
    of.group = route.group->name;
    if (!route.captures.empty()) of.model = route.requested;
    of.name_space = name_space;
    of.scope = scope;
    of.members = asked(call).members();
    of.beside = also;
    auto* const made = new CallCache(*call.engine.cache, std::move(controls), ttl, cache_key(of));
    call.cache.reset(made);
    if (!name_space.empty()) made->name_ = name_space + ':';
    made->name_ += made->asked_.key().hex();
    if (settings->semantic && asks_in_words(*call.surface.operation)) {
        made->open_near(*settings->semantic, asked(call).body, of, also);
    }
    return std::nullopt;
}

// What asks the same but for the user's last words is compared by them.
void CallCache::open_near(const SemanticSettings& settings, std::string_view document,
                          CacheKeyParts of, Beside also) {
    auto text = near_text(document);
    if (!text) return;
    also.emplace_back("embedding", settings.model);
    of.beside = also;
    of.open = text->place;
    near_.emplace(NearQuestion{settings, std::move(text->text), cache_key(of), std::nullopt});
}

// What was kept by a deployment that is served no more, or that guardrails could not read, is not
// found.
bool CallCache::fits(const Call& call, const ModelRoute& route, const CacheEntry& entry) {
    const Operation* const operation = entry.operation;
    return deployment_of(route, entry.deployment) &&
           (operation == call.surface.operation || operation == call.surface.hub);
}

asio::awaitable<std::shared_ptr<const CacheEntry>> CallCache::look(const Call& call,
                                                                   const ModelRoute& route,
                                                                   CacheKey key) const {
    CacheWish wish;
    wish.stream = call.ask.scan.stream;
    wish.now_ms = Now::read().unix_ms;
    wish.max_age = controls_.max_age;
    auto entry = cache_.find(key, wish);
    if (!entry && cache_.has_more()) {
        entry = co_await cache_.find_behind(key, wish, call.engine.loop);
    }
    if (entry && !fits(call, route, *entry)) entry = nullptr;
    co_return entry;
}

asio::awaitable<std::shared_ptr<const CacheEntry>> CallCache::look_near(Call& call,
                                                                        const ModelRoute& route) {
    if (!near_) co_return nullptr;
    near_->vector = co_await embedding_of(call, near_->settings.model, near_->text);
    if (!near_->vector) co_return nullptr;
    const auto near = co_await nearest(cache_.near(), *near_, call.engine.loop);
    if (!near) co_return nullptr;
    auto entry = co_await look(call, route, near->key);
    if (entry) {
        similarity_ = near->similarity;
        const std::string hex = near->key.hex();
        name_.replace(name_.size() - hex.size(), hex.size(), hex);
    } else if (!controls_.max_age) {
        cache_.near().erase(near_->bucket, near->key);
    }
    co_return entry;
}

void CallCache::found(const CacheEntry& entry, bool coalesced) {
    use_ = CacheUse::hit;
    saved_ = entry.cost;
    constexpr std::int64_t kSecond = 1'000;
    const std::int64_t age = (Now::read().unix_ms - entry.stored_ms) / kSecond;
    told_ = coalesced ? "coalesced" : "hit; age=" + std::to_string(std::max<std::int64_t>(age, 0));
}

asio::awaitable<std::shared_ptr<const CacheEntry>> CallCache::find(Call& call,
                                                                   const ModelRoute& route) {
    if (controls_.no_cache) co_return nullptr;
    use_ = CacheUse::miss;
    told_ = "miss";
    auto entry = co_await look(call, route, asked_.key());
    if (!entry) entry = co_await look_near(call, route);
    // A stream is not waited for: its first word would come as late as the last of the other's.
    const bool waits = !entry && !call.ask.scan.stream && !controls_.no_store;
    if (waits) lead_ = cache_.flights().lead(asked_);
    bool coalesced = false;
    if (waits && !lead_) {
        entry = co_await cache_.flights().follow(asked_, call.engine.loop.io);
        coalesced = entry != nullptr;
        if (!entry) entry = co_await look(call, route, asked_.key());
    }
    if (entry) found(*entry, coalesced);
    co_return entry;
}

void CallCache::restart() {
    made_ = {};
    too_large_ = false;
}

void CallCache::result(std::string_view json) {
    too_large_ = json.size() > cache_.most_bytes();
    if (!too_large_) made_.whole = json;
}

void CallCache::chunk(std::string_view event, std::string_view json) {
    too_large_ =
        too_large_ || made_.events.text().size() + event.size() + json.size() > cache_.most_bytes();
    if (!too_large_) made_.events.append(event, json);
}

void CallCache::end(const Call& call, bool well) {
    const auto kept = well ? keep(call) : nullptr;
    if (lead_) lead_->land(kept);
}

// nullptr: it is not kept.
std::shared_ptr<const CacheEntry> CallCache::keep(const Call& call) {
    const bool some = !made_.whole.empty() || !made_.events.empty();
    if (use_ == CacheUse::hit || !some || too_large_ || call.fallbacks > 0 || ttl_.count() <= 0) {
        return nullptr;
    }
    made_.operation = call.operation;
    const Objections against = objections(made_);
    // What a ranking searches is what it was given.
    const bool searched = call.operation != &kRerank && call.usage.last().usage.searches > 0;
    const bool looked = against.looked || searched;
    if (against.filtered || (looked && !controls_.ttl)) return nullptr;
    made_.deployment = call.deployment->id;
    made_.left_out = call.left_out;
    made_.stored_ms = Now::read().unix_ms;
    made_.expires_ms = made_.stored_ms + ttl_.count();
    made_.cost = call.bill.charge;
    auto kept = cache_.put(asked_, std::move(made_), call.engine.loop);
    if (near_ && near_->vector && asked_.holds()) {
        cache_.near().add(near_->bucket, std::move(*near_->vector), asked_.key());
    }
    return kept;
}

}  // namespace patchbay
