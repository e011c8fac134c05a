#include "tool_results.hpp"

#include <algorithm>
#include <utility>

#include "call_state.hpp"

namespace patchbay::google {

namespace {

bool is_text_part(const json::value& part) {
    return part.get_object().contains("text");
}

// In a functionResponse "$ref" names one of its parts, and Gemini refuses what names none: a result that
// is a schema of its own is not told as an object.
bool has_reference(const json::value& value) {
    if (const auto* list = value.if_array()) {
        return std::any_of(list->begin(), list->end(), has_reference);
    }
    const auto* object = value.if_object();
    if (!object) return false;
    return object->contains("$ref") ||
           std::any_of(object->begin(), object->end(),
                       [](const auto& member) { return has_reference(member.value()); });
}

json::object response_of(const json::array& parts, bool is_error) {
    std::string words;
    for (const auto& part : parts) {
        if (is_text_part(part)) json_tree::join(words, text(part.get_object(), "text"));
    }
    if (is_error) return {{"error", words}};
    const auto read = parse_json(words);
    if (read && read->is_object() && !is_number(*read) && !has_reference(*read)) {
        return read->get_object();
    }
    return {{"content", words}};
}

}  // namespace

void ToolResults::call(std::string_view id, std::string_view name) {
    const std::size_t at = calls_.size();
    calls_.push_back({std::string(id), std::string(name)});
    by_id_[calls_.back().id].insert(at);
    by_name_[calls_.back().name].insert(at);
}

// The last turn's first: some clients count their ids anew in each turn.
std::optional<std::size_t> ToolResults::find_call(std::string_view id,
                                                  std::string_view name) const {
    const Open& open = id.empty() ? by_name_ : by_id_;
    const auto fit = open.find(id.empty() ? name : id);
    if (fit == open.end() || fit->second.empty()) return std::nullopt;
    const auto of_turn = fit->second.lower_bound(turn_);
    return of_turn != fit->second.end() ? *of_turn : *fit->second.begin();
}

Result<void> ToolResults::add(const json::object& message, std::size_t index) {
    json::array parts;
    auto read = append_content(find(message, "content"), index, context_, parts);
    if (!read) return read;
    const auto id = plain_id(text(message, "tool_call_id"));
    const auto at = find_call(id, text(message, "name"));
    if (!at) {
        for (auto& part : parts) behind_.push_back(std::move(part));
        return {};
    }
    const auto& call = calls_[*at];
    by_id_[call.id].erase(*at);
    by_name_[call.name].erase(*at);
    json::object result{{"name", names_.upstream(call.name)},
                        {"response", response_of(parts, is_true(&message, "is_error"))}};
    json::array media;
    for (auto& part : parts) {
        if (!is_text_part(part)) media.push_back(std::move(part));
    }
    if (context_.traits.third) {
        if (!call.id.empty()) result["id"] = call.id;
        if (!media.empty()) result["parts"] = std::move(media);
    } else {
        for (auto& part : media) media_.push_back(std::move(part));
    }
    made_.push_back({*at, {{"function_response", std::move(result)}}});
    return {};
}

json::array ToolResults::take() {
    std::stable_sort(made_.begin(), made_.end(),
                     [](const Made& a, const Made& b) { return a.order < b.order; });
    json::array parts;
    for (auto& made : made_) parts.emplace_back(std::move(made.part));
    for (auto* others : {&media_, &behind_}) {
        for (auto& part : *others) parts.push_back(std::move(part));
        others->clear();
    }
    made_.clear();
    return parts;
}

}  // namespace patchbay::google
