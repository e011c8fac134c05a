#include "aws_wire.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "contract/crypto/base64.hpp"
#include "contract/framing/aws_eventstream_writer.hpp"
#include "joined.hpp"
#include "patchbay/json_tree.hpp"
#include "wire.hpp"

namespace patchbay::agreement {

namespace json = boost::json;

namespace {

void add_message(std::string& to, std::string_view event, const json::object& payload) {
    http::AwsMessage message(to);
    message.header(":event-type", event);
    message.header(":content-type", "application/json");
    message.header(":message-type", "event");
    message.begin_payload();
    to += json_tree::write(payload);
    message.end();
}

/// What opens a block, and what comes after; `start` is empty where Bedrock sends none.
struct Parts {
    json::object start;
    json::array deltas;
};

// The members of ContentBlockDelta, in Bedrock Runtime's model of its API.
Parts parts_of(const json::object& block) {
    Parts parts;
    const auto text_deltas = [&](std::string_view text, const auto& wrap) {
        for (const std::string& piece : pieces(text)) parts.deltas.push_back(wrap(piece));
    };
    const auto text_delta = [](const std::string& piece) { return json::object{{"text", piece}}; };
    for (const auto& [name, value] : block) {
        if (name == "text") {
            text_deltas(value.as_string(), text_delta);
        } else if (name == "citationsContent") {
            for (const json::value& part : value.at("content").as_array()) {
                text_deltas(part.at("text").as_string(), text_delta);
            }
            for (const json::value& citation : value.at("citations").as_array()) {
                parts.deltas.push_back(json::object{{"citation", citation}});
            }
        } else if (name == "toolUse") {
            json::object call = value.as_object();
            text_deltas(json_tree::write(call.at("input")), [](const std::string& piece) {
                return json::object{{"toolUse", {{"input", piece}}}};
            });
            call.erase("input");
            parts.start["toolUse"] = std::move(call);
        } else if (name == "reasoningContent" && value.as_object().contains("reasoningText")) {
            const json::object& thought = value.at("reasoningText").as_object();
            text_deltas(thought.at("text").as_string(), [](const std::string& piece) {
                return json::object{{"reasoningContent", {{"text", piece}}}};
            });
            if (const json::value* signature = thought.if_contains("signature")) {
                parts.deltas.push_back(
                    json::object{{"reasoningContent", {{"signature", *signature}}}});
            }
        } else {
            parts.deltas.push_back(json::object{{name, value}});
        }
    }
    return parts;
}

struct Event {
    std::string_view name;
    json::object payload;
};

// Of ConverseStream. Nothing if `body` is no whole answer of Converse's.
std::optional<std::vector<Event>> converse_events(const std::string& body) {
    const json_tree::Tree tree = json_tree::read(body);
    boost::system::error_code absent;
    const json::value* content =
        tree ? tree.value.find_pointer("/output/message/content", absent) : nullptr;
    if (content == nullptr || !content->is_array()) return std::nullopt;
    std::vector<Event> events{{"messageStart", {{"role", "assistant"}}}};
    std::uint64_t index = 0;
    for (const json::value& block : content->get_array()) {
        Parts parts = parts_of(block.as_object());
        const auto add = [&](std::string_view name, json::object payload) {
            payload["contentBlockIndex"] = index;
            events.push_back({name, std::move(payload)});
        };
        if (!parts.start.empty()) add("contentBlockStart", {{"start", std::move(parts.start)}});
        for (json::value& delta : parts.deltas) {
            add("contentBlockDelta", {{"delta", std::move(delta)}});
        }
        add("contentBlockStop", {});
        ++index;
    }
    json::object stop;
    json::object metadata;
    for (const auto& [name, value] : tree.value.get_object()) {
        if (name == "output") continue;
        const bool of_stop = name == "stopReason" || name == "additionalModelResponseFields";
        (of_stop ? stop : metadata)[name] = value;
    }
    events.push_back({"messageStop", std::move(stop)});
    events.push_back({"metadata", std::move(metadata)});
    return events;
}

// InvokeModelWithResponseStream: each event of the model is the base64 of a chunk.
void add_chunk(std::string& to, std::string_view event) {
    std::string bytes;
    append_base64(bytes, event);
    add_message(to, "chunk", {{"bytes", bytes}});
}

// SageMaker: the bytes of the container's answer, cut anywhere.
std::string in_payload_parts(const std::string& events) {
    std::string frames;
    for (const std::string& piece : pieces(events)) {
        http::AwsMessage message(frames);
        message.header(":event-type", "PayloadPart");
        message.header(":content-type", "application/octet-stream");
        message.header(":message-type", "event");
        message.begin_payload();
        frames += piece;
        message.end();
    }
    return frames;
}

}  // namespace

bool is_messages(const std::string& body) {
    return body.find('\0') != body.npos;
}

std::optional<std::string> as_messages(const std::string& whole,
                                       const std::optional<std::string>& events,
                                       const std::string& url) {
    std::string frames;
    const auto converse = converse_events(whole);
    if (url.ends_with("/converse-stream") && converse) {
        for (const Event& event : *converse) add_message(frames, event.name, event.payload);
        return frames;
    }
    if (url.ends_with("/invoke-with-response-stream") && converse) {
        for (const Event& event : *converse) {
            add_chunk(frames, json_tree::write(json::object{{event.name, event.payload}}));
        }
        return frames;
    }
    if (url.ends_with("/invoke-with-response-stream") && events) {
        for (const std::string& event : events_of(*events)) add_chunk(frames, event);
        return frames;
    }
    if (url.ends_with("/invocations-response-stream") && events) return in_payload_parts(*events);
    return std::nullopt;
}

}  // namespace patchbay::agreement
