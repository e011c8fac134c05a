#include "embedding_inputs.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

json::array one(json::value value) {
    json::array list;
    list.push_back(std::move(value));
    return list;
}

constexpr std::string_view kPicture = "data:image/";

json::value content_of(const json::value& text) {
    const bool picture = std::string_view(text.get_string()).starts_with(kPicture);
    const char* const type = picture ? "image_base64" : "text";
    return json::object{{"content", one(json::object{{"type", type}, {type, text}})}};
}

/// The data URL of a picture as an object; anything else as it is.
json::value image_or(json::value element) {
    const auto* text = element.if_string();
    const std::string_view url = text ? std::string_view(*text) : std::string_view();
    if (!url.starts_with(kPicture)) return element;
    return json::object{{"image", url.substr(url.find(',') + 1)}};
}

/// What is neither a text nor in the form already is null.
json::value element_of(InputForm form, const json::value& given) {
    if (given.is_string()) {
        return form == InputForm::documents ? json::value(one(given)) : content_of(given);
    }
    const bool own = form == InputForm::documents ? given.is_array() : given.is_object();
    return own ? given : json::value();
}

}  // namespace

const InputRule* find_input_rule(const OperationRule* rule, std::string_view model) {
    if (rule == nullptr) return nullptr;
    const auto found =
        std::find_if(rule->inputs.begin(), rule->inputs.end(), [&](const InputRule& row) {
            return std::any_of(row.match.begin(), row.match.end(), [&](const std::string& pattern) {
                return glob_match(pattern, model);
            });
        });
    return found != rule->inputs.end() ? &*found : nullptr;
}

std::optional<std::string> inputs_of(InputForm form, std::string_view input) {
    auto parsed = shared::parse_json(input);
    if (!parsed) return std::nullopt;
    const json::array given = parsed->is_array() ? parsed->get_array() : one(*parsed);
    json::array inputs;
    for (const json::value& element : given) {
        inputs.push_back(element_of(form, element));
        if (inputs.back().is_null()) return std::nullopt;
    }
    if (inputs.empty()) return std::nullopt;
    return shared::to_text(inputs);
}

std::optional<std::string> input_of(InputList list, std::string_view input) {
    const bool text = input.starts_with('"');
    const bool pictures = list == InputList::list_with_images && shared::mentions(input, kPicture);
    if (list == InputList::keep || !(text || pictures)) return std::nullopt;
    if (!pictures) return std::string("[").append(input).append("]");
    auto parsed = shared::parse_json(input);
    if (!parsed) return std::nullopt;
    json::array elements = parsed->is_array() ? std::move(parsed->get_array()) : one(*parsed);
    for (json::value& element : elements) element = image_or(std::move(element));
    return shared::to_text(elements);
}

}  // namespace patchbay::openai
