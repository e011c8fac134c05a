#include "action_fields.hpp"

#include <utility>

#include <boost/json.hpp>

#include "action.hpp"
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

boost::json::object verdict_error_fields(const bay_error& e) {
    boost::json::object fields = error_fields(e);
    boost::json::value message = json_tree::read(sv(e.message)).value;
    if (message.is_object()) fields["message"] = std::move(message);
    return fields;
}

bool is_json(std::string_view text) {
    return static_cast<bool>(json_tree::read(text));
}

}  // namespace patchbay::transcript
