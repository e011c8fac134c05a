/* Looks at a setting's text as if it were never empty. */
#define FIXTURE_ID "crashes_on_settings"
#define FIXTURE_COMPONENT_MEMBERS                                               \
    "\"config_schema\":{\"type\":\"object\",\"properties\":{\"url\":{\"type\":" \
    "\"string\",\"default\":\"https://example.org\"}}},"
#define FIXTURE_CREATE hasty_create
#include "check_fixture.h"

static bay_status hasty_create(const bay_create_info* info, bay_diag* diag, bay_instance** out) {
    (void)diag;
    for (size_t i = 0; i + 8 <= info->config.len; ++i) {
        if (memcmp(info->config.ptr + i, "\"url\":\"\"", 8) == 0) abort();
    }
    *out = malloc(1);
    return *out != NULL ? BAY_OK : BAY_E_NOMEM;
}
