// SPDX-License-Identifier: Apache-2.0
#include "nova_call.hpp"

#include <array>
#include <utility>

namespace patchbay::bedrock {

namespace {

constexpr std::string_view kFields = "additionalModelRequestFields";
constexpr std::string_view kConfig = "inferenceConfig";
constexpr std::string_view kReasoning = "reasoningConfig";

// InvokeModel has nothing that says the same.
constexpr std::array<std::string_view, 3> kConverseAlone{"additionalModelResponseFieldPaths",
                                                         "promptVariables", "requestMetadata"};

void add_fields(json::object& fields, json::object& body) {
    auto& config = body[kConfig];
    if (!config.is_object()) config = json::object();
    for (auto& [name, value] : fields) {
        auto* more = value.if_object();
        if (name == kConfig && more) {
            for (auto& [inner, said] : *more) config.get_object()[inner] = std::move(said);
        } else if (name == kReasoning) {
            config.get_object()[kReasoning] = std::move(value);
        } else {
            body[name] = std::move(value);
        }
    }
}

}  // namespace

NovaCall nova_call(std::string_view converse_request, bay::Dropped& dropped) {
    auto parsed = parse_json(converse_request);
    auto* body = parsed ? parsed->if_object() : nullptr;
    if (!body) return {};
    NovaCall call{{}, take_headers(*body)};
    json::object fields;
    if (auto* given = find_object(*body, kFields)) fields = std::move(*given);
    body->erase(kFields);
    for (const auto name : kConverseAlone) {
        if (body->erase(name) != 0) dropped.add(name);
    }
    add_fields(fields, *body);
    call.body = to_text(*parsed);
    return call;
}

}  // namespace patchbay::bedrock
