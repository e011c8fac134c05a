// The log sink "langfuse".
#include "patchbay/sdk/plugin.hpp"

#include "langfuse.hpp"

BAY_PLUGIN(bay::Loggers<patchbay::langfuse::Langfuse>)
