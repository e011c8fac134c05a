#include "engine/surface/gemini/count_tokens.hpp"

#include <patchbay/json_tree.hpp>

#include "engine/surface/gemini/fields.hpp"

namespace patchbay::surface {

Result<GenerateRequest> chat_of_counted(std::string_view body, std::string_view model,
                                        bool drop_params) {
    const auto tree = json_tree::read(body);
    const auto* given = tree ? as_object(&tree.value) : nullptr;
    if (!given) return bad_request("the body must be a JSON object");
    const auto* within = object_field(*given, "generateContentRequest");
    if (!within) return chat_of_generate(body, {model, false}, drop_params);
    return chat_of_generate(json_tree::write(*within), {model, false}, drop_params);
}

}  // namespace patchbay::surface
