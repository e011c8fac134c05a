#include "error_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::shared {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxRead = 64 * 1024;
constexpr std::size_t kMaxPlainText = 4 * 1024;
constexpr int kMaxWrapped = 3;  ///< errors in errors in errors

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

std::optional<json::value> parse(std::string_view text) {
    json_tree::Tree tree = json_tree::read(text);
    if (!tree) return std::nullopt;
    return std::move(tree.value);
}

const json::value* find(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

std::string text_of(const json::value* value) {
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(std::string_view(value->get_string()));
    return json_tree::write(*value);
}

/// The text without what stands between quotes, which begin and end a word: the apostrophe of
/// "model's" is none.
std::string without_quoted(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char quote = text[at];
        const bool opens =
            (quote == '\'' || quote == '"' || quote == '`') && (at == 0 || !letter(text[at - 1]));
        std::size_t end = opens ? text.find(quote, at + 1) : std::string_view::npos;
        while (end != std::string_view::npos && end + 1 < text.size() && letter(text[end + 1])) {
            end = text.find(quote, end + 1);
        }
        if (end == std::string_view::npos) {
            out += quote;
        } else {
            at = end;
        }
    }
    return out;
}

int as_status(const json::value* value) {
    if (value == nullptr) return 0;
    const std::string text = text_of(value);
    int number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = wrong == std::errc() && end == text.data() + text.size();
    return whole && number >= 400 && number <= 599 ? number : 0;
}

/// FastAPI's list of what is wrong with a request: its "input" repeats what was sent.
std::string joined_details(const json::array& details) {
    std::string out;
    for (const json::value& detail : details) {
        const json::object* object = detail.if_object();
        const json::value* message = object != nullptr ? find(*object, "msg") : nullptr;
        if (message == nullptr && object != nullptr) message = find(*object, "message");
        if (message == nullptr && !detail.is_string()) continue;
        if (!out.empty()) out += "; ";
        const json::value* place = object != nullptr ? find(*object, "loc") : nullptr;
        if (place != nullptr && message != nullptr) out += json_tree::write(*place) + ": ";
        out += text_of(message != nullptr ? message : &detail);
    }
    return out;
}

std::string message_of(const json::value& value) {
    if (value.is_string()) return text_of(&value);
    if (const json::array* details = value.if_array()) return joined_details(*details);
    const json::object* object = value.if_object();
    if (object == nullptr) return text_of(&value);
    for (const std::string_view name :
         {"message", "detail", "msg", "error_message", "error_msg", "status_msg", "error"}) {
        const json::value* found = find(*object, name);
        if (found == nullptr || !says_something(*found)) continue;
        if (std::string text = message_of(*found); !text.empty()) return text;
    }
    return {};
}

class Reader {
  public:
    explicit Reader(ErrorText& out) : out_(out) {}

    /// A whole document; false if it is none that an error could be read from.
    bool document(const json::value& value, int wrapped) {
        const json::value* top = &value;
        if (const json::array* list = top->if_array()) {
            if (list->empty()) return false;
            top = &list->front();
        }
        const json::object* object = top->if_object();
        if (object == nullptr) return false;
        const json::value* error = find(*object, "error");
        if (error == nullptr) error = find(*object, "errors");
        if (error != nullptr && !says_something(*error)) error = nullptr;
        if (wrapped == 0) out_.error_member = error != nullptr;
        if (error == nullptr) error = find(*object, "base_resp");
        const json::array* list = error != nullptr ? error->if_array() : nullptr;
        if (list != nullptr && !list->empty()) error = &list->front();
        if (const json::object* own = error != nullptr ? error->if_object() : nullptr) {
            error_object(*own, *error, wrapped);
        } else {
            // {"code": "...", "error": "text"}, or no error member at all.
            error_object(*object, error != nullptr ? *error : json::value(*object), wrapped);
        }
        return true;
    }

    void plain(std::string_view text) { words(text, 0); }

  private:
    void error_object(const json::object& error, const json::value& message, int wrapped) {
        const std::string text = message_of(message);
        if (wrapped == 0) {
            out_.message = text;
            out_.type = text_of(find(error, "type"));
            out_.code = text_of(find(error, "code"));
            out_.param = text_of(find(error, "param"));
            for (const std::string_view name : {"code", "status", "status_code", "error_code"}) {
                if (out_.status == 0) out_.status = as_status(find(error, name));
            }
        }
        for (const std::string_view name : {"code", "type", "status", "error_code", "reason"}) {
            add_name(find(error, name));
        }
        // Azure's own word for what its general one means.
        if (const json::value* own = find(error, "innererror"); own && own->is_object()) {
            add_name(find(own->get_object(), "code"));
        }
        if (const json::value* details = find(error, "details"); details && details->is_array()) {
            for (const json::value& detail : details->get_array()) {
                if (detail.is_object()) add_name(find(detail.get_object(), "reason"));
            }
        }
        words(text, wrapped);
        const json::value* metadata = find(error, "metadata");
        if (metadata == nullptr || !metadata->is_object()) return;
        const json::value* raw = find(metadata->get_object(), "raw");
        if (raw == nullptr) return;
        if (raw->is_string()) {
            inner(std::string_view(raw->get_string()), wrapped);
        } else if (wrapped < kMaxWrapped) {
            document(*raw, wrapped + 1);
        }
    }

    void add_name(const json::value* value) {
        if (value == nullptr || !value->is_string() || value->get_string().empty()) return;
        out_.names.push_back(lower(std::string_view(value->get_string())));
    }

    /// The message, and an error object inside of it.
    void words(std::string_view text, int wrapped) {
        if (!out_.words.empty()) out_.words += '\n';
        if (inner(text, wrapped)) text = text.substr(0, text.find('{'));
        out_.words += lower(without_quoted(text));
    }

    bool inner(std::string_view text, int wrapped) {
        const auto begin = text.find('{');
        const auto end = text.rfind('}');
        if (wrapped >= kMaxWrapped || begin == std::string_view::npos ||
            end == std::string_view::npos || end < begin) {
            return false;
        }
        const auto value = parse(text.substr(begin, end - begin + 1));
        return value && document(*value, wrapped + 1);
    }

    ErrorText& out_;
};

}  // namespace

bool says_something(const json::value& value) {
    if (const json::object* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(),
                           [](const auto& member) { return says_something(member.value()); });
    }
    if (value.is_array()) return !value.get_array().empty();
    if (value.is_string()) return !value.get_string().empty();
    return !value.is_null() && value != json::value(false) && value != json::value(0);
}

ErrorText read_error(std::string_view body) {
    ErrorText out;
    Reader reader(out);
    body = body.substr(0, kMaxRead);
    const auto value = parse(body);
    if (value && reader.document(*value, 0)) return out;
    // A page, or a document that cannot be read, may repeat anything anywhere.
    const auto first = body.find_first_not_of(" \t\r\n");
    const bool text = first != std::string_view::npos && body[first] != '<' && body[first] != '{' &&
                      body[first] != '[';
    if (text) reader.plain(body.substr(0, kMaxPlainText));
    return out;
}

}  // namespace patchbay::shared
