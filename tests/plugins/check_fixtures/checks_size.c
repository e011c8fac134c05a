/* Takes only structs that are as large as its own. */
#define FIXTURE_ID "checks_size"
#define BREAK(x, event, out)                                                       \
    if ((event)->type == BAY_EV_HTTP_DONE && (event)->size != sizeof(bay_ev_http)) \
    return BAY_E_INVALID
#include "check_fixture.h"
