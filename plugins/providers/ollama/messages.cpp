#include "messages.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::ollama {

namespace json = boost::json;

namespace {

struct Content {
    std::string text;
    json::array images;
};

/// The base64 of a data URL.
Messages<std::string> picture(const json::object& part, const std::string& place) {
    const json::value* image = shared::find(part, "image_url");
    std::string_view url = shared::text(part, "image_url");
    if (image != nullptr && image->is_object()) url = shared::text(image->get_object(), "url");
    if (url.starts_with("http://") || url.starts_with("https://")) {
        return MessagesError{place, "Ollama takes pictures as data, and fetches no addresses"};
    }
    if (url.starts_with("data:")) url.remove_prefix(std::min(url.find(',') + 1, url.size()));
    return Messages<std::string>(boost::system::in_place_value, url);
}

/// `between`: what parts its texts; LiteLLM has a line of its own for each in prompts alone.
Messages<Content> read_content(const json::object& message, const std::string& place,
                               std::string_view between) {
    Content content{std::string(shared::text(message, "content")), {}};
    const json::array* parts = shared::find_array(message, "content");
    if (parts == nullptr) return content;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const json::object* part = (*parts)[i].if_object();
        const std::string at = place + ".content[" + std::to_string(i) + "]";
        const std::string_view type = shared::text(part, "type");
        const bool refusal = type == "refusal";
        if (refusal || type == "text" || type == "input_text" || type == "output_text") {
            if (!content.text.empty()) content.text += between;
            json_tree::join(content.text, shared::text(part, refusal ? "refusal" : "text"));
        } else if (type == "image_url") {
            auto data = picture(*part, at);
            if (!data) return data.error();
            content.images.emplace_back(std::move(*data));
        } else {
            return MessagesError{at, "Ollama takes texts and pictures"};
        }
    }
    return content;
}

json::value arguments_of(std::string_view text) {
    if (text.empty()) return json::object();
    auto value = shared::parse_json(text);
    if (value && value->is_object()) return std::move(*value);
    return json::object{{"arguments", text}};
}

json::object function_of(const json::object* function) {
    json::object own;
    own["name"] = shared::text(function, "name");
    own["arguments"] = arguments_of(shared::text(function, "arguments"));
    return own;
}

/// The calls of an assistant's message.
json::array calls_of(const json::object& message) {
    json::array calls;
    if (const json::object* legacy = shared::find_object(message, "function_call")) {
        calls.emplace_back(json::object{{"function", function_of(legacy)}});
    }
    const json::array* given = shared::find_array(message, "tool_calls");
    if (given == nullptr) return calls;
    for (const json::value& value : *given) {
        const json::object* call = value.if_object();
        const json::object* function = shared::find_object(call, "function");
        if (function == nullptr) continue;
        json::object own;
        if (const auto id = shared::text(call, "id"); !id.empty()) own["id"] = id;
        own["function"] = function_of(function);
        calls.emplace_back(std::move(own));
    }
    return calls;
}

std::string_view role_of(const json::object& message) {
    const std::string_view role = shared::text(message, "role");
    if (role == "developer") return "system";
    return role == "function" ? std::string_view("tool") : role;
}

std::string place_of(std::size_t index) {
    return "messages[" + std::to_string(index) + "]";
}

}  // namespace

bool has_calls(const json::array& messages) {
    for (const json::value& value : messages) {
        const json::object* message = value.if_object();
        if (message == nullptr) continue;
        const json::array* calls = shared::find_array(*message, "tool_calls");
        if ((calls != nullptr && !calls->empty()) || role_of(*message) == "tool" ||
            shared::find_object(*message, "function_call") != nullptr) {
            return true;
        }
    }
    return false;
}

Messages<json::array> write_messages(const json::array& messages) {
    json::array written;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const json::object* message = messages[i].if_object();
        if (message == nullptr) return MessagesError{place_of(i), "must be an object"};
        auto content = read_content(*message, place_of(i), "");
        if (!content) return content.error();
        json::object own{{"role", role_of(*message)}, {"content", std::move(content->text)}};
        if (const auto thought = shared::text(*message, "reasoning_content"); !thought.empty()) {
            own["thinking"] = thought;
        }
        own["images"] = std::move(content->images);
        if (json::array calls = calls_of(*message); !calls.empty()) {
            own["tool_calls"] = std::move(calls);
        }
        if (role_of(*message) == "tool") {
            const std::string_view id = shared::text(*message, "tool_call_id");
            if (!id.empty()) own["tool_call_id"] = id;
            // A result of the old API has no other way to say whose it is.
            const std::string_view name = shared::text(*message, "name");
            if (id.empty() && !name.empty()) own["tool_name"] = name;
        }
        written.emplace_back(std::move(own));
    }
    return written;
}

Messages<Prompt> write_prompt(const json::array& messages) {
    Prompt prompt;
    std::string_view speaker;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const json::object* message = messages[i].if_object();
        if (message == nullptr) return MessagesError{place_of(i), "must be an object"};
        auto content = read_content(*message, place_of(i), "\n");
        if (!content) return content.error();
        const std::string_view role = role_of(*message);
        const std::string_view name = role == "system"      ? "System"
                                      : role == "assistant" ? "Assistant"
                                                            : "User";
        if (name == speaker) {
            prompt.text += '\n';
        } else {
            if (i > 0) prompt.text += "\n\n";
            prompt.text.append("### ").append(name).append(":\n");
        }
        speaker = name;
        prompt.text += content->text;
        for (json::value& image : content->images) prompt.images.push_back(std::move(image));
    }
    if (!messages.empty()) prompt.text += "\n\n";
    return prompt;
}

}  // namespace patchbay::ollama
