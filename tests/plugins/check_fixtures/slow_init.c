/* Computes for long in init(). */
#include <time.h>

#define FIXTURE_ID "slow_init"
#define FIXTURE_INIT slow_init
#include "check_fixture.h"

static bay_status slow_init(const bay_host* host, bay_diag* diag) {
    (void)host;
    (void)diag;
    const clock_t start = clock();
    while (clock() - start < CLOCKS_PER_SEC / 7) {
    }
    return BAY_OK;
}
