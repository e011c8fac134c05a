/* Shows the key in the message of an error. */
#define FIXTURE_ID "prints_secret"
#define BREAK(x, event, out)                                                               \
    if ((event)->type == BAY_EV_HTTP_DONE && ((const bay_ev_http*)(event))->status == 401) \
    return fail_with(out, BAY_ERR_AUTH, (bay_str){(x)->key, (x)->key_len})
#include "check_fixture.h"
