#include "contract/actions/abi_values.hpp"

#include <chrono>

#include <simdjson.h>

#include "contract/json/json_reader.hpp"

namespace patchbay {

Error to_error(const bay_error& from) {
    Error error;
    if (from.cls <= static_cast<std::uint32_t>(ErrorClass::unsupported)) {
        error.cls = static_cast<ErrorClass>(from.cls);
    }
    if (from.http_status >= 400 && from.http_status <= 599) error.http_status = from.http_status;
    if (from.retry <= BAY_RETRY_OTHER) error.retry = static_cast<RetryHint>(from.retry);
    if (from.retry_after_ms != 0)
        error.retry_after = std::chrono::milliseconds(from.retry_after_ms);
    error.upstream_status = from.upstream_status;
    error.message = view(from.message).substr(0, kMaxErrorText);
    error.type = view(from.type).substr(0, kMaxErrorText);
    error.code = view(from.code).substr(0, kMaxErrorText);
    error.param = view(from.param).substr(0, kMaxErrorText);
    error.upstream_body = view(from.upstream_body).substr(0, kMaxErrorText);
    return error;
}

Usage to_usage(const bay_usage& from) {
    Usage usage;
    usage.prompt = from.input_tokens;
    usage.completion = from.output_tokens;
    usage.total = from.input_tokens + from.output_tokens;
    usage.cached = from.cached_input_tokens;
    usage.cache_creation = from.cache_write_tokens;
    usage.reasoning = from.reasoning_tokens;
    usage.audio_prompt = from.audio_input_tokens;
    usage.audio_completion = from.audio_output_tokens;
    usage.cache_creation_1h = from.cache_write_1h_tokens;
    usage.image_prompt = from.image_input_tokens;
    usage.image_completion = from.image_output_tokens;
    usage.images = from.images;
    usage.milliseconds = from.milliseconds;
    usage.characters = from.characters;
    usage.searches = from.searches;
    usage.tier = service_tier(view(from.tier));
    return usage;
}

bool valid_json(std::string_view json) {
    JsonReader reader(json);
    if (!reader.take_value()) return false;
    reader.skip_space();
    return reader.at_end() && simdjson::validate_utf8(json.data(), json.size());
}

}  // namespace patchbay
