// The log sink "file".
#include "patchbay/sdk/plugin.hpp"

#include "file.hpp"

BAY_PLUGIN(bay::Loggers<patchbay::file_sink::File>)
