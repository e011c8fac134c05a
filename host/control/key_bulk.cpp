// POST /key/bulk_update: changes of many keys, each on its own.
#include <boost/json/array.hpp>

#include "control/people.hpp"
#include "control/route.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostKeys = 500;  ///< LiteLLM's bound

// The words of a refusal: error.message, detail.error, or the whole of it.
json::value reason_of(const Answer& answer) {
    const json_tree::Tree tree = json_tree::read(answer.body);
    const json::object* object = tree.value.if_object();
    for (const auto& [outer, inner] :
         {std::pair("error", "message"), std::pair("detail", "error")}) {
        const json::value* found = object ? object->if_contains(outer) : nullptr;
        const json::object* within = found ? found->if_object() : nullptr;
        if (within && within->contains(inner)) return within->at(inner);
    }
    return json::value(answer.body);
}

}  // namespace

json::value bulk_update_keys(Context& context) {
    const json::value* member = context.ask.body.if_contains("keys");
    if (member == nullptr) refuse_missing("body", "keys");
    const json::array* keys = member->if_array();
    if (keys == nullptr) refuse_value("body", "keys", "list_type", "Input should be a valid list");
    if (keys->empty()) refuse_detail(400, "No keys provided for update");
    if (keys->size() > kMostKeys) refuse_detail(400, "Maximum 500 keys can be updated at once");
    // What is no request at all is found before anything is changed.
    for (const json::value& asked : *keys) {
        const json::object* body = asked.if_object();
        const json::value* key = body ? body->if_contains("key") : nullptr;
        if (key == nullptr || !key->is_string()) {
            refuse_value("body", "keys", "missing", "Each needs a `key`");
        }
    }
    json::array done;
    json::array failed;
    for (const json::value& asked : *keys) {
        Ask ask{.method = "POST",
                .path = context.ask.path,
                .query = {},
                .text = {},
                .key = {},
                .address = context.ask.address,
                .changed_by = context.ask.changed_by};
        ask.body = asked.get_object();
        Context one{context.records, context.caller, ask, context.settings};
        try {
            json::value info = update_key(one);
            json::value hash = info.at("key");
            done.push_back(json::object{{"key", std::move(hash)}, {"key_info", std::move(info)}});
        } catch (const Refused& refused) {
            // Its hash: a raw key is not told back.
            failed.push_back(
                json::object{{"key", store::hex(key_hash(one.text("key").value_or("")))},
                             {"key_info", nullptr},
                             {"place", done.size() + failed.size()},
                             {"failed_reason", reason_of(refused.answer)}});
        }
    }
    return json::object{{"total_requested", keys->size()},
                        {"successful_updates", std::move(done)},
                        {"failed_updates", std::move(failed)}};
}

}  // namespace patchbay::control
