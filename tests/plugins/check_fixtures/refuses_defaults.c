/* Needs a setting that its schema does not require, and does not say which. */
#define FIXTURE_ID "refuses_defaults"
#define FIXTURE_CREATE strict_create
#include "check_fixture.h"

static bay_status strict_create(const bay_create_info* info, bay_diag* diag, bay_instance** out) {
    if (info->config.len > 2) {
        *out = malloc(1);
        return *out != NULL ? BAY_OK : BAY_E_NOMEM;
    }
    (void)diag;
    return BAY_E_INVALID;
}
