// Which guardrails a request passes, and when each of them runs.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/guard/guardrail.hpp"
#include "patchbay/provider.h"

namespace patchbay::guard {

/// One guardrail that a request passes.
struct Selected {
    const Guardrail* guardrail = nullptr;
    unsigned modes = 0;         ///< in which it runs for this request; bits of config.hpp
    std::string params = "{}";  ///< settings the request gives for it (`extra_body`), JSON
};

/// Every guardrail with `default_on` or mode logging_only, and those named by the request
/// (`guardrails`, `metadata.guardrails`) or by what else concerns it (`required`: a deployment that
/// may serve it, its key). Of several entries with one name one is taken, by weight, with `random`
/// in [0, 1). In file order. An error (400) for a name that is not configured, and for `policies`,
/// of which there are none: a client that asks for protection must not go without it silently; and
/// for a `guardrails` of a wrong type.
Result<std::vector<Selected>> select(std::span<const std::unique_ptr<const Guardrail>> all,
                                     std::span<const bay_member> members,
                                     std::span<const std::string> required, double random);

}  // namespace patchbay::guard
