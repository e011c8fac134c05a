#include <algorithm>
#include <string>

#include "contract/framing/aws_eventstream.hpp"
#include "contract/framing/aws_eventstream_sample.hpp"
#include "decoder_fuzz.hpp"

namespace {

using patchbay::fuzz::Input;
using patchbay::http::AwsEventStreamDecoder;

}  // namespace

// Random bytes have no right CRC; so the input is also read as headers and payload of messages that
// do: each is a byte with the size of the headers, the headers, and the rest up to a '|'.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    Input input;
    patchbay::fuzz::check_splits<AwsEventStreamDecoder>(data, size, input);
    std::string framed(patchbay::fuzz::text_of(data, 2));
    for (std::string_view rest = input.body; !rest.empty();) {
        std::string_view part = rest.substr(0, rest.find('|'));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        const std::size_t headers =
            part.empty()
                ? 0
                : std::min<std::size_t>(static_cast<unsigned char>(part[0]), part.size() - 1);
        if (!part.empty()) part.remove_prefix(1);
        framed += patchbay::http::aws_message(part.substr(0, headers), part.substr(headers));
    }
    patchbay::fuzz::check_splits<AwsEventStreamDecoder>(
        reinterpret_cast<const std::uint8_t*>(framed.data()), framed.size(), input);
    return 0;
}
