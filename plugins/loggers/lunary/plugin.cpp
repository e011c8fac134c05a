// The log sink "lunary".
#include "patchbay/sdk/plugin.hpp"

#include "lunary.hpp"

BAY_PLUGIN(bay::Loggers<patchbay::lunary::Lunary>)
