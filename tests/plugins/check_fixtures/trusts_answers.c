/* Looks at the first byte of an answer, whether there is one or not. */
#define FIXTURE_ID "trusts_answers"
#define BREAK(x, event, out)                                                                 \
    if ((event)->type == BAY_EV_HTTP_DONE && ((const bay_ev_http*)(event))->status == 200 && \
        ((const bay_ev_http*)(event))->failure == BAY_FAIL_NONE &&                           \
        (((const bay_ev_http*)(event))->data.len == 0 ||                                     \
         ((const bay_ev_http*)(event))->data.ptr[0] != '{') &&                               \
        !(x)->stream)                                                                        \
    abort()
#include "check_fixture.h"
