#include "action_fields.hpp"

#include <utility>

#include <boost/json.hpp>

#include "action.hpp"
#include "contract/actions/abi_values.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {

using bay::sv;

boost::json::object usage_fields(const bay_usage& u) {
    return {{"input_tokens", u.input_tokens},
            {"output_tokens", u.output_tokens},
            {"cached_input_tokens", u.cached_input_tokens},
            {"cache_write_tokens", u.cache_write_tokens},
            {"reasoning_tokens", u.reasoning_tokens},
            {"audio_input_tokens", u.audio_input_tokens},
            {"audio_output_tokens", u.audio_output_tokens},
            {"units", u.units},
            {"images", u.images},
            {"milliseconds", u.milliseconds},
            {"characters", u.characters},
            {"searches", u.searches},
            {"cache_write_1h_tokens", u.cache_write_1h_tokens},
            {"image_input_tokens", u.image_input_tokens},
            {"image_output_tokens", u.image_output_tokens},
            {"tier", sv(u.tier)}};
}

boost::json::object error_fields(const bay_error& e) {
    return {{"cls", error_class(e.cls)},
            {"http_status", e.http_status},
            {"retry", e.retry},
            {"retry_after_ms", e.retry_after_ms},
            {"upstream_status", e.upstream_status},
            {"message", sv(e.message)},
            {"type", sv(e.type)},
            {"code", sv(e.code)},
            {"param", sv(e.param)},
            {"upstream_body", sv(e.upstream_body)}};
}

const char* decision_name(std::uint32_t decision) {
    switch (decision) {
        case BAY_ALLOW:
            return "allow";
        case BAY_MODIFY:
            return "modify";
        case BAY_HOLD:
            return "hold";
        default:
            return "block";
    }
}

boost::json::object verdict_fields(const bay_verdict& verdict, std::span<const std::string> paths) {
    boost::json::object fields;
    if (!sv(verdict.reason).empty()) fields["reason"] = sv(verdict.reason);
    if (std::string_view(decision_name(verdict.decision)) == "block" && verdict.error) {
        const bay_error error = complete(*verdict.error);
        boost::json::object& told = fields["error"].emplace_object() = error_fields(error);
        boost::json::value message = json_tree::read(sv(error.message)).value;
        if (message.is_object()) told["message"] = std::move(message);
    }
    if (verdict.decision != BAY_MODIFY) return fields;
    if (!sv(verdict.json).empty()) fields["json"] = json_tree::read(sv(verdict.json)).value;
    boost::json::array& edits = fields["edits"].emplace_array();
    for (std::uint64_t i = 0; i < verdict.edit_count; ++i) {
        const bay_edit& edit = verdict.edits[i];
        boost::json::object shown{{"index", edit.index}};
        if (edit.index < paths.size()) shown["path"] = paths[edit.index];
        shown["text"] = nullptr;
        if (bay::present(edit.text)) shown["text"] = sv(edit.text);
        shown["hold"] = edit.hold;
        edits.push_back(std::move(shown));
    }
    return fields;
}

bool is_json(std::string_view text) {
    return static_cast<bool>(json_tree::read(text));
}

}  // namespace patchbay::transcript
