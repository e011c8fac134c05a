// A decoder must give what the slow reference gives, for the body as a whole, byte by byte, and in
// pieces. The first two bytes of the input choose the limit and the pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/http/decoder_reference.hpp"
#include "fuzz.hpp"

namespace patchbay::fuzz {

template <class Decoder>
http::Decoded decode_in_pieces(std::string_view body, std::size_t max_frame, std::size_t piece) {
    http::Feeder<Decoder> feeder(max_frame);
    for (std::size_t at = 0; at < body.size(); at += piece) feeder.push(body.substr(at, piece));
    return feeder.finish();
}

template <class Decoder, class Reference>
void check_decoder(const std::uint8_t* data, std::size_t size, Reference reference) {
    if (size < 2) return;
    const std::size_t max_frame = data[0] < 128 ? 1u << 20 : data[0] - 128u;
    const std::size_t piece = data[1] + 1u;
    const std::string_view body = text_of(data + 2, size - 2);
    const http::Decoded expected = reference(std::string(body), max_frame);
    require(decode_in_pieces<Decoder>(body, max_frame, size) == expected,
            "whole body as reference");
    require(decode_in_pieces<Decoder>(body, max_frame, 1) == expected, "byte by byte as reference");
    require(decode_in_pieces<Decoder>(body, max_frame, piece) == expected, "pieces as reference");
}

}  // namespace patchbay::fuzz
