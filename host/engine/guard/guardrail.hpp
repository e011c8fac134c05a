// A configured guardrail, ready to be asked.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "config/config.hpp"
#include "engine/exchange/exchange.hpp"

namespace patchbay {

/// One `guardrails` entry with its plugin instance. Immutable; lives as long as its snapshot.
struct Guardrail {
    GuardrailConfig config;
    ComponentInstance component;
    int stream_every = 1;     ///< asked after so many chunks of a stream
    http::Timeouts timeouts;  ///< for one answer
};

namespace guard {

/// The name of a mode as LiteLLM writes it; `mode` is one bit.
std::string_view mode_name(unsigned mode);

}  // namespace guard
}  // namespace patchbay
