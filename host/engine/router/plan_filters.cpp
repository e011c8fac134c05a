// The part of Plan that leaves out, when a call enters a group, who cannot be asked such a request: by
// its tags, by its pictures, by the length of its prompt, by the form that it wants its answer in. The
// last two are LiteLLM's pre-call checks, and so is the region, which servers() looks at.
#include <algorithm>

#include "engine/router/name_list.hpp"
#include "engine/router/plan.hpp"
#include "engine/router/routing_errors.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kResponseFormat = "response_format";

bool has_name(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Is the parameter one that the deployment is sent, or spared, whatever it supports?
bool lets_go(const RequestOptions& options, const Deployment& deployment, std::string_view name) {
    return options.drop_params.value_or(deployment.drop_params) ||
           has_name(options.dropped_params, name) || has_name(deployment.dropped_params, name) ||
           is_listed(options.allowed_params, name) || is_listed(deployment.allowed_params, name);
}

}  // namespace

// "g: without a, b: no tag of the request".
void Plan::explain_without(const LaneSet& left_out, std::string_view why) {
    if (!trace_.on() || !left_out.any()) return;
    std::string ids;
    left_out.for_each([&](std::size_t place) {
        ids += (ids.empty() ? "" : ", ") + route_.group->deployments[place]->id;
    });
    trace_.say(route_.group->name, ": without ", ids, ": ", why);
}

void Plan::explain_region() {
    if (!trace_.on() || ask_.region.empty()) return;
    LaneSet elsewhere(candidates_.size());
    for (std::size_t place = 0; place < elsewhere.size(); ++place) {
        if (route_.group->deployments[place]->region != ask_.region) elsewhere.set(place);
    }
    explain_without(elsewhere, "not in the region");
}

std::optional<Error> Plan::filter() {
    if (settings_.tag_filtering) {
        if (auto refused = keep_to_tags()) return refused;
    }
    if (ask_.picture) prefer_those_that_see();
    std::optional<Error> too_long;
    if (settings_.pre_call_checks && ask_.prompt_tokens > 0) {
        too_long = keep_to_windows();
        if (!candidates_.any()) return too_long;
    }
    if (!ask_.schema) return std::nullopt;
    auto refused = keep_to_schema();
    return refused && too_long ? too_long : refused;
}

void Plan::prefer_those_that_see() {
    const LaneSet see = candidates_ - group_->no_pictures;
    if (!see.any()) return;
    explain_without(candidates_ - see, "sees no pictures");
    candidates_ = see;
}

std::optional<Error> Plan::keep_to_tags() {
    const LaneSet all = candidates_;
    const std::span<const std::string> of_key = ask_.key_tags, own = ask_.options->tags;
    const bool any = !of_key.empty() || !own.empty();
    LaneSet fits(candidates_.size(), any && !settings_.tag_match_any);
    const auto take = [&](const std::string& tag) {
        const auto found = group_->by_tag.find(tag);
        if (settings_.tag_match_any) {
            if (found != group_->by_tag.end()) fits |= found->second;
        } else {
            found != group_->by_tag.end() ? fits &= found->second : fits = LaneSet(fits.size());
        }
    };
    std::for_each(of_key.begin(), of_key.end(), take);
    std::for_each(own.begin(), own.end(), take);
    fits &= candidates_;
    const auto found = group_->by_tag.find("default");
    if (!fits.any() && found != group_->by_tag.end()) fits = found->second & candidates_;
    if (fits.any()) {
        candidates_ = fits;
        explain_without(all - fits, "not of these tags");
    } else if (any) {
        std::vector<std::string> wanted(of_key.begin(), of_key.end());
        wanted.insert(wanted.end(), own.begin(), own.end());
        return no_tag_fits(route_.requested, wanted);
    }
    return std::nullopt;
}

// An Error for who is left with nobody, if somebody was left out.
std::optional<Error> Plan::keep_to_windows() {
    const LaneSet all = candidates_;
    std::int64_t most = 0;
    all.for_each([&](std::size_t place) {
        const std::int64_t window = group_->max_input[place];
        most = std::max(most, window);
        if (window > 0 && static_cast<std::int64_t>(ask_.prompt_tokens) > window) {
            candidates_.reset(place);
        }
    });
    if (candidates_ == all) return std::nullopt;
    explain_without(all - candidates_, "the prompt is too long");
    return no_window_fits(route_.requested, ask_.prompt_tokens, most);
}

// Who is not known to take a schema is the second choice; who is known not to is asked only where the
// parameter does not reach it, or is to reach it all the same.
std::optional<Error> Plan::keep_to_schema() {
    LaneSet lacks = group_->no_schema, refuses = group_->refuses_schema;
    (candidates_ - group_->rests)
        .for_each([&](std::size_t place) {  // a pattern's model is known now
            const Deployment& d = *route_.group->deployments[place];
            const auto support = schema_support(d.info_given, d.provider, route_.model_for(d));
            if (support != SchemaSupport::takes) lacks.set(place);
            if (support == SchemaSupport::refuses) refuses.set(place);
        });
    const LaneSet before = candidates_;
    candidates_ -= lacks;
    if (!candidates_.any()) {
        refuses &= before;
        LaneSet stays(refuses.size());
        refuses.for_each([&](std::size_t place) {
            const Deployment& d = *route_.group->deployments[place];
            if (lets_go(*ask_.options, d, kResponseFormat)) stays.set(place);
        });
        candidates_ = before - (refuses - stays);
    }
    explain_without(before - candidates_, "takes no schema for its answer");
    if (candidates_.any()) return std::nullopt;
    return no_param_fits(route_.requested, kResponseFormat);
}

}  // namespace patchbay
