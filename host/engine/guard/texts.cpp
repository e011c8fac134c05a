#include "engine/guard/texts.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

namespace patchbay::guard {

namespace json = boost::json;

namespace {

// Strings of an answer that are structure. `name` is a function's; a mask in it would break the
// call.
constexpr auto kStructure = [] {
    auto names = std::to_array<std::string_view>({
        "b64_json",
        "code",
        "created",
        "data",
        "expires_at",
        "file_id",
        "finish_reason",
        "format",
        "id",
        "index",
        "media_type",
        "mime_type",
        "model",
        "name",
        "object",
        "role",
        "signature",
        "status",
        "system_fingerprint",
        "tool_call_id",
        "type",
    });
    std::sort(names.begin(), names.end());
    return names;
}();

bool is_structure(std::string_view name) {
    return std::binary_search(kStructure.begin(), kStructure.end(), name);
}

std::string escaped(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == '~') {
            text += "~0";
        } else if (c == '/') {
            text += "~1";
        } else {
            text += c;
        }
    }
    return text;
}

class Finder {
  public:
    void take(json::value& value, const std::string& path, std::string_view role) {
        auto* text = value.if_string();
        if (!text) return;
        found.push_back({path, std::string(role), text, std::string(text->data(), text->size())});
    }
    void take_member(json::object& object, std::string_view name, const std::string& path,
                     std::string_view role) {
        if (auto* value = object.if_contains(name))
            take(*value, path + "/" + std::string(name), role);
    }

    /// Every string under `value` that is not structure. `by_index`: see delta_texts().
    void take_all(json::value& value, const std::string& path, std::string_view role,
                  bool by_index) {
        if (auto* object = value.if_object()) {
            for (auto& member : *object) {
                if (is_structure(member.key())) continue;
                take_all(member.value(), path + "/" + escaped(member.key()), role, by_index);
            }
        } else if (auto* array = value.if_array()) {
            for (std::size_t i = 0; i < array->size(); ++i) {
                take_all((*array)[i], path + "/" + element(*array, i, by_index), role, by_index);
            }
        } else if (const auto* text = value.if_string()) {
            if (!std::string_view(text->data(), text->size()).starts_with("data:")) {
                take(value, path, role);
            }
        }
    }

    static std::string element(const json::array& array, std::size_t i, bool by_index) {
        const auto* object = by_index ? array[i].if_object() : nullptr;
        const auto* index = object ? object->if_contains("index") : nullptr;
        const auto* number = index ? index->if_int64() : nullptr;
        return std::to_string(number ? *number : static_cast<std::int64_t>(i));
    }

    std::vector<Text> found;
};

// A content is a text or a list of parts; other parts than texts (images, files) are not looked at.
void take_content(Finder& finder, json::value& content, const std::string& path,
                  std::string_view role) {
    finder.take(content, path, role);
    auto* parts = content.if_array();
    if (!parts) return;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const std::string at = path + "/" + std::to_string(i);
        finder.take((*parts)[i], at, role);
        auto* part = (*parts)[i].if_object();
        if (!part) continue;
        finder.take_member(*part, "text", at, role);
        finder.take_member(*part, "refusal", at, role);
        // Anthropic's tool results inside a message nest a content of their own.
        if (auto* inner = part->if_contains("content")) {
            take_content(finder, *inner, at + "/content", role);
        }
    }
}

void take_message(Finder& finder, json::object& message, const std::string& path) {
    std::string role;
    if (const auto* given = message.if_contains("role"); given && given->is_string()) {
        role = std::string(given->get_string());
    }
    if (role == "developer") role = "system";
    if (role == "function") role = "tool";
    if (auto* content = message.if_contains("content")) {
        take_content(finder, *content, path + "/content", role);
    }
    finder.take_member(message, "reasoning_content", path, role);
    finder.take_member(message, "refusal", path, role);
    const auto take_function = [&](json::value& value, const std::string& at) {
        if (auto* function = value.if_object())
            finder.take_member(*function, "arguments", at, role);
    };
    if (auto* call = message.if_contains("function_call")) {
        take_function(*call, path + "/function_call");
    }
    auto* calls = message.if_contains("tool_calls");
    if (!calls || !calls->is_array()) return;
    for (std::size_t i = 0; i < calls->get_array().size(); ++i) {
        auto* call = calls->get_array()[i].if_object();
        auto* function = call ? call->if_contains("function") : nullptr;
        if (function) {
            take_function(*function, path + "/tool_calls/" + std::to_string(i) + "/function");
        }
    }
}

// `prompt` and `input`: a text, or a list of texts.
void take_plain(Finder& finder, json::object& request, std::string_view name) {
    auto* value = request.if_contains(name);
    if (!value) return;
    const std::string path = "/" + std::string(name);
    finder.take(*value, path, "user");
    auto* list = value->if_array();
    if (!list) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
        finder.take((*list)[i], path + "/" + std::to_string(i), "user");
    }
}

}  // namespace

std::vector<Text> request_texts(json::value& request) {
    Finder finder;
    auto* object = request.if_object();
    if (!object) return {};
    if (auto* messages = object->if_contains("messages"); messages && messages->is_array()) {
        for (std::size_t i = 0; i < messages->get_array().size(); ++i) {
            auto* message = messages->get_array()[i].if_object();
            if (message) take_message(finder, *message, "/messages/" + std::to_string(i));
        }
    }
    take_plain(finder, *object, "prompt");
    take_plain(finder, *object, "input");
    if (auto* tools = object->if_contains("tools"); tools && tools->is_array()) {
        for (std::size_t i = 0; i < tools->get_array().size(); ++i) {
            auto* tool = tools->get_array()[i].if_object();
            auto* function = tool ? tool->if_contains("function") : nullptr;
            if (!function || !function->is_object()) continue;
            finder.take_member(function->get_object(), "description",
                               "/tools/" + std::to_string(i) + "/function", "");
        }
    }
    return std::move(finder.found);
}

std::vector<Text> answer_texts(json::value& answer) {
    Finder finder;
    auto* object = answer.if_object();
    auto* choices = object ? object->if_contains("choices") : nullptr;
    if (!choices || !choices->is_array()) return {};
    for (std::size_t i = 0; i < choices->get_array().size(); ++i) {
        auto* choice = choices->get_array()[i].if_object();
        if (!choice) continue;
        const std::string path = "/choices/" + std::to_string(i);
        if (auto* message = choice->if_contains("message")) {
            finder.take_all(*message, path + "/message", "assistant", false);
        }
        finder.take_member(*choice, "text", path, "assistant");
    }
    return std::move(finder.found);
}

std::vector<Text> delta_texts(json::value& choice) {
    Finder finder;
    auto* object = choice.if_object();
    if (!object) return {};
    const auto* index = object->if_contains("index");
    const auto* number = index ? index->if_int64() : nullptr;
    const std::string path = "/choices/" + std::to_string(number ? *number : 0);
    if (auto* delta = object->if_contains("delta")) {
        finder.take_all(*delta, path + "/delta", "assistant", true);
    }
    finder.take_member(*object, "text", path, "assistant");
    return std::move(finder.found);
}

std::vector<bay_text> views(const std::vector<Text>& texts) {
    std::vector<bay_text> all;
    all.reserve(texts.size());
    for (const Text& text : texts) {
        all.push_back({{text.path.data(), text.path.size()},
                       {text.role.data(), text.role.size()},
                       {text.copy.data(), text.copy.size()},
                       0});
    }
    return all;
}

void drop_logprobs(json::value& choice) {
    auto* object = choice.if_object();
    auto* logprobs = object ? object->if_contains("logprobs") : nullptr;
    if (logprobs) *logprobs = nullptr;
}

}  // namespace patchbay::guard
