// The log sink "otel".
#include "patchbay/sdk/plugin.hpp"

#include "otel.hpp"

BAY_PLUGIN(bay::Loggers<patchbay::otel::Otel>)
