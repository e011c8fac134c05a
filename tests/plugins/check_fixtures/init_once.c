/* deinit() does not undo what init() did. */
#define FIXTURE_ID "init_once"
#define FIXTURE_INIT single_init
#include "check_fixture.h"

static bay_status single_init(const bay_host* host, bay_diag* diag) {
    static int done;
    (void)host;
    if (done++ == 0) return BAY_OK;
    diag->report(diag, BAY_LOG_ERROR, (bay_str){NULL, 0}, (bay_str)TEXT("initialised twice"));
    return BAY_E_STATE;
}
