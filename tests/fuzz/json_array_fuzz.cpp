#include "contract/framing/json_array.hpp"
#include "decoder_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace patchbay;
    if (size < 2) return 0;
    fuzz::Input input;
    const http::Decoded whole = fuzz::check_splits<http::JsonArrayDecoder>(data, size, input);
    if (whole.status == http::DecodeStatus::too_large) return 0;
    const http::Decoded expected = http::reference_json_array(input.body);
    fuzz::require(
        (whole.status == http::DecodeStatus::ok) == (expected.status == http::DecodeStatus::ok),
        "accepted by the reference");
    if (expected.status == http::DecodeStatus::ok) {
        fuzz::require(whole.frames == expected.frames, "elements of the reference");
    }
    return 0;
}
