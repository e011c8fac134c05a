#include "shared/payload.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::sink {

namespace json = boost::json;

std::optional<json::value> parse(std::string_view text) {
    json_tree::Tree tree = json_tree::read(text);
    if (!tree) return std::nullopt;
    json_tree::make_utf8(tree.value);
    return std::move(tree.value);
}

std::optional<Record> read_record(const bay::Records& records, std::uint64_t index) {
    auto document = parse(records.json(index));
    if (!document || !document->is_object()) {
        bay::Host::log(BAY_LOG_WARN, "record " + std::string(records.id(index)) +
                                         " cannot be read and is left out");
        return std::nullopt;
    }
    Record record;
    record.index = static_cast<std::uint32_t>(index);
    record.id = std::string(records.id(index));
    record.failed = records.failed(index);
    record.payload = std::move(document->get_object());
    record.ended = number(record.payload, "endTime")
                       .value_or(static_cast<double>(records.unix_ms(index)) / 1000);
    record.started =
        std::min(number(record.payload, "startTime").value_or(record.ended), record.ended);
    return record;
}

const json::value& member(const json::object& object, std::string_view name) {
    static const json::value none(nullptr);
    const auto* value = object.if_contains(name);
    return value ? *value : none;
}

const json::value& member(const json::value& value, std::string_view name) {
    static const json::object empty;
    const auto* object = value.if_object();
    return member(object ? *object : empty, name);
}

std::string_view text(const json::object& object, std::string_view name) {
    const auto* found = member(object, name).if_string();
    return found ? std::string_view(found->data(), found->size()) : std::string_view();
}

std::string_view text(const json::value& value, std::string_view name) {
    const auto* object = value.if_object();
    return object ? text(*object, name) : std::string_view();
}

std::optional<double> number(const json::object& object, std::string_view name) {
    const json::value& found = member(object, name);
    return json_tree::number(found);
}

const json::object& requester_metadata(const json::object& payload) {
    static const json::object empty;
    const auto* found = member(member(payload, "metadata"), "requester_metadata").if_object();
    return found ? *found : empty;
}

std::string model_of(const json::object& payload) {
    std::string_view name = text(payload, "model");
    const std::string_view provider = text(payload, "custom_llm_provider");
    if (!provider.empty() && name.size() > provider.size() && name.starts_with(provider) &&
        name[provider.size()] == '/') {
        name.remove_prefix(provider.size() + 1);
    }
    return std::string(name);
}

json::value output_of(const json::object& payload) {
    const json::value& response = member(payload, "response");
    const auto* choices = member(response, "choices").if_array();
    if (!choices) return response;
    json::array messages;
    for (const json::value& choice : *choices) {
        const json::value& message = member(choice, "message");
        if (!message.is_null()) messages.push_back(message);
    }
    if (messages.empty()) return response;
    if (messages.size() == 1) return std::move(messages.front());
    return messages;
}

std::string_view error_text(const json::object& payload) {
    const std::string_view found = text(payload, "error_str");
    return found.empty() ? text(member(payload, "error_information"), "error_message") : found;
}

json::object without_nulls(const json::object& object) {
    json::object kept;
    for (const auto& one : object) {
        if (!one.value().is_null()) kept.emplace(one.key(), one.value());
    }
    return kept;
}

}  // namespace patchbay::sink
