#include "fim_exchange.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/splice.hpp"
#include "upstream.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

/// The document with its choices as those of a text completion. `part`: "message" or "delta".
json::object as_completion(const json::object& document, std::string_view part) {
    json::array choices;
    if (const json::array* given = shared::find_array(document, "choices")) {
        for (const json::value& value : *given) {
            const json::object* choice = value.if_object();
            if (choice == nullptr) continue;
            const json::value* reason = shared::find(choice, "finish_reason");
            choices.emplace_back(
                json::object{{"index", shared::count(choice, "index")},
                             {"text", shared::text(shared::find_object(choice, part), "content")},
                             {"finish_reason", reason != nullptr ? *reason : json::value(nullptr)},
                             {"logprobs", nullptr}});
        }
    }
    json::object made{{"object", "text_completion"}, {"choices", std::move(choices)}};
    for (const std::string_view name : {"id", "created", "model", "usage"}) {
        if (const json::value* value = shared::find(document, name)) made[name] = *value;
    }
    return made;
}

std::optional<bay_usage> usage_of_answer(const json::object& document) {
    const json::object* usage = shared::find_object(document, "usage");
    if (usage == nullptr) return std::nullopt;
    bay_usage told{};
    told.size = sizeof told;
    told.input_tokens = shared::count(usage, "prompt_tokens");
    told.output_tokens = shared::count(usage, "completion_tokens");
    return told;
}

}  // namespace

bool FimReader::is_whole(const json::object& document) const {
    const json::array* choices = shared::find_array(document, "choices");
    if (choices == nullptr || choices->empty()) return false;
    return shared::find_object(choices->front().if_object(), "message") != nullptr;
}

Read<json::object> FimReader::whole(const json::object& document) {
    if (!is_whole(document)) return unreadable("the provider", "there is no message");
    usage_ = usage_of_answer(document);
    return as_completion(document, "message");
}

Read<void> FimReader::event(const json::object& document, std::vector<std::string>& chunks) {
    const json::array* choices = shared::find_array(document, "choices");
    if (choices == nullptr) return unreadable("the provider", "an event has no choices");
    for (const json::value& value : *choices) {
        const json::object* choice = value.if_object();
        const bay::Choices bit = bay::choice_bit(shared::count(choice, "index"));
        const bool finished = !shared::text(choice, "finish_reason").empty();
        end_.take(bit, finished ? bit : bay::Choices{});
    }
    if (const auto told = usage_of_answer(document)) usage_ = told;
    chunks.push_back(json_tree::write(as_completion(document, "delta")));
    return {};
}

Written<Translated> FimExchange::translate(const bay_ev_request& request,
                                           std::string_view address) const {
    const PassOperation& operation = *find_pass_operation(BAY_OP_COMPLETIONS);
    bay::Splice body(request);
    if (auto refusal = write_pass_body(request, dialect_, operation, body)) return *refusal;
    const OperationRule* rule = dialect_.find(operation.id);
    const std::string_view path =
        rule != nullptr && !rule->path.empty() ? std::string_view(rule->path) : operation.path;
    return Translated{operation_url(address, path), body.text(), std::make_unique<FimReader>()};
}

}  // namespace patchbay::openai
