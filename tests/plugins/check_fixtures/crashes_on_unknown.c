/* Takes an event it does not know for impossible. */
#define FIXTURE_ID "crashes_on_unknown"
#define BREAK(x, event, out) \
    if ((event)->type > BAY_EV_CANCEL) abort()
#include "check_fixture.h"
