#include "engine/surface/openai/responses_request.hpp"

#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/members.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"
#include "engine/surface/openai/responses_items.hpp"

namespace patchbay::surface {

namespace {

template <const std::string_view& Name>
Result<void> same(const json::value& value, const Place&, Reading&, json::object& chat) {
    chat[Name] = value;
    return {};
}

template <const std::string_view& Name>
Result<void> number(const json::value& value, const Place& place, Reading&, json::object& chat) {
    if (!json_tree::is_number(value)) return bad_shape(place, "must be a number");
    chat[Name] = value;
    return {};
}

constexpr std::string_view kMaxTokens = "max_tokens";
constexpr std::string_view kTemperature = "temperature";
constexpr std::string_view kTopP = "top_p";
constexpr std::string_view kMetadata = "metadata";
constexpr std::string_view kUser = "user";
constexpr std::string_view kSafetyIdentifier = "safety_identifier";
constexpr std::string_view kCacheKey = "prompt_cache_key";
constexpr std::string_view kCacheRetention = "prompt_cache_retention";
constexpr std::string_view kModeration = "moderation";

Result<void> stream(const json::value& value, const Place& place, Reading&, json::object& chat) {
    if (!value.is_bool()) return bad_shape(place, "must be a boolean");
    if (!value.get_bool()) return {};
    chat["stream"] = true;
    chat["stream_options"] = json::object{{"include_usage", true}};
    return {};
}

Result<void> parallel_calls(const json::value& value, const Place& place, Reading&,
                            json::object& chat) {
    if (!value.is_bool()) return bad_shape(place, "must be a boolean");
    if (chat.contains("tools")) chat["parallel_tool_calls"] = value;
    return {};
}

Result<void> service_tier(const json::value& value, const Place& place, Reading&,
                          json::object& chat) {
    const auto* tier = value.if_string();
    if (!tier) return bad_shape(place, "must be a string");
    if (*tier != "auto") chat["service_tier"] = *tier;
    return {};
}

Result<void> top_logprobs(const json::value& value, const Place& place, Reading&,
                          json::object& chat) {
    if (!json_tree::is_number(value)) return bad_shape(place, "must be a number");
    if (json_tree::number(value) == 0.0) return {};
    chat["logprobs"] = true;
    chat["top_logprobs"] = value;
    return {};
}

Result<void> reasoning(const json::value& value, const Place& place, Reading&, json::object& chat) {
    const auto* given = as_object(&value);
    if (!given) return bad_shape(place, "must be an object");
    const auto* effort = find(*given, "effort");
    if (!effort) return {};
    if (!effort->is_string()) return bad_shape(Place("effort", &place), "must be a string");
    chat["reasoning_effort"] = *effort;
    return {};
}

// The chat API has the name and its like in an object of their own.
Result<void> write_format(const json::object& format, const Place& place, json::object& chat) {
    const auto type = text(format, "type");
    if (type == "text") return {};
    if (type == "json_object") {
        chat["response_format"] = json::object{{"type", type}};
        return {};
    }
    if (type != "json_schema") {
        return bad_shape(Place("type", &place), "must be text, json_object or json_schema");
    }
    if (!find_object(format, "schema")) {
        return bad_shape(Place("schema", &place), "must be an object");
    }
    json::object schema;
    for (const std::string_view name : {"name", "description", "schema", "strict"}) {
        if (const auto* member = find(format, name)) schema[name] = *member;
    }
    if (!schema.contains("name")) schema["name"] = "response";
    chat["response_format"] =
        json::object{{"type", "json_schema"}, {"json_schema", std::move(schema)}};
    return {};
}

Result<void> text_options(const json::value& value, const Place& place, Reading&,
                          json::object& chat) {
    const auto* given = as_object(&value);
    if (!given) return bad_shape(place, "must be an object");
    const auto* verbosity = find(*given, "verbosity");
    if (verbosity && *verbosity != json::value("medium")) chat["verbosity"] = *verbosity;
    const auto* format = find_object(*given, "format");
    return format ? write_format(*format, Place("format", &place), chat) : Result<void>();
}

// What else the answer shall hold. Reasoning that can be sent back always is in it.
Result<void> include(const json::value& value, const Place& place, Reading& reading,
                     json::object& chat) {
    const auto* list = value.if_array();
    if (!list) return bad_shape(place, "must be an array of strings");
    for (const auto& what : *list) {
        if (what == json::value("message.output_text.logprobs")) {
            chat["logprobs"] = true;
        } else if (what != json::value("reasoning.encrypted_content")) {
            reading.note(place);
        }
    }
    return {};
}

// "auto" allows a provider that can to leave out of a conversation what is too long for the model;
// one that cannot says that it is too long.
Result<void> truncation(const json::value& value, const Place& place, Reading& reading,
                        json::object&) {
    if (value != json::value("disabled")) reading.note(place);
    return {};
}

Error not_kept(const Place& place) {
    Error error = bad_shape(place,
                            "the model behind this name keeps no responses; send the whole "
                            "conversation in `input`");
    error.cls = ErrorClass::unsupported;
    return error;
}

Result<void> state(const json::value&, const Place& place, Reading&, json::object&) {
    return not_kept(place);
}

Result<void> background(const json::value& value, const Place& place, Reading& reading,
                        json::object& chat) {
    return value == json::value(false) ? Result<void>() : state(value, place, reading, chat);
}

using Member = MemberRow<Reading, json::object>;

// What OpenAI's reference of "create a response" has.
constexpr std::array kMembers{
    Member{"background", background},
    Member{"client_metadata", elsewhere},  // Codex's, of itself; others refuse it
    Member{"context_management", noted},
    Member{"conversation", state},
    Member{"include", include},
    Member{"input", elsewhere},
    Member{"instructions", elsewhere},
    Member{"max_output_tokens", number<kMaxTokens>},
    Member{"max_tool_calls", noted},
    Member{"metadata", same<kMetadata>},
    Member{"model", elsewhere},
    Member{"moderation", same<kModeration>},
    Member{"parallel_tool_calls", parallel_calls},
    Member{"previous_response_id", elsewhere},
    Member{"prompt", state},
    Member{"prompt_cache_key", same<kCacheKey>},
    Member{"prompt_cache_options", noted},
    Member{"prompt_cache_retention", same<kCacheRetention>},
    Member{"reasoning", reasoning},
    Member{"safety_identifier", same<kSafetyIdentifier>},
    Member{"service_tier", service_tier},
    Member{"store", elsewhere},
    Member{"stream", stream},
    Member{"stream_options", elsewhere},
    Member{"temperature", number<kTemperature>},
    Member{"text", text_options},
    Member{"tool_choice", elsewhere},
    Member{"tools", elsewhere},
    Member{"top_logprobs", top_logprobs},
    Member{"top_p", number<kTopP>},
    Member{"truncation", truncation},
    Member{"user", same<kUser>},
};

// The response that the client goes on from, if it names one.
Result<void> find_previous(const json::object& request, const ClientResponses& kept,
                           ChatOfResponses& result) {
    const auto* given = find(request, "previous_response_id");
    if (!given) return {};
    const Place place("previous_response_id");
    if (!kept.keeps()) return not_kept(place);
    const auto id = text(request, "previous_response_id");
    result.previous = kept.find(id);
    if (result.previous) return {};
    if (kept.is_anothers(id)) return response_of_another();
    Error error = bad_shape(place, {});
    error.message = "Previous response with id '" + std::string(id) + "' not found.";
    error.code = "previous_response_not_found";
    return error;
}

Result<void> write_messages(const json::object& request, const ClientResponses& kept,
                            Reading& reading, ResponseTools& tools, json::object& chat,
                            ChatOfResponses& result) {
    json::array messages;
    if (const auto* instructions = find(request, "instructions")) {
        const auto* words = instructions->if_string();
        if (!words) return bad_shape(Place("instructions"), "must be a string");
        if (!words->empty()) {
            messages.emplace_back(json::object{{"role", "system"}, {"content", *words}});
        }
    }
    if (auto found = find_previous(request, kept, result); !found) return found;
    const auto* input = find(request, "input");
    auto items = input ? input_items(*input, kept) : Result<json::array>(json::array());
    if (!items) return items.error();
    std::vector<json::value> earlier;
    if (result.previous) earlier = conversation_items(*result.previous);
    auto written = append_items(earlier, *items, reading, tools, messages);
    chat["messages"] = std::move(messages);
    const auto* store = find(request, "store");
    const bool wanted = !store || *store != json::value(false);
    if (kept.keeps() && wanted) {
        result.input = json_tree::write(*items);
    } else if (store && wanted) {
        reading.note("store");
    }
    return written;
}

}  // namespace

Result<ChatOfResponses> chat_of_responses(std::string_view body, bool drop_params,
                                          const ClientResponses& kept) {
    unsigned char first_memory[8192];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(body, &memory);
    const auto* request = tree ? as_object(&tree.value) : nullptr;
    if (!request) return bad_request("the body must be a JSON object");
    Reading reading(drop_params || is_true(*request, "drop_params"));
    ChatOfResponses result;
    json::object chat;
    if (const auto* model = find(*request, "model")) chat["model"] = *model;
    ResponseTools tools(reading);
    if (const auto* given = find(*request, "tools")) {
        if (auto added = tools.add(*given, Place("tools")); !added) return added.error();
    }
    if (auto written = write_messages(*request, kept, reading, tools, chat, result); !written) {
        return written.error();
    }
    tools.write(chat);
    result.custom = std::move(tools.custom);
    result.client_search = tools.client_search;
    if (const auto* choice = find(*request, "tool_choice")) {
        auto written = write_response_choice(*choice, reading, chat);
        if (!written) return written.error();
    }
    if (auto written = write_members(*request, nullptr, kMembers, passed_on(chat), reading, chat);
        !written)
        return written.error();
    if (!find(*request, "input")) return bad_shape(Place("input"), "must be a string or an array");
    if (const auto* fault = reading.fault()) return *fault;
    result.json = json_tree::write(chat);
    result.dropped = std::move(reading.dropped);
    result.names = std::move(reading.names);
    return result;
}

}  // namespace patchbay::surface
