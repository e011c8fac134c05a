#include "wire.hpp"

#include <boost/json.hpp>

#include "joined.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::agreement {

namespace json = boost::json;

namespace {

std::string event(const json::object& value, std::string_view name = {}) {
    std::string out;
    if (!name.empty()) out += "event: " + std::string(name) + "\n";
    return out + "data: " + json_tree::write(value) + "\n\n";
}

bool is_text(const json::value& value) {
    return value.is_string() && !value.get_string().empty();
}

/// Some servers send arguments as the object itself.
std::string text_of(const json::value& arguments) {
    return arguments.is_string() ? std::string(arguments.get_string())
                                 : json_tree::write(arguments);
}

/// True if a chunk's content is a list of parts, whose whole form is its provider's own.
bool has_parts(const json::object& chunk) {
    const json::value* choices = chunk.if_contains("choices");
    if (choices == nullptr || !choices->is_array()) return false;
    for (const json::value& choice : choices->get_array()) {
        boost::system::error_code absent;
        const json::value* content = choice.find_pointer("/delta/content", absent);
        if (content != nullptr && content->is_array()) return true;
    }
    return false;
}

/// True for a list of messages; others have a `text` instead.
bool is_chat(const json::value& choices) {
    const json::array* const list = choices.if_array();
    if (list == nullptr || list->empty()) return false;
    const json::object* const first = list->front().if_object();
    return first != nullptr && first->contains("message");
}

std::string openai_stream(json::object whole) {
    std::string out;
    const json::value usage = whole.contains("usage") ? whole.at("usage") : json::value();
    const json::array choices = whole.at("choices").as_array();
    whole.erase("usage");
    whole["object"] = "chat.completion.chunk";
    const auto send = [&](const json::value& index, json::object delta, json::value reason) {
        json::object chunk = whole;
        chunk["choices"] = json::array{json::object{
            {"index", index}, {"delta", std::move(delta)}, {"finish_reason", std::move(reason)}}};
        out += event(chunk);
    };
    for (const json::value& choice : choices) {
        const json::value* given = choice.as_object().if_contains("index");
        const json::value index = given != nullptr ? *given : json::value(0);
        for (const auto& [name, value] : choice.at("message").as_object()) {
            if (name == "tool_calls" && value.is_array()) {
                std::uint64_t number = 0;
                for (const json::value& call : value.get_array()) {
                    json::object first = call.as_object();
                    first["index"] = number;
                    const std::string arguments = text_of(call.at("function").at("arguments"));
                    first["function"].as_object()["arguments"] = "";
                    send(index, {{"tool_calls", json::array{std::move(first)}}}, nullptr);
                    for (const std::string& piece : pieces(arguments)) {
                        json::object rest{{"index", number}, {"function", {{"arguments", piece}}}};
                        send(index, {{"tool_calls", json::array{std::move(rest)}}}, nullptr);
                    }
                    ++number;
                }
            } else if (is_text(value) && name != "role") {
                for (const std::string& piece : pieces(value.get_string())) {
                    send(index, {{name, piece}}, nullptr);
                }
            } else {
                send(index, {{name, value}}, nullptr);
            }
        }
        const json::value* reason = choice.as_object().if_contains("finish_reason");
        json::object last;
        // A server that leaves the reason of tool calls empty does so beside the last of them.
        if (reason != nullptr && reason->is_string() && reason->get_string().empty()) {
            if (const json::value* calls =
                    choice.at("message").as_object().if_contains("tool_calls")) {
                json::array named;
                for (std::uint64_t i = 0; i < calls->as_array().size(); ++i) {
                    named.push_back(json::object{{"index", i}});
                }
                last["tool_calls"] = std::move(named);
            }
        }
        send(index, std::move(last), reason != nullptr ? *reason : json::value());
    }
    if (usage.is_object()) {
        whole["choices"] = json::array();
        whole["usage"] = usage;
        out += event(whole);
    }
    return out + "data: [DONE]\n\n";
}

std::string anthropic_stream(const json::object& whole) {
    json::object start = whole;
    start["content"] = json::array();
    start["stop_reason"] = nullptr;
    std::string out = event({{"type", "message_start"}, {"message", start}}, "message_start");
    std::uint64_t index = 0;
    for (const json::value& value : whole.at("content").as_array()) {
        json::object block = value.as_object();
        const std::string type(block.at("type").as_string());
        std::vector<json::object> deltas;
        const auto texts = [&](const char* member, const char* delta, const char* as) {
            const json::value* text = block.if_contains(member);
            if (text == nullptr || !text->is_string()) return;
            for (const std::string& piece : pieces(text->get_string())) {
                deltas.push_back({{"type", delta}, {as, piece}});
            }
            block[member] = "";
        };
        if (type == "text") {
            texts("text", "text_delta", "text");
            if (const json::value* citations = block.if_contains("citations");
                citations != nullptr && citations->is_array()) {
                for (const json::value& citation : citations->get_array()) {
                    deltas.push_back({{"type", "citations_delta"}, {"citation", citation}});
                }
                block["citations"] = json::array();
            }
        } else if (type == "thinking") {
            texts("thinking", "thinking_delta", "thinking");
            if (block.contains("signature")) {
                deltas.push_back(
                    {{"type", "signature_delta"}, {"signature", block.at("signature")}});
                block["signature"] = "";
            }
        } else if (type == "tool_use" || type == "server_tool_use") {
            for (const std::string& piece : pieces(json_tree::write(block.at("input")))) {
                deltas.push_back({{"type", "input_json_delta"}, {"partial_json", piece}});
            }
            block["input"] = json::object();
        }
        out += event({{"type", "content_block_start"}, {"index", index}, {"content_block", block}},
                     "content_block_start");
        for (const json::object& delta : deltas) {
            out += event({{"type", "content_block_delta"}, {"index", index}, {"delta", delta}},
                         "content_block_delta");
        }
        out += event({{"type", "content_block_stop"}, {"index", index}}, "content_block_stop");
        ++index;
    }
    json::object change;
    for (const char* name : {"stop_reason", "stop_sequence", "stop_details"}) {
        if (whole.contains(name)) change[name] = whole.at(name);
    }
    json::object last{{"type", "message_delta"}, {"delta", std::move(change)}};
    if (whole.contains("usage")) last["usage"] = whole.at("usage");
    return out + event(last, "message_delta") + event({{"type", "message_stop"}}, "message_stop");
}

/// Anthropic's events put together as its clients do it.
std::optional<json::object> anthropic_whole(const std::vector<std::string>& events) {
    json::object message;
    json::array content;
    std::string input;
    bool stopped = false;
    for (const std::string& text : events) {
        const json::value value = json_tree::read(text).value;
        const json::object& one = value.as_object();
        const std::string type(one.at("type").as_string());
        if (type == "error") return std::nullopt;
        if (type == "message_start") message = one.at("message").as_object();
        if (type == "content_block_start") {
            content.push_back(one.at("content_block"));
            input.clear();
        } else if (type == "content_block_delta") {
            const json::object& delta = one.at("delta").as_object();
            json::object& block = content.back().as_object();
            for (const char* name : {"text", "thinking", "signature"}) {
                if (!delta.contains(name)) continue;
                if (!block.contains(name)) block[name] = "";
                block[name].as_string() += delta.at(name).as_string();
            }
            if (delta.contains("partial_json")) {
                input += std::string_view(delta.at("partial_json").as_string());
            }
            if (delta.contains("citation")) {
                if (!block.contains("citations") || !block.at("citations").is_array()) {
                    block["citations"] = json::array();
                }
                block["citations"].as_array().push_back(delta.at("citation"));
            }
            if (!input.empty()) {
                const json_tree::Tree tree = json_tree::read(input);
                const json::value& parsed = tree.value;
                const bool failed = !tree;
                if (!failed) block["input"] = parsed;
            }
        } else if (type == "message_delta") {
            for (const auto& [name, change] : one.at("delta").as_object()) message[name] = change;
            if (one.contains("usage")) {
                if (!message.contains("usage")) message["usage"] = json::object();
                for (const auto& [name, count] : one.at("usage").as_object()) {
                    message["usage"].as_object()[name] = count;
                }
            }
        } else if (type == "message_stop") {
            stopped = true;
        }
    }
    if (!stopped || message.empty()) return std::nullopt;
    message["content"] = std::move(content);
    return message;
}

const json::object* object_of(const json::value& value) {
    return value.if_object();
}

}  // namespace

std::vector<std::string> pieces(std::string_view text) {
    std::size_t cut = text.size() / 2;
    while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) ++cut;
    if (cut == 0 || cut == text.size()) return {std::string(text)};
    return {std::string(text.substr(0, cut)), std::string(text.substr(cut))};
}

std::optional<std::string> as_stream(const std::string& body) {
    const json_tree::Tree tree = json_tree::read(body);
    const json::value& value = tree.value;
    const bool failed = !tree;
    const json::object* whole = failed ? nullptr : object_of(value);
    if (whole == nullptr) return std::nullopt;
    const json::value* choices = whole->if_contains("choices");
    if (choices != nullptr && is_chat(*choices) && !whole->contains("error")) {
        return openai_stream(*whole);
    }
    const json::value* content = whole->if_contains("content");
    if (content != nullptr && content->is_array()) return anthropic_stream(*whole);
    return std::nullopt;
}

std::optional<std::string> as_whole(const std::string& body) {
    const std::vector<std::string> events = events_of(body);
    std::vector<std::string> chunks;
    std::size_t typed = 0;
    for (const std::string& text : events) {
        const json_tree::Tree tree = json_tree::read(text);
        const json::value& value = tree.value;
        const bool failed = !tree;
        const json::object* one = failed ? nullptr : object_of(value);
        if (one == nullptr || one->contains("error") || has_parts(*one)) return std::nullopt;
        if (one->contains("choices")) {
            chunks.push_back(text);
        } else if (one->contains("type")) {
            ++typed;
        } else {
            return std::nullopt;
        }
    }
    if (typed != 0 && chunks.empty()) {
        const auto message = anthropic_whole(events);
        if (!message) return std::nullopt;
        return json_tree::write(*message);
    }
    if (typed != 0) return std::nullopt;
    if (chunks.empty()) return std::nullopt;
    const json::object whole = join_chunks(chunks);
    for (const json::value& choice : whole.at("choices").as_array()) {
        const json::value* reason = choice.as_object().if_contains("finish_reason");
        if (reason == nullptr || reason->is_null()) return std::nullopt;
    }
    return json_tree::write(whole);
}

}  // namespace patchbay::agreement
