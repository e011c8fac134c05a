// A decoder must give the same for the body as a whole, byte by byte, and in pieces, and what the
// slow reference gives where there is one. The first two bytes of the input choose the limit and
// the pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "contract/framing/decoder_reference.hpp"
#include "fuzz.hpp"

namespace patchbay::fuzz {

template <class Decoder>
http::Decoded decode_in_pieces(std::string_view body, std::size_t max_frame, std::size_t piece) {
    http::Feeder<Decoder> feeder(max_frame);
    for (std::size_t at = 0; at < body.size(); at += piece) feeder.push(body.substr(at, piece));
    return feeder.finish();
}

struct Input {
    std::size_t max_frame;
    std::size_t piece;
    std::string_view body;
};

/// What every split gives. `data` has two bytes at least.
template <class Decoder>
http::Decoded check_splits(const std::uint8_t* data, std::size_t size, Input& input) {
    input.max_frame = data[0] < 128 ? 1u << 20 : data[0] - 128u;
    input.piece = data[1] + 1u;
    input.body = text_of(data + 2, size - 2);
    const http::Decoded whole = decode_in_pieces<Decoder>(input.body, input.max_frame, size);
    require(decode_in_pieces<Decoder>(input.body, input.max_frame, 1) == whole,
            "byte by byte as the whole body");
    require(decode_in_pieces<Decoder>(input.body, input.max_frame, input.piece) == whole,
            "pieces as the whole body");
    return whole;
}

template <class Decoder, class Reference>
void check_decoder(const std::uint8_t* data, std::size_t size, Reference reference) {
    if (size < 2) return;
    Input input;
    const http::Decoded whole = check_splits<Decoder>(data, size, input);
    require(whole == reference(std::string(input.body), input.max_frame),
            "whole body as reference");
}

}  // namespace patchbay::fuzz
