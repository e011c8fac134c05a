#include "contract/texts/document_texts.hpp"

#include <utility>

#include "contract/json/control_params.hpp"
#include "contract/json/json_reader.hpp"
#include "contract/texts/argument_text.hpp"
#include "contract/texts/pointer.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::guard {

namespace {

/// What is known of the place where a value stands.
struct Place {
    std::string_view name;  ///< of the member it is in, through arrays; "" = says nothing
    std::string_view role;
    Naming naming = Naming::api;  ///< of the members of an object here
};

class Finder {
  public:
    Finder(std::string_view document, DocumentKind kind)
        : document_(document), kind_(kind), reader_(document) {}

    bool find() {
        reader_.skip_space();
        const bool object = reader_.peek() == '{';
        const bool read = !object                         ? value({})
                          : kind_ == DocumentKind::answer ? answer()
                                                          : request();
        if (!read) return false;
        reader_.skip_space();
        return reader_.at_end() || reader_.refuse("the end expected");
    }

    std::string error() const {
        return std::string(reader_.what()) + " at byte " + std::to_string(reader_.at());
    }

    DocumentTexts found;

  private:
    bool of_answer() const { return kind_ == DocumentKind::answer; }

    /// Calls visit(name, raw) at the value of each member of the object here, which it must step
    /// over; `name` is decoded, `raw` is not.
    template <typename Visit>
    bool members(Visit visit) {
        if (depth_ == json_tree::kMaxDepth) return reader_.refuse("nested too deeply");
        ++depth_;
        reader_.take('{', "");
        reader_.skip_space();
        std::string decoded;
        while (reader_.peek() != '}') {
            const std::size_t begin = reader_.at();
            if (!reader_.take_string()) return false;
            const std::string_view raw = document_.substr(begin + 1, reader_.at() - begin - 2);
            decoded.clear();
            json_tree::append_decoded(raw, decoded);
            reader_.skip_space();
            if (!reader_.take(':', "':' expected")) return false;
            reader_.skip_space();
            const PathStep step(
                path_, json_tree::has_half(decoded) ? json_tree::to_utf8(decoded) : decoded);
            if (!visit(std::string_view(decoded), raw)) return false;
            reader_.skip_space();
            if (reader_.peek() == '}') break;
            if (!reader_.take(',', "',' or '}' expected")) return false;
            reader_.skip_space();
            if (reader_.peek() != '"') return reader_.refuse("a member name expected");
        }
        --depth_;
        return reader_.take('}', "");
    }

    /// The same for the elements of the array here.
    template <typename Visit>
    bool elements(Visit visit) {
        if (depth_ == json_tree::kMaxDepth) return reader_.refuse("nested too deeply");
        ++depth_;
        reader_.take('[', "");
        reader_.skip_space();
        for (std::size_t i = 0; reader_.peek() != ']'; ++i) {
            reader_.skip_space();
            const PathStep step(path_, std::to_string(i));
            if (!visit()) return false;
            reader_.skip_space();
            if (reader_.peek() == ']') break;
            if (!reader_.take(',', "',' or ']' expected")) return false;
            reader_.skip_space();
            if (reader_.peek() == ']') return reader_.refuse("a value expected");
        }
        --depth_;
        return reader_.take(']', "");
    }

    bool value(const Place& place) {
        switch (reader_.peek()) {
            case '{':
                return object(place);
            case '[':
                return elements([&] { return value(place); });
            case '"':
                return string(place, change_of(place.name));
            default:
                return reader_.take_value();
        }
    }

    /// The same as members(), and the names that the client has chosen are a text, too.
    template <typename Visit>
    bool named_members(const Place& place, Visit visit) {
        std::string names;
        const bool chosen = place.naming != Naming::api;
        const bool read = members([&](std::string_view name, std::string_view raw) {
            if (chosen || !is_plain_name(name)) (names += name) += '\n';
            return visit(name, raw);
        });
        if (!names.empty() && !of_answer()) {
            names.pop_back();
            found.texts.push_back({path_, std::string(place.role), json_tree::to_utf8(names),
                                   reader_.at(), reader_.at(), Change::none});
        }
        return read;
    }

    bool object(const Place& place) {
        return named_members(place, [&](std::string_view name, std::string_view) {
            return value(inside(place, name));
        });
    }

    Place inside(const Place& place, std::string_view name) const {
        switch (place.naming) {
            case Naming::api:
                // `input` at the top is what a model is asked, further in what a tool was.
                return {name, place.role,
                        depth_ == 1 && name == "input" ? Naming::api : naming_below(name)};
            case Naming::client:
                return {{}, place.role, Naming::api};
            default:
                return {{}, place.role, Naming::anything};
        }
    }

    bool string(const Place& place, Change change) {
        const std::size_t begin = reader_.at();
        if (!reader_.take_string()) return false;
        const std::size_t end = reader_.at();
        std::string text;
        json_tree::append_decoded(document_.substr(begin + 1, end - begin - 2), text);
        const Side side = of_answer() ? Side::answer : Side::request;
        if (text.empty() || is_structure(side, place.name, text)) return true;
        if (json_tree::has_half(text)) text = json_tree::to_utf8(text);
        if (place.name == "arguments") text = shown_arguments(std::move(text));
        // In a log a name is as good as any other text, and so it is in an answer.
        if (kind_ != DocumentKind::request) change = Change::free;
        found.texts.push_back(
            {path_, std::string(place.role), std::move(text), begin, end, change});
        return true;
    }

    bool request() {
        return named_members({}, [&](std::string_view name, std::string_view raw) {
            if (kind_ == DocumentKind::request && is_control_param(raw)) {
                return reader_.take_value();
            }
            if (name == "messages" && reader_.peek() == '[') {
                return elements([&] { return reader_.peek() == '{' ? message() : value({}); });
            }
            const bool asked = name == "prompt" || name == "input";
            return value(inside({{}, asked ? "user" : "", Naming::api}, name));
        });
    }

    bool message() {
        const std::size_t first = found.texts.size();
        std::string role;
        const bool read = named_members({}, [&](std::string_view name, std::string_view) {
            if (name == "name" && reader_.peek() == '"') return string({}, Change::label);
            const std::size_t begin = reader_.at();
            const bool is_role = name == "role" && reader_.peek() == '"';
            if (!value(inside({}, name))) return false;
            if (is_role) {
                role.clear();
                const auto inner = document_.substr(begin + 1, reader_.at() - begin - 2);
                json_tree::append_decoded(inner, role);
            }
            return true;
        });
        if (role == "developer") role = "system";
        if (role == "function") role = "tool";
        if (role != "system" && role != "user" && role != "assistant" && role != "tool") role = "";
        for (std::size_t i = first; i < found.texts.size(); ++i) found.texts[i].role = role;
        return read;
    }

    bool answer() {
        return members([&](std::string_view name, std::string_view) {
            if (name != "choices" || reader_.peek() != '[') return reader_.take_value();
            return elements(
                [&] { return reader_.peek() == '{' ? choice() : reader_.take_value(); });
        });
    }

    bool choice() {
        return members([&](std::string_view name, std::string_view) {
            if (name == "message" || (name == "text" && reader_.peek() == '"')) {
                return value(inside({{}, "assistant", Naming::api}, name));
            }
            const std::size_t begin = reader_.at();
            if (!reader_.take_value()) return false;
            if (name == "logprobs") found.logprobs.push_back({begin, reader_.at()});
            return true;
        });
    }

    std::string_view document_;
    DocumentKind kind_;
    JsonReader reader_;
    std::string path_;
    unsigned depth_ = 0;
};

}  // namespace

Result<DocumentTexts> find_texts(std::string_view document, DocumentKind kind) {
    Error error;
    error.cls = ErrorClass::bad_request;
    if (!json_tree::is_utf8(document)) {
        error.message = "the document is not UTF-8";
        return error;
    }
    Finder finder(document, kind);
    if (!finder.find()) {
        error.message = "the document cannot be read: " + finder.error();
        return error;
    }
    return std::move(finder.found);
}

}  // namespace patchbay::guard
