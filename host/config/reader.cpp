#include "config/reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "config/header_text.hpp"
#include "config/reference.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kWholeNumber = "a whole number, 0 or more";
constexpr std::string_view kNumber = "a number, 0 or more";
constexpr std::string_view kSeconds = "a number of seconds, 0 or more";
constexpr std::string_view kBoolean = "true or false";
constexpr double kMaxSeconds = 1e9;  ///< some thirty years; far from overflowing milliseconds

std::optional<double> as_double(const ScalarValue& value) {
    if (const auto* held = std::get_if<std::int64_t>(&value)) return static_cast<double>(*held);
    if (const auto* held = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*held);
    if (const auto* held = std::get_if<double>(&value)) return *held;
    return std::nullopt;
}

/// Text in a place that wants something else: what the text would be without quotes.
ScalarValue unquoted(ScalarValue value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || text->empty()) return value;
    return type_scalar(*text);
}

/// The one conversion LiteLLM makes wherever a variable is read; "yes" and "on" stay text.
bool spells_true_or_false(const ScalarValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && text->size() >= 4 && std::holds_alternative<bool>(type_scalar(*text));
}

/// After the name of a key.
constexpr const char* kNoHeader =
    ": a control character stands in it, which no HTTP header can carry";

}  // namespace

std::string_view kind_name(const ScalarValue& value) {
    if (std::holds_alternative<std::monostate>(value)) return "nothing";
    if (std::holds_alternative<bool>(value)) return "true or false";
    if (std::holds_alternative<std::string>(value)) return "text";
    return "a number";
}

std::string_view kind_name(const yaml::Node& node) {
    switch (node.kind) {
        case yaml::Node::Kind::null:
            return "nothing";
        case yaml::Node::Kind::list:
            return "a list";
        case yaml::Node::Kind::map:
            return "a mapping";
        case yaml::Node::Kind::scalar:
            break;
    }
    return node.plain ? kind_name(type_scalar(node.text)) : "text";
}

std::string Entry::quoted() const {
    std::string text = "`";
    if (!section.empty()) text.append(section).append(".");
    return text.append(key->text).append("`");
}

Place Entry::place() const {
    return value->kind == yaml::Node::Kind::null ? key->place() : value->place();
}

void Reader::wrong(const std::string& what, const Place& place, std::string_view expected,
                   std::string_view found) {
    std::string message = what;
    message.append(": expected ").append(expected).append(", found ").append(found);
    if (expected == "text" && (found == "a number" || found == "true or false")) {
        message.append(" (put it in quotes)");
    }
    problems_.error(place, std::move(message));
}

void Reader::wrong(const Entry& entry, std::string_view expected) {
    wrong(entry.quoted(), entry.place(), expected, kind_name(*entry.value));
}

bool Reader::is_map(const Entry& entry) {
    if (entry.value->kind == yaml::Node::Kind::map) return true;
    if (entry.value->kind != yaml::Node::Kind::null) wrong(entry, "a mapping");
    return false;
}

bool Reader::is_list(const Entry& entry) {
    if (entry.value->kind == yaml::Node::Kind::list) return true;
    if (entry.value->kind != yaml::Node::Kind::null) wrong(entry, "a list");
    return false;
}

void Reader::unresolved(const yaml::Node& node, std::string message) {
    if (unresolved_ == nullptr) return problems_.error(node.place(), std::move(message));
    unresolved_->push_back({node.place(), std::move(message)});
}

std::optional<Reader::Scalar> Reader::scalar(const yaml::Node& node) {
    if (node.kind == yaml::Node::Kind::null) return Scalar{};
    if (const auto reference = parse_reference(node.text)) {
        if (reference->token_source) {
            unresolved(node,
                       "`oidc/` references are known to LiteLLM but not done by Patchbay yet");
            return std::nullopt;
        }
        auto value = environment_(reference->variable);
        if (!value) {
            unresolved(node, unset_message(reference->variable));
            return std::nullopt;
        }
        const std::string_view text = without_blank_ends(*value);
        return Scalar{std::string(text), true, text.size() != value->size()};
    }
    if (const std::string meant = meant_reference(node.text); !meant.empty()) {
        problems_.warning(node.place(),
                          "this looks like a reference to a variable, but is taken as it stands; "
                          "write `os.environ/" +
                              meant + "`");
    }
    if (!node.plain) return Scalar{node.text};
    return Scalar{type_scalar(node.text)};
}

std::string Reader::trimmed(const Entry& entry, const Place& place, std::string text) {
    const std::string_view kept = without_blank_ends(text);
    // A block of YAML (`key: |`) ends with a line end, which nobody means.
    const std::size_t lines = std::min(text.find_last_not_of("\r\n") + 1, text.size());
    if (kept.size() != lines) {
        problems_.warning(place, entry.quoted() + ": blanks at the ends of the text are taken off");
    }
    return std::string(kept);
}

void Reader::read(const Entry& entry, std::optional<bool>& target) {
    if (entry.value->kind > yaml::Node::Kind::scalar) return wrong(entry, kBoolean);
    auto found = scalar(*entry.value);
    if (!found || std::holds_alternative<std::monostate>(found->value)) return;
    const ScalarValue value = unquoted(found->value);
    if (const auto* held = std::get_if<bool>(&value)) {
        target = *held;
    } else if (const auto* number = std::get_if<std::int64_t>(&value);
               number != nullptr && (*number == 0 || *number == 1)) {
        target = *number == 1;
    } else {
        wrong(entry.quoted(), entry.place(), kBoolean, kind_name(found->value));
    }
}

void Reader::read(const Entry& entry, bool& target) {
    std::optional<bool> value;
    read(entry, value);
    target = value.value_or(target);
}

std::optional<double> Reader::number(const Entry& entry, std::string_view expected) {
    if (entry.value->kind > yaml::Node::Kind::scalar) {
        wrong(entry, expected);
        return std::nullopt;
    }
    auto found = scalar(*entry.value);
    if (!found || std::holds_alternative<std::monostate>(found->value)) return std::nullopt;
    const auto value = as_double(unquoted(found->value));
    if (value && *value >= 0) return value;
    wrong(entry.quoted(), entry.place(), expected,
          value ? "a negative number" : kind_name(found->value));
    return std::nullopt;
}

std::optional<std::int64_t> Reader::whole_number(const Entry& entry, std::int64_t most) {
    const auto value = number(entry, kWholeNumber);
    if (!value) return std::nullopt;
    if (*value != std::floor(*value)) {
        wrong(entry.quoted(), entry.place(), kWholeNumber, "a fraction");
        return std::nullopt;
    }
    if (*value > static_cast<double>(most)) {
        wrong(entry.quoted(), entry.place(), kWholeNumber, "a number that is too large");
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*value);
}

void Reader::read(const Entry& entry, std::optional<int>& target) {
    const auto value = whole_number(entry, std::numeric_limits<int>::max());
    if (value) target = static_cast<int>(*value);
}

void Reader::read(const Entry& entry, std::optional<std::int64_t>& target) {
    constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;
    const auto value = whole_number(entry, kExactInDouble);
    if (value) target = *value;
}

void Reader::read(const Entry& entry, std::optional<double>& target) {
    const auto value = number(entry, kNumber);
    if (value) target = *value;
}

void Reader::read(const Entry& entry, std::optional<std::chrono::milliseconds>& target) {
    const auto value = number(entry, kSeconds);
    if (!value) return;
    if (*value > kMaxSeconds) {
        return wrong(entry.quoted(), entry.place(), kSeconds, "a number that is too large");
    }
    target = std::chrono::milliseconds(std::llround(*value * 1000));
}

void Reader::read(const Entry& entry, std::chrono::milliseconds& target) {
    std::optional<std::chrono::milliseconds> value;
    read(entry, value);
    target = value.value_or(target);
}

void Reader::read(const Entry& entry, std::string& target) {
    if (entry.value->kind > yaml::Node::Kind::scalar) return wrong(entry, "text");
    auto found = scalar(*entry.value);
    if (!found || std::holds_alternative<std::monostate>(found->value)) return;
    if (auto* held = std::get_if<std::string>(&found->value)) {
        target = trimmed(entry, entry.place(), std::move(*held));
    } else {
        wrong(entry.quoted(), entry.place(), "text", kind_name(found->value));
    }
}

void Reader::read(const Entry& entry, Secret& target) {
    std::string value;
    read(entry, value);
    // The target has it nevertheless, so that nobody tells of a key that is missing, too.
    if (!fits_header(value)) problems_.error(entry.place(), entry.quoted() + kNoHeader);
    if (!value.empty()) target = Secret(std::move(value));
}

void Reader::read(const Entry& entry, std::vector<std::string>& target) {
    std::vector<PlacedText> texts;
    read(entry, texts);
    if (entry.value->kind == yaml::Node::Kind::null) return;
    target.clear();
    for (PlacedText& text : texts) target.push_back(std::move(text.text));
}

void Reader::read(const Entry& entry, std::vector<PlacedText>& target) {
    constexpr std::string_view kTexts = "a list of text";
    if (entry.value->kind == yaml::Node::Kind::null) return;
    if (entry.value->kind == yaml::Node::Kind::map) return wrong(entry, kTexts);
    const bool one = entry.value->kind == yaml::Node::Kind::scalar;
    const std::vector<const yaml::Node*> items =
        one ? std::vector<const yaml::Node*>{entry.value} : entry.value->items;
    target.clear();
    for (const yaml::Node* item : items) {
        if (item->kind == yaml::Node::Kind::null) continue;
        auto found = item->kind == yaml::Node::Kind::scalar ? scalar(*item) : Scalar{};
        if (!found) continue;
        if (auto* held = std::get_if<std::string>(&found->value)) {
            target.push_back({trimmed(entry, item->place(), std::move(*held)), item->place()});
        } else {
            wrong(entry.quoted(), item->place(), kTexts,
                  std::string(kind_name(*item)) + (one ? "" : " in it"));
        }
    }
}

void Reader::read(const Entry& entry, boost::json::object& target) {
    if (!is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        target[member.key->text] = json(*member.value);
    }
}

boost::json::value Reader::json(const yaml::Node& node, bool wants_number) {
    switch (node.kind) {
        case yaml::Node::Kind::null:
            return nullptr;
        case yaml::Node::Kind::list: {
            boost::json::array array;
            array.reserve(node.items.size());
            for (const yaml::Node* item : node.items) array.push_back(json(*item));
            return array;
        }
        case yaml::Node::Kind::map: {
            boost::json::object object;
            for (const yaml::Member& member : node.members) {
                object[member.key->text] = json(*member.value);
            }
            return object;
        }
        case yaml::Node::Kind::scalar:
            break;
    }
    auto found = scalar(node);
    if (!found) return nullptr;
    const ScalarValue spelled = unquoted(found->value);
    const bool take_spelled = (found->from_variable && spells_true_or_false(found->value)) ||
                              (wants_number && as_double(spelled));
    return scalar_to_json(take_spelled ? spelled : std::move(found->value));
}

boost::json::value Reader::header_json(const Entry& entry) {
    return header_json(entry, *entry.value);
}

boost::json::value Reader::header_json(const Entry& entry, const yaml::Node& node) {
    if (node.kind == yaml::Node::Kind::list) {
        boost::json::array array;
        for (const yaml::Node* item : node.items) array.push_back(header_json(entry, *item));
        return array;
    }
    if (node.kind == yaml::Node::Kind::map) {
        boost::json::object object;
        for (const yaml::Member& member : node.members) {
            object[member.key->text] = header_json(entry, *member.value);
            if (fits_header(member.key->text)) continue;
            problems_.error(member.key->place(), entry.quoted() + kNoHeader);
        }
        return object;
    }
    boost::json::value value = json(node);
    if (!value.is_string()) return value;
    std::string text(value.get_string());
    if (!parse_reference(node.text)) text = trimmed(entry, node.place(), std::move(text));
    if (!fits_header(text)) problems_.error(node.place(), entry.quoted() + kNoHeader);
    return boost::json::string(text);
}

}  // namespace patchbay
