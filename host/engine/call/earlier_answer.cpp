#include "engine/call/earlier_answer.hpp"

#include <algorithm>
#include <string>

#include "engine/surface/body_edit.hpp"
#include "engine/surface/openai/response_id.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kPrefix = "resp_";

Error not_found(const std::string& id) {
    Error error;
    error.cls = ErrorClass::not_found;
    error.type = "invalid_request_error";
    error.message = "Response with id '" + id + "' not found.";
    return error;
}

Error no_earlier(std::string_view name, std::string message) {
    Error error = bad_request(std::move(message), std::string(name));
    error.code = "previous_response_not_found";
    return error;
}

// As KeptResponses makes them.
bool was_kept_here(std::string_view id) {
    constexpr std::size_t kDigits = 32;
    return id.starts_with(kPrefix) && id.size() == kPrefix.size() + kDigits &&
           id.find_first_not_of("0123456789abcdef", kPrefix.size()) == id.npos;
}

// An id that is not sealed goes on to the provider, whose account all callers share.
std::optional<Error> check_unmanaged(const Call& call, std::string_view name,
                                     std::string_view quoted) {
    const ClientResponses& kept = call.ask.kept;
    const ResponseAsker& asker = kept.asker();
    const bool free = !asker.known || asker.all ||
                      call.world->config.general.allow_unmanaged_response_ids || quoted == "null";
    if (free) return std::nullopt;
    const json_tree::Tree tree = json_tree::read(quoted);
    const auto* text = tree ? tree.value.if_string() : nullptr;
    const std::string id = text ? std::string(text->data(), text->size()) : std::string();
    if (kept.find(id)) return std::nullopt;
    if (kept.is_anothers(id)) return response_of_another();
    if (!was_kept_here(id)) return unmanaged_response();
    return no_earlier(name, "Previous response with id '" + id + "' not found.");
}

bool is_named(const bay_member& member, std::string_view name) {
    const std::string_view raw = bay::sv(member.name);
    if (raw.find('\\') == raw.npos) return raw == name;
    std::string decoded;
    json_tree::append_decoded(raw, decoded);
    return decoded == name;
}

// Conversations are the provider's alone: nothing says who began one.
Error unmanaged_conversation() {
    Error error = unmanaged_response();
    error.message =
        "Forbidden. Conversations are kept by the provider, so the proxy cannot tell who owns this "
        "one. To let keys name conversations, set general_settings::allow_unmanaged_response_ids "
        "to "
        "True in the config.yaml file.";
    return error;
}

bool names_conversation(const bay_member& member) {
    return is_named(member, "conversation") && bay::sv(member.value) != "null";
}

std::optional<Error> check_conversation(const Call& call) {
    const ResponseAsker& asker = call.ask.kept.asker();
    const auto members = call.ask.members();
    const bool free = !asker.known || asker.all ||
                      call.world->config.general.allow_unmanaged_response_ids ||
                      std::none_of(members.begin(), members.end(), names_conversation);
    return free ? std::nullopt : std::optional(unmanaged_conversation());
}

// Other APIs have no such members, but what they do not know goes on, and chat may be asked for by way of the Responses API.
std::optional<Error> check_stray(const Call& call) {
    constexpr std::string_view kEarlier = "previous_response_id";
    const GeneralSettings& settings = call.world->config.general;
    const bool free = !call.principal || call.principal->admin ||
                      settings.disable_responses_id_security ||
                      settings.allow_unmanaged_response_ids;
    if (free) return std::nullopt;
    for (const bay_member& member : call.ask.members()) {
        if (names_conversation(member)) return unmanaged_conversation();
        if (is_named(member, kEarlier) && bay::sv(member.value) != "null") {
            return unmanaged_response();
        }
    }
    return std::nullopt;
}

}  // namespace

Result<ModelRoute> find_home(Call& call) {
    auto& made = call.ask.previous;
    made = open_response_id(call.world->resource_key, "\"" + call.ask.resource + "\"");
    if (!made) return not_found(call.ask.resource);
    if (!call.ask.kept.asker().may_use(made->owner)) return response_of_another();
    auto found = resolve_model(*call.world, made->deployment, call.surface.route);
    if (!found) return not_found(call.ask.resource);
    return found;
}

std::optional<Error> find_earlier(Call& call, const ModelGroup& group) {
    const std::string_view name = call.surface.operation->earlier;
    if (name.empty()) return check_stray(call);
    if (auto refused = check_conversation(call)) return refused;
    const auto members = call.ask.members();
    const bay_member* const named = find_member(members, name);
    for (const bay_member& member : members) {
        if (&member == named || !is_named(member, name)) continue;
        return bad_request("'" + std::string(name) + "' stands there twice, or with escapes.",
                           std::string(name));
    }
    if (named == nullptr) return std::nullopt;
    auto& earlier = call.ask.previous;
    earlier = open_response_id(call.world->resource_key, bay::sv(named->value));
    if (!earlier) return check_unmanaged(call, name, bay::sv(named->value));
    if (!call.ask.kept.asker().may_use(earlier->owner)) return response_of_another();
    const auto& all = group.deployments;
    const bool here = std::any_of(all.begin(), all.end(), [&](const Deployment* deployment) {
        return deployment->id == earlier->deployment;
    });
    if (here) return std::nullopt;
    return no_earlier(name, "Previous response with id " + earlier->quoted +
                                " not found: no deployment of this model made it.");
}

}  // namespace patchbay
