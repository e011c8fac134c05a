// The framings of the plugin ABI (BAY_DECODE_*): which decoder cuts a body, when a body is over,
// and how its faults are told to a plugin.
#pragma once

#include <cstdint>
#include <memory>

#include "contract/framing/decoder.hpp"

namespace patchbay::http {

/// The decoder of a BAY_DECODE_*; nullptr if such bodies are not cut into frames, or it is unknown.
std::unique_ptr<Decoder> make_decoder(std::uint32_t decode);

/// True for "[DONE]", with or without white space and quotes around it.
bool is_done_mark(std::string_view data);

/// True if `frame` is "[DONE]" in a framing of text: OpenAI-shaped streams say so that they are
/// complete. It is not JSON and never reaches a plugin; what follows it is of no interest.
bool is_end_mark(std::uint32_t decode, const Frame& frame);

/// True if `frame` is a server-sent event that says nothing and keeps the connection open: one named
/// so ("ping", "keepalive", ...) whatever its data, which is often a time; or data that is `null`,
/// `{}` or {"type": "ping"}. Not for APIs whose clients know such events.
bool is_keep_alive(std::uint32_t decode, const Frame& frame);

/// The BAY_FAIL_* of a call whose body ended so.
std::uint32_t failure_of(DecodeStatus status);

}  // namespace patchbay::http
