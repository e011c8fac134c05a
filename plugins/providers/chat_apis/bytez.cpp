// SPDX-License-Identifier: Apache-2.0
#include "bytez.hpp"

#include <optional>
#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"
#include "prompt_shared/client_request.hpp"

namespace patchbay::chat_apis {

namespace json = boost::json;
using openai::Param;

namespace {

/// All texts of a content, which is one or a list of parts.
std::string words_of_parts(const json::value* content) {
    std::string words;
    if (content == nullptr) return words;
    if (content->is_string()) return std::string(std::string_view(content->get_string()));
    const json::array* const parts = content->if_array();
    for (std::size_t i = 0; parts != nullptr && i < parts->size(); ++i) {
        words += shared::text((*parts)[i].if_object(), "text");
    }
    return words;
}

/// Nothing if Bytez has no such part.
std::optional<json::object> part_of(const json::object& part) {
    const std::string_view type = shared::text(part, "type");
    const json::value* const given = shared::find(part, type);
    if (given == nullptr) return std::nullopt;
    if (type == "text") return json::object{{"type", "text"}, {"text", *given}};
    const json::object* const media = given->if_object();
    const std::string_view url =
        given->is_string() ? std::string_view(given->get_string()) : shared::text(media, "url");
    if (type == "image_url") return json::object{{"type", "image"}, {"url", url}};
    if (type == "video_url") return json::object{{"type", "video"}, {"url", url}};
    if (type != "input_audio") return std::nullopt;
    std::string data("data:audio/");
    data.append(shared::text(media, "format", "wav")).append(";base64,");
    return json::object{{"type", "audio"}, {"url", data.append(shared::text(media, "data"))}};
}

openai::Written<json::array> content_of(const json::value* content, const std::string& place) {
    json::array made;
    if (content == nullptr) return made;
    if (content->is_string()) {
        made.push_back(json::object{{"type", "text"}, {"text", *content}});
        return made;
    }
    const json::array* const parts = content->if_array();
    if (parts == nullptr) return prompt::bad_place(place, "must be a text or a list of parts");
    for (const json::value& part : *parts) {
        const json::object* const object = part.if_object();
        auto own = object != nullptr ? part_of(*object) : std::nullopt;
        if (!own) {
            return prompt::bad_place(place + "[" + std::to_string(&part - parts->data()) + "]",
                                     "Bytez takes texts, pictures, audio and videos");
        }
        made.push_back(std::move(*own));
    }
    return made;
}

class BytezReader : public TextReader {
  public:
    using TextReader::TextReader;

    bool is_whole(const json::object& document) const override {
        return shared::find(document, "output") != nullptr;
    }
    openai::Read<json::object> whole(const json::object& document) override {
        const json::value* output = shared::find(document, "output");
        if (const json::object* message = shared::find_object(document, "output")) {
            output = shared::find(message, "content");
        }
        if (output == nullptr || !(output->is_string() || output->is_array())) {
            return openai::unreadable("Bytez", "there is no output that is a text");
        }
        return answer(words_of_parts(output), 0, 0);
    }
};

}  // namespace

openai::Dialect bytez_dialect() {
    openai::Dialect dialect;
    dialect.provider = "bytez";
    dialect.base_url = "https://api.bytez.com/models/v2";
    dialect.key_names = {"BYTEZ_API_KEY"};
    dialect.bearer = false;
    dialect.headers = {{"authorization", "Key {api_key}"}};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}};
    dialect.supported = {Param::stream,     Param::temperature, Param::top_p,
                         Param::max_tokens, Param::n,           Param::max_completion_tokens};
    dialect.renames = {{"max_completion_tokens", "max_new_tokens"},
                       {"max_tokens", "max_new_tokens"},
                       {"n", "num_return_sequences"}};
    dialect.stream_options = false;
    return dialect;
}

openai::Written<json::array> bytez_messages(const json::array& messages) {
    json::array made;
    for (const json::value& value : messages) {
        const std::string place = "messages[" + std::to_string(&value - messages.data()) + "]";
        const json::object* const message = value.if_object();
        if (message == nullptr) return prompt::bad_place(place, "must be an object");
        auto content = content_of(shared::find(message, "content"), place + ".content");
        if (!content) return content.error();
        made.push_back(json::object{{"role", shared::text(message, "role", "user")},
                                    {"content", std::move(*content)}});
    }
    return made;
}

openai::Written<openai::Translated> BytezExchange::translate(const bay_ev_request& request,
                                                             std::string_view address) const {
    const std::string_view model = bay::sv(request.target->model);
    openai::Translated made;
    auto client = prompt::client_request(request, dialect_, made.dropped);
    if (!client) return client.error();
    auto messages = bytez_messages(client->messages);
    if (!messages) return messages.error();
    const json::object body{{"messages", std::move(*messages)},
                            {"stream", streamed_},
                            {"params", std::move(client->parameters)}};
    const std::string path = "/" + bay::percent_encoded(model, "/");
    made.url = std::string(openai::without_endings(address, {path})).append(path);
    made.body = shared::to_text(body);
    made.reader = std::make_unique<BytezReader>(model);
    return made;
}

}  // namespace patchbay::chat_apis
