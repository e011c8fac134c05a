// The log sink "helicone".
#include "patchbay/sdk/plugin.hpp"

#include "helicone.hpp"

BAY_PLUGIN(bay::Loggers<patchbay::helicone::Helicone>)
