/* Never answers and waits for nothing. */
#define FIXTURE_ID "stalls"
#define BREAK(x, event, out) \
    if ((event)->type == BAY_EV_HTTP_DONE) return BAY_OK
#include "check_fixture.h"
