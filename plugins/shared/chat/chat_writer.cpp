#include "chat_writer.hpp"

#include <utility>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::shared {

namespace json = boost::json;

namespace {

json::object document(const ChatHead& head, std::string_view kind, json::array choices) {
    return {{"id", head.id},
            {"object", kind},
            {"created", head.created},
            {"model", head.model},
            {"choices", std::move(choices)}};
}

}  // namespace

ChatHead new_chat_head(std::string_view model) {
    constexpr std::size_t kDigits = 32;
    return {"chatcmpl-" + bay::Host::random_hex(kDigits), std::string(model),
            bay::Host::unix_ms() / 1000};
}

json::object tool_call(std::string_view id, std::string_view name, std::string_view arguments) {
    return {{"id", id},
            {"type", "function"},
            {"function", json::object{{"name", name}, {"arguments", arguments}}}};
}

json::object whole_chat(const ChatHead& head, json::object message, std::string_view finish_reason,
                        json::object usage, json::object fields) {
    json::object choice{
        {"index", 0}, {"message", std::move(message)}, {"finish_reason", finish_reason}};
    if (!fields.empty()) choice["provider_specific_fields"] = std::move(fields);
    json::array choices;
    choices.emplace_back(std::move(choice));
    json::object answer = document(head, "chat.completion", std::move(choices));
    answer["usage"] = std::move(usage);
    return answer;
}

void ChunkWriter::delta(json::object delta, std::vector<std::string>& chunks) {
    if (!std::exchange(role_sent_, true)) delta["role"] = "assistant";
    json::array choices;
    choices.emplace_back(
        json::object{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", nullptr}});
    chunks.push_back(json_tree::write(chunk(std::move(choices))));
}

void ChunkWriter::text(std::string_view member, std::string_view text,
                       std::vector<std::string>& chunks) {
    if (text.empty()) return;
    json::object piece;
    piece[member] = text;
    delta(std::move(piece), chunks);
}

void ChunkWriter::call(std::uint64_t index, std::string_view id, std::string_view name,
                       std::string_view arguments, std::vector<std::string>& chunks) {
    json::object begun = tool_call(id, name, arguments);
    begun["index"] = index;
    json::array calls;
    calls.emplace_back(std::move(begun));
    json::object piece;
    piece["tool_calls"] = std::move(calls);
    delta(std::move(piece), chunks);
}

void ChunkWriter::arguments(std::uint64_t index, std::string_view text,
                            std::vector<std::string>& chunks) {
    if (text.empty()) return;
    json::array calls;
    calls.emplace_back(
        json::object{{"index", index}, {"function", json::object{{"arguments", text}}}});
    json::object piece;
    piece["tool_calls"] = std::move(calls);
    delta(std::move(piece), chunks);
}

void ChunkWriter::finish(std::string_view reason, std::vector<std::string>& chunks,
                         json::object fields) {
    json::object last;
    if (!std::exchange(role_sent_, true)) last = {{"role", "assistant"}, {"content", ""}};
    json::object choice{{"index", 0}, {"delta", std::move(last)}, {"finish_reason", reason}};
    if (!fields.empty()) choice["provider_specific_fields"] = std::move(fields);
    json::array choices;
    choices.emplace_back(std::move(choice));
    chunks.push_back(json_tree::write(chunk(std::move(choices))));
}

void ChunkWriter::usage(json::object usage, std::vector<std::string>& chunks) const {
    json::object last = chunk({});
    last["usage"] = std::move(usage);
    chunks.push_back(json_tree::write(last));
}

void ChunkWriter::remark(std::string_view name, const json::value& value,
                         std::vector<std::string>& chunks) const {
    json::object told = chunk({});
    told[name] = value;
    chunks.push_back(json_tree::write(told));
}

json::object ChunkWriter::chunk(json::array choices) const {
    return document(head_, "chat.completion.chunk", std::move(choices));
}

}  // namespace patchbay::shared
