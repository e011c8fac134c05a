#include "engine/call/parties.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/access/party_finder.hpp"
#include "engine/access/refusals.hpp"
#include "engine/call/call.hpp"
#include "engine/call/end_user.hpp"
#include "engine/call/header_tags.hpp"
#include "engine/records/requester.hpp"
#include "engine/router/router.hpp"
#include "engine/surface/body_edit.hpp"

namespace patchbay {

namespace {

using Kind = store::Subject;

bool is_tag(std::string_view tag) {
    return !tag.empty() && tag.size() <= kMaxLabel &&
           std::none_of(tag.begin(), tag.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void add_tags(const std::vector<std::string>& from, std::vector<std::string>& tags) {
    for (const std::string& tag : from) {
        if (tags.size() >= kMaxTags) return;
        if (!is_tag(tag) || std::find(tags.begin(), tags.end(), tag) != tags.end()) continue;
        tags.push_back(tag);
    }
}

// `allowed_model_region` of the request; empty: it says nothing.
Result<std::string_view> region_in(const Call& call) {
    constexpr std::string_view kName = "allowed_model_region";
    const bay_member* const member =
        call.ask.options.any_control ? find_member(call.ask.members(), kName) : nullptr;
    const std::string_view value =
        member ? std::string_view(member->value.ptr, member->value.len) : "null";
    if (value == "null") return std::string_view();
    for (const std::string_view region : {std::string_view("eu"), std::string_view("us")}) {
        if (value.size() == region.size() + 2 && value.substr(1, region.size()) == region) {
            return region;
        }
    }
    return bad_request("Invalid value for 'allowed_model_region': expected 'eu' or 'us'.",
                       std::string(kName));
}

bool has_region(const ModelGroup& group, std::string_view region) {
    return std::any_of(group.deployments.begin(), group.deployments.end(),
                       [&](const Deployment* deployment) { return deployment->region == region; });
}

}  // namespace

void name_parties(Call& call) {
    const auto& headers = call.world->config.general.customer_headers;
    call.parties.customer = end_user_of(call.caller, call.ask.members(), headers);
    // Those of the key go first: what a request has too many of are its own.
    if (call.principal) add_tags(call.principal->tags, call.parties.tags);
    add_tags(header_tags(call.caller, call.world->config.litellm.tag_headers), call.parties.tags);
    add_tags(call.ask.options.tags, call.parties.tags);
}

bool may_have_limits(const Call& call) {
    const access::PartyFinder* const parties = call.engine.parties;
    if (!parties) return false;
    const Parties& of = call.parties;
    return (!of.customer.empty() && parties->may_have_limits(Kind::customer, of.customer)) ||
           std::any_of(of.tags.begin(), of.tags.end(), [&](const std::string& tag) {
               return parties->may_have_limits(Kind::tag, tag);
           });
}

boost::asio::awaitable<Failed> find_parties(Call& call) {
    access::PartyFinder& parties = *call.engine.parties;
    Parties& of = call.parties;
    std::vector<std::shared_ptr<const access::Party>>
        found;  // nullptr: one of `asked`, in their order
    std::vector<access::PartyAsk> asked;
    const auto look = [&](Kind kind, const std::string& name) {
        if (!parties.may_have_limits(kind, name)) return;
        found.push_back(parties.known(kind, name));
        if (!found.back()) asked.push_back({kind, name});
    };
    if (!of.customer.empty()) look(Kind::customer, of.customer);
    for (const std::string& tag : of.tags) look(Kind::tag, tag);
    std::vector<access::FoundParty> answers;
    if (!asked.empty()) answers = co_await parties.find(std::move(asked));
    auto answer = answers.begin();
    for (auto& party : found) {
        if (!party) {
            if (answer->refused) co_return std::move(answer->refused);
            party = std::move((answer++)->party);
        }
        if (party->kind == Kind::customer) {
            if (party->blocked) co_return access::customer_blocked(of.customer);
            if (call.world->config.litellm.validate_customers && !party->valid) {
                of.customer.clear();
            } else {
                of.limited_customer = std::move(party);
            }
        } else if (!party->limits.empty()) {
            of.limited_tags.push_back(std::move(party));
        }
    }
    co_return std::nullopt;
}

std::string_view region_of(const Call& call) {
    const access::Party* const customer = call.parties.limited_customer.get();
    if (customer && !customer->region.empty()) return customer->region;
    const auto own = region_in(call);
    return own ? *own : std::string_view();
}

std::optional<Error> keep_to_region(Call& call, ModelRoute& route) {
    const auto own = region_in(call);
    if (!own) return own.error();
    const access::Party* const customer = call.parties.limited_customer.get();
    const bool bound = customer && !customer->region.empty();
    const bool both = bound && !own->empty() && *own != customer->region;
    if (both || (!bound && !own->empty() && !has_region(*route.group, *own))) {
        return bad_request("No deployment of model=" + std::string(route.requested) +
                               " is in the region '" + std::string(*own) +
                               "', the only one that the request allows.",
                           "allowed_model_region");
    }
    if (!bound) return std::nullopt;
    if (has_region(*route.group, customer->region)) return std::nullopt;
    if (!customer->default_model.empty()) {
        auto found = resolve_model(*call.world, customer->default_model, call.surface.route);
        if (found && has_region(*found->group, customer->region)) {
            route = std::move(*found);
            call.ask.model = customer->default_model;  // that is what the key must be allowed
            call.group = route.group->name;
            return std::nullopt;
        }
    }
    return bad_request("No deployment of model=" + std::string(route.requested) +
                           " is in the region '" + customer->region +
                           "', the only one that user=" + customer->name + " may use.",
                       "model");
}

}  // namespace patchbay
