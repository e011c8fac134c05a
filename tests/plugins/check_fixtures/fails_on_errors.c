/* Returns an error of its own for one of the upstream. */
#define FIXTURE_ID "fails_on_errors"
#define BREAK(x, event, out)                                                               \
    if ((event)->type == BAY_EV_HTTP_DONE && ((const bay_ev_http*)(event))->status >= 400) \
    return BAY_E_INVALID
#include "check_fixture.h"
