#include "contract/framing/ndjson_decoder.hpp"
#include "decoder_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    patchbay::fuzz::check_decoder<patchbay::http::NdjsonDecoder>(data, size,
                                                                 patchbay::http::reference_ndjson);
    return 0;
}
