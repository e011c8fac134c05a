#include "decoder_fuzz.hpp"
#include "engine/http/sse_decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    patchbay::fuzz::check_decoder<patchbay::http::SseDecoder>(data, size,
                                                              patchbay::http::reference_sse);
    return 0;
}
