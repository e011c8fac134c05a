#include "engine/world/known_secrets.hpp"

#include <set>
#include <string>

#include <boost/json.hpp>

#include "engine/surface/secret_names.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

// `secret`: the value stands under a secret name. Of an object there (a service account's) only
// what is secret by its own name: the rest are words.
void collect(const json::value& value, bool secret, std::set<std::string, std::less<>>& found) {
    if (const auto* text = value.if_string()) {
        if (secret) found.emplace(text->data(), text->size());
    } else if (const auto* array = value.if_array()) {
        for (const json::value& item : *array) collect(item, secret, found);
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            collect(member.value(), is_secret_name(member.key()), found);
        }
    }
}

}  // namespace

std::vector<Secret> known_secrets(const Snapshot& snapshot) {
    std::set<std::string, std::less<>> found;
    const auto add = [&](const Secret& secret) {
        if (!secret.empty()) found.emplace(secret.reveal());
    };
    add(snapshot.config.general.master_key);
    for (const auto& deployment : snapshot.deployments) {
        add(deployment->api_key);
        json::error_code failed;
        const json::value params = json::parse(deployment->params, failed);
        if (!failed) collect(params, false, found);
    }
    for (const auto& guardrail : snapshot.config.guardrails) {
        collect(guardrail.params, false, found);
    }
    for (const auto& callback : snapshot.config.litellm.logging.callbacks) {
        collect(callback.params, false, found);
    }
    std::vector<Secret> secrets;
    for (const std::string& one : found) secrets.emplace_back(one);
    return secrets;
}

}  // namespace patchbay
