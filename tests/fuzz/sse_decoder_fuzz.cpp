#include "contract/framing/sse_decoder.hpp"
#include "decoder_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    patchbay::fuzz::check_decoder<patchbay::http::SseDecoder>(data, size,
                                                              patchbay::http::reference_sse);
    return 0;
}
