/* Forgets what create() took. */
#define FIXTURE_ID "leaks_instance"
#define FIXTURE_CREATE leaking_create
#include "check_fixture.h"

static void* volatile forgotten;

static bay_status leaking_create(const bay_create_info* info, bay_diag* diag, bay_instance** out) {
    (void)info;
    (void)diag;
    forgotten = malloc(100);
    *out = malloc(1);
    return *out != NULL ? BAY_OK : BAY_E_NOMEM;
}
