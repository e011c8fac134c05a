// The log sink "generic_api".
#include "patchbay/sdk/plugin.hpp"

#include "webhook.hpp"

BAY_PLUGIN(bay::Loggers<patchbay::webhook_sink::Webhook>)
