#include "decoder_fuzz.hpp"
#include "engine/http/ndjson_decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    patchbay::fuzz::check_decoder<patchbay::http::NdjsonDecoder>(data, size,
                                                                 patchbay::http::reference_ndjson);
    return 0;
}
