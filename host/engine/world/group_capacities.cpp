#include "engine/world/group_capacities.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace patchbay {

namespace {

using Of = PriorityShare::Of;

void add_to(std::int64_t& sum, const std::optional<std::int64_t>& more) {
    if (more) sum = std::max<std::int64_t>(sum, 0) + *more;
}

// Whole requests and tokens; what a double has lost of one is not lost.
std::int64_t share_of(std::int64_t whole, double share) {
    constexpr double kLost = 1e-6;
    if (whole == Capacity::kNone) return Capacity::kNone;
    return static_cast<std::int64_t>(std::floor(static_cast<double>(whole) * share + kLost));
}

}  // namespace

// The shares by their part of the whole: where they come to more, each is divided by their sum, as in LiteLLM.
std::vector<GroupCapacities::Share> GroupCapacities::shares_of(const std::string& model,
                                                               const Limit& whole) {
    std::vector<Share> shares;
    bool only_percent = true;
    for (const PriorityShare& one : settings_->shares) {
        double of_whole = one.value;
        if (one.of != Of::percent) {
            const bool rpm = one.of == Of::rpm;
            const std::int64_t all = rpm ? whole.rpm : whole.tpm;
            only_percent = false;
            if (all <= 0) {
                problems_.push_back({Problem::Severity::warning, one.place,
                                     "the model '" + model + "' has no " + (rpm ? "rpm" : "tpm") +
                                         ", so '" + one.priority +
                                         "' has no share of its own in it: its keys have that of "
                                         "keys without a priority"});
                continue;
            }
            of_whole /= static_cast<double>(all);
        }
        shares.push_back({one.priority, of_whole});
    }
    const double sum =
        std::accumulate(shares.begin(), shares.end(), 0.0,
                        [](double so_far, const Share& one) { return so_far + one.of_whole; });
    if (sum > 1 + PrioritySettings::kExact) {
        for (Share& one : shares) one.of_whole /= sum;
        if (!only_percent) {
            problems_.push_back({Problem::Severity::warning, settings_->place,
                                 "the shares in `litellm_settings.priority_reservation` come to "
                                 "more than the model '" +
                                     model + "' has: each is divided by their sum"});
        }
    }
    return shares;
}

std::shared_ptr<Capacity> GroupCapacities::part(const std::string& counter, const Limit& whole,
                                                double share) {
    limits_[counter] = {share_of(whole.rpm, share), share_of(whole.tpm, share)};
    return capacities_->hold(counter);
}

void GroupCapacities::add(ModelGroup& group) {
    if (!settings_) return;
    Limit whole;
    any_deployment_ = any_deployment_ || !group.deployments.empty();
    for (const Deployment* deployment : group.deployments) {
        add_to(whole.rpm, deployment->rpm);
        add_to(whole.tpm, deployment->tpm);
    }
    if (whole == Limit()) return;
    auto made = std::make_shared<GroupCapacity>();
    made->model = group.name;
    made->threshold = settings_->threshold;
    made->whole = part(group.name, whole, 1);
    if (!settings_->shares.empty()) {
        for (const Share& share : shares_of(group.name, whole)) {
            const std::string priority(share.priority);
            made->reserved.emplace_back(priority,
                                        part(group.name + '\n' + priority, whole, share.of_whole));
        }
        std::sort(made->reserved.begin(), made->reserved.end());
        made->others = part(group.name + '\n', whole, settings_->default_share);
    }
    group.capacity = std::move(made);
}

void GroupCapacities::limit() const {
    capacities_->limit(limits_);
    if (!settings_ || !any_deployment_ || !limits_.empty()) return;
    problems_.push_back({Problem::Severity::warning, limiter_.place,
                         "no model has rpm or tpm, so '" + limiter_.text + "' limits nothing"});
}

void set_capacities(Snapshot& snapshot, const Snapshot* previous, std::vector<Problem>& problems) {
    if (previous != nullptr) snapshot.capacities = previous->capacities;
    GroupCapacities made(snapshot.config, snapshot.capacities, problems);
    for (auto& [name, group] : snapshot.groups) {
        if (name == group.name && !group.by_id) made.add(group);
    }
    for (ModelGroup& group : snapshot.wildcards) made.add(group);
    for (auto& [name, group] : snapshot.groups) {
        if (name == group.name && !group.by_id) continue;
        const auto named = snapshot.groups.find(group.name);
        if (named != snapshot.groups.end()) group.capacity = named->second.capacity;
    }
    made.limit();
}

}  // namespace patchbay
