#include "picture_inputs.hpp"

#include <algorithm>
#include <utility>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"

namespace patchbay::azure {

namespace json = shared::json;

namespace {

constexpr std::string_view kPicture = "data:image/";

bool is_picture(const json::value& input) {
    return input.is_string() && std::string_view(input.get_string()).starts_with(kPicture);
}

std::string_view input_of(const bay_ev_request& request) {
    return bay::Splice(request).value("input");
}

}  // namespace

std::optional<std::string> picture_inputs(const bay_ev_request& request) {
    const std::string_view given = input_of(request);
    if (!shared::mentions(given, kPicture)) return std::nullopt;
    auto input = shared::parse_json(given);
    if (input && input->is_string()) input = json::array{std::move(*input)};
    json::array* list = input ? input->if_array() : nullptr;
    if (list == nullptr || !std::all_of(list->begin(), list->end(), is_picture)) {
        return std::nullopt;
    }
    for (json::value& one : *list) one = json::object{{"image", std::move(one)}};
    return json_tree::write(*input);
}

PictureEmbeddings::PictureEmbeddings(const openai::Dialect& dialect)
    : PassExchange(dialect, *openai::find_pass_operation(BAY_OP_EMBEDDINGS)) {}

std::optional<openai::Refusal> PictureEmbeddings::write(const bay_ev_request& request,
                                                        bay::HttpRequest& call, bay::Out out) {
    const auto inputs = picture_inputs(request);
    body_.emplace(request);
    bay::Dropped dropped;
    auto refusal = openai::write_pass_body(request, dialect_, operation_, *body_, &dropped);
    if (refusal) return refusal;
    if (inputs) body_->set("input", *inputs);
    dropped.tell(out);
    call.body(body_->segments());
    return std::nullopt;
}

}  // namespace patchbay::azure
