#include "assistant.hpp"

#include <string>
#include <utility>

#include "call_state.hpp"
#include "tools.hpp"

namespace patchbay::google {

namespace {

// Base64 of "skip_thought_signature_validator". Google, "Thought signatures", on calls that another
// model made.
constexpr std::string_view kUnsigned = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";
constexpr std::string_view kRawArguments = "arguments";

// Models may write arguments that are no JSON, and they come back in every later turn.
json::object arguments_of(const json::object& function) {
    const auto* given = find(function, "arguments");
    if (!given) return {};
    if (const auto* object = find_object(function, "arguments")) return *object;
    const auto* written = given->if_string();
    if (!written) return {{kRawArguments, to_text(*given)}};
    if (written->find_first_not_of(" \t\r\n") == json::string::npos) return {};
    const auto read = parse_json(view(*written));
    if (read && read->is_object() && !is_number(*read)) return read->get_object();
    if (read && read->is_null()) return {};
    return {{kRawArguments, view(*written)}};
}

json::object call_part(std::string_view name, json::object args, std::string_view id,
                       std::string_view signature) {
    json::object call{{"name", name}, {"args", std::move(args)}};
    if (!id.empty()) call["id"] = id;
    json::object part{{"function_call", std::move(call)}};
    if (!signature.empty()) part["thoughtSignature"] = signature;
    return part;
}

Result<void> append_calls(const json::array& calls, const std::string& place,
                          const ModelTraits& traits, FunctionNames& names, ToolResults& results,
                          json::array& parts) {
    bool first = true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const auto at = place + "[" + std::to_string(i) + "]";
        const auto* call = calls[i].if_object();
        if (!call) return bad_request(at, "must be an object");
        const auto* function = find_object(*call, "function");
        const auto* custom = find_object(*call, "custom");
        if (!function && !custom) return bad_request(at + ".function", "must be an object");
        const auto name = text(function ? function : custom, "name");
        const auto id = plain_id(text(*call, "id"));
        auto signature = signature_of(*call);
        if (signature.empty() && traits.third && first) signature = kUnsigned;
        first = false;
        auto args = function ? arguments_of(*function)
                             : json::object{{kFreeText, text(*custom, kFreeText)}};
        results.call(id, name);
        parts.emplace_back(call_part(names.upstream(name), std::move(args),
                                     traits.third ? id : std::string_view(), signature));
    }
    return {};
}

void sign_text(const json::object& message, json::array& parts) {
    if (parts.empty()) return;
    auto signature = googles_signature(message);
    const auto* own = find_object(message, "provider_specific_fields");
    const auto* signatures = own ? find_array(*own, "thought_signatures") : nullptr;
    if (signature.empty() && signatures && !signatures->empty()) {
        const auto* last = signatures->back().if_string();
        if (last) signature = view(*last);
    }
    if (!signature.empty()) parts.back().as_object()["thoughtSignature"] = signature;
}

}  // namespace

Result<json::array> assistant_parts(const json::object& message, std::size_t index,
                                    PartContext& context, FunctionNames& names,
                                    ToolResults& results) {
    json::array parts;
    auto said = append_content(find(message, "content"), index, context, parts);
    if (!said) return said.error();
    if (find_array(message, "images")) {
        auto shown = append_content(find(message, "images"), index, context, parts);
        if (!shown) return shown.error();
    }
    results.begin_turn();
    const auto place = Place{index, {}}.text(".tool_calls");
    if (const auto* calls = find(message, "tool_calls")) {
        if (!calls->is_array()) return bad_request(place, "must be an array");
        if (calls->get_array().empty()) sign_text(message, parts);
        auto added = append_calls(calls->get_array(), place, context.traits, names, results, parts);
        if (!added) return added.error();
        return parts;
    }
    sign_text(message, parts);
    if (const auto* function = find_object(message, "function_call")) {
        const json::array calls{json::object{{"function", *function}}};
        auto added = append_calls(calls, Place{index, {}}.text(".function_call"), context.traits,
                                  names, results, parts);
        if (!added) return added.error();
    }
    return parts;
}

}  // namespace patchbay::google
