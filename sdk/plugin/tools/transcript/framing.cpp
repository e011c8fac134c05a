#include "framing.hpp"

#include "patchbay/exchange.h"

namespace patchbay::transcript {

bool Framing::known(std::uint32_t decode) {
    return decode == BAY_DECODE_SSE || decode == BAY_DECODE_NDJSON;
}

http::DecodeStatus Framing::push(std::string_view bytes, std::vector<http::Frame>& frames) {
    switch (decode_) {
        case BAY_DECODE_SSE:
            return sse_.push(bytes, frames);
        case BAY_DECODE_NDJSON:
            return ndjson_.push(bytes, frames);
        default:
            return http::DecodeStatus::ok;
    }
}

http::DecodeStatus Framing::finish(std::vector<http::Frame>& frames) {
    switch (decode_) {
        case BAY_DECODE_SSE:
            return sse_.finish(frames);
        case BAY_DECODE_NDJSON:
            return ndjson_.finish(frames);
        default:
            return http::DecodeStatus::ok;
    }
}

}  // namespace patchbay::transcript
