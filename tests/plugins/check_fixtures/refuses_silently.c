/* Refuses a setting that its schema allows, and does not say which. */
#define FIXTURE_ID "refuses_silently"
#define FIXTURE_COMPONENT_MEMBERS                                                  \
    "\"config_schema\":{\"type\":\"object\",\"properties\":{\"size\":{\"type\":\"" \
    "integer\",\"minimum\":1,\"default\":1}}},"
#define FIXTURE_CREATE silent_create
#include "check_fixture.h"

static bay_status silent_create(const bay_create_info* info, bay_diag* diag, bay_instance** out) {
    (void)diag;
    for (size_t i = 0; i + 8 <= info->config.len; ++i) {
        if (memcmp(info->config.ptr + i, "\"size\":1", 8) != 0) continue;
        if (i + 8 < info->config.len && info->config.ptr[i + 8] >= '0' &&
            info->config.ptr[i + 8] <= '9')
            continue;
        *out = malloc(1);
        return *out != NULL ? BAY_OK : BAY_E_NOMEM;
    }
    return BAY_E_INVALID;
}
