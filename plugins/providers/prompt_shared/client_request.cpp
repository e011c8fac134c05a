// SPDX-License-Identifier: Apache-2.0
#include "client_request.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::prompt {

namespace json = boost::json;

openai::Refusal bad_place(std::string place, std::string_view why) {
    std::string message = place + ": ";
    return {BAY_ERR_BAD_REQUEST, message.append(why), std::move(place)};
}

openai::Written<ClientRequest> client_request(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              bay::Dropped& dropped) {
    bay::Splice written(request);
    if (auto refusal = openai::write_body(request, dialect, written, &dropped)) return *refusal;
    auto parsed = shared::parse_json(written.text());
    json::object* const client = parsed ? parsed->if_object() : nullptr;
    json::array* const messages = client != nullptr && client->contains("messages")
                                      ? client->at("messages").if_array()
                                      : nullptr;
    if (messages == nullptr || messages->empty()) {
        return bad_place("messages", "must be a list of messages");
    }
    ClientRequest made{std::move(*messages), {}};
    for (const std::string_view name : {"model", "messages", "stream", "stream_options", "user"}) {
        client->erase(name);
    }
    made.parameters = std::move(*client);
    return made;
}

}  // namespace patchbay::prompt
