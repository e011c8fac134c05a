#include "engine/surface/openai/completions_request.hpp"

#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/members.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

namespace {

Error unable(const Place& place, std::string_view what) {
    Error error = bad_shape(
        place, "the model behind this name answers chat, and cannot be given " + std::string(what));
    error.cls = ErrorClass::unsupported;
    return error;
}

// A text, alone or as the only one of a list.
Result<std::string_view> prompt_of(const json::value& value) {
    const Place place("prompt");
    if (const auto* words = value.if_string()) return view(*words);
    const auto* list = value.if_array();
    if (!list) return bad_shape(place, "must be a string or an array");
    if (list->size() > 1) {
        const bool texts = list->front().is_string();
        return unable(place, texts ? "several prompts at once" : "tokens");
    }
    const auto* only = list->empty() ? nullptr : list->front().if_string();
    if (!only) return list->empty() ? bad_shape(place, "is empty") : unable(place, "tokens");
    return view(*only);
}

bool is_silent(const json::value& value) {
    const auto* words = value.if_string();
    return value == json::value(false) || (words && words->empty());
}

Result<void> prompt(const json::value& value, const Place&, Reading&, ChatOfCompletion& made,
                    json::object& chat) {
    const auto words = prompt_of(value);
    if (!words) return words.error();
    made.prompt = *words;
    chat["messages"] = json::array{json::object{{"role", "user"}, {"content", *words}}};
    return {};
}

Result<void> echo(const json::value& value, const Place& place, Reading&, ChatOfCompletion& made,
                  json::object&) {
    if (!value.is_bool()) return bad_shape(place, "must be a boolean");
    made.echoes = value.get_bool();
    return {};
}

Result<void> suffix(const json::value& value, const Place& place, Reading&, ChatOfCompletion&,
                    json::object&) {
    return is_silent(value) ? Result<void>() : unable(place, "what follows its answer");
}

Result<void> best_of(const json::value& value, const Place& place, Reading&, ChatOfCompletion&,
                     json::object&) {
    return json_tree::number(value) == 1.0 ? Result<void>() : unable(place, "a choice of answers");
}

// How many alternatives each token shall have; chat says whether and how many apart.
Result<void> logprobs(const json::value& value, const Place& place, Reading&, ChatOfCompletion&,
                      json::object& chat) {
    const auto count = json_tree::number(value);
    if (!count) return bad_shape(place, "must be a number");
    chat["logprobs"] = true;
    if (*count > 0) chat["top_logprobs"] = value;
    return {};
}

Result<void> logit_bias(const json::value& value, const Place& place, Reading& reading,
                        ChatOfCompletion&, json::object&) {
    const auto* bias = as_object(&value);
    if (!bias || !bias->empty()) reading.refuse(place);
    return {};
}

using Member = MemberRow<Reading, ChatOfCompletion, json::object>;

// What OpenAI's reference of "create a completion" has and chat has not, or in another way.
constexpr std::array kMembers{
    Member{"best_of", best_of},   Member{"echo", echo},     Member{"logit_bias", logit_bias},
    Member{"logprobs", logprobs}, Member{"prompt", prompt}, Member{"suffix", suffix},
};

}  // namespace

Result<ChatOfCompletion> chat_of_completion(std::string_view body, bool drop_params) {
    const auto tree = json_tree::read(body);
    const auto* request = tree ? as_object(&tree.value) : nullptr;
    if (!request) return bad_request("the body must be a JSON object");
    Reading reading(drop_params || is_true(*request, "drop_params"));
    ChatOfCompletion made;
    json::object chat;
    auto written = write_members(*request, nullptr, kMembers, passed_on(chat), reading, made, chat);
    if (!written) return written.error();
    if (!chat.contains("messages"))
        return bad_shape(Place("prompt"), "must be a string or an array");
    if (is_true(chat, "stream")) {
        chat["stream_options"] = json::object{{"include_usage", true}};
    } else {
        chat.erase("stream_options");
    }
    if (const auto* fault = reading.fault()) return *fault;
    made.json = json_tree::write(chat);
    made.dropped = std::move(reading.dropped);
    return made;
}

}  // namespace patchbay::surface
