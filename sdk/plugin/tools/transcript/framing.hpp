// Cuts the body of an answer into frames, with the gateway's own decoders.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/http/ndjson_decoder.hpp"
#include "engine/http/sse_decoder.hpp"

namespace patchbay::transcript {

/// One body that is cut into frames. The views in `frames` live as http::Frame says.
class Framing {
  public:
    explicit Framing(std::uint32_t decode) : decode_(decode) {}

    /// True if bodies of this BAY_DECODE_* come in frames, and the player can cut them.
    static bool known(std::uint32_t decode);
    http::DecodeStatus push(std::string_view bytes, std::vector<http::Frame>& frames);
    http::DecodeStatus finish(std::vector<http::Frame>& frames);

  private:
    std::uint32_t decode_;
    http::SseDecoder sse_;
    http::NdjsonDecoder ndjson_;
};

}  // namespace patchbay::transcript
