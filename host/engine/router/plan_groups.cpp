// The part of Plan that goes on from a group: its next level, then its fallbacks.
#include <algorithm>

#include <spdlog/spdlog.h>

#include "engine/access/model_access.hpp"
#include "engine/router/name_list.hpp"
#include "engine/router/plan.hpp"
#include "engine/router/rests.hpp"
#include "engine/router/routing_errors.hpp"

namespace patchbay {

using std::chrono::milliseconds;

namespace {

constexpr std::int64_t kMinuteMs = 60'000;  ///< limits count the clock's minutes

}  // namespace

const std::vector<std::string>* Plan::fallbacks_for(FallbackKind kind) const {
    const bool first = visited_.size() <= 1;
    return lists_.find(kind, route_.group->name, route_.requested, first);
}

// The next `order` of the group, which has retries of its own.
Step Plan::next_level(const Now& now) {
    while (++level_ < group_->levels.size()) {
        lanes_ = candidates_ & group_->levels[level_];
        if (!lanes_.any()) continue;
        again_.clear();
        retries_ = 0;
        return try_group(now);
    }
    if (!error_) {
        milliseconds wait = shortest_rest(now);
        if (wait.count() == 0) wait = milliseconds(kMinuteMs - now.unix_ms % kMinuteMs);
        bool unknown = false;
        const std::string over = over_budgets(unknown);
        error_ = over.empty() ? none_available(route_.requested, wait)
                 : unknown    ? spent_unknown(over)
                              : crossed_budget(over);
        trace_.say(route_.group->name, ": nobody can be asked now", over.empty() ? "" : ", ", over);
    }
    return leave_group(now);
}

Step Plan::leave_group(const Now& now) {
    if (const auto* list = fallbacks_for(kind_)) frames_.push_back({list, 0});
    return next_fallback(now);
}

// A group that was tried is not tried again, so circles come to an end.
Step Plan::next_fallback(const Now& now) {
    while (!frames_.empty() && fallbacks_ < lists_.most()) {
        Frame& frame = frames_.back();
        if (frame.next == frame.list->size()) {
            frames_.pop_back();
            continue;
        }
        const std::string& name = (*frame.list)[frame.next++];
        auto route = resolve_model(world_, name, ask_.path);
        if (!route) {
            trace_.say("fallback ", name, " does not exist");
            spdlog::warn("fallback '{}' is passed over: {}", name, route.error().message);
            continue;
        }
        if (ask_.bound && access::check_model(*ask_.bound, *route->group, name)) {
            trace_.say("fallback ", name, " is none of the key's models");
            continue;
        }
        if (ask_.only_free && !costs_nothing(*route)) {
            trace_.say("fallback ", name, " costs something, and a budget is used up");
            continue;
        }
        if (!may_enter(*route, name)) continue;
        if (ask_.turning && !ask_.turning->turn_to(*route, name)) {
            trace_.say("fallback ", name, " is beyond a limit of its own");
            continue;
        }
        visited_.push_back(route->called());
        if (enter(std::move(*route))) continue;
        ++fallbacks_;
        trace_.say("falls back to ", name);
        patience_.reset();
        return try_group(now);
    }
    return {};
}

bool Plan::may_enter(const ModelRoute& route, std::string_view name) const {
    const ModelGroup& group = *route.group;
    if (std::find(visited_.begin(), visited_.end(), route.called()) != visited_.end()) return false;
    if (!servers(group, ask_).any()) {
        spdlog::warn("fallback '{}' is passed over: it does not serve this kind of call", name);
        return false;
    }
    for (const std::string& guardrail : group.guardrails) {
        if (is_listed(ask_.guardrails, guardrail)) continue;
        spdlog::warn("fallback '{}' is passed over: its guardrail '{}' has not seen the call", name,
                     guardrail);
        return false;
    }
    return true;
}

}  // namespace patchbay
