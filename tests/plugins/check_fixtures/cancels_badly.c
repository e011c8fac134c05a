/* Answers CANCEL as if there were still a client. */
#define FIXTURE_ID "cancels_badly"
#define FIXTURE_FEED cancelled_feed
#include "check_fixture.h"

static bay_status cancelled_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    if (event->type == BAY_EV_REQUEST) out->want(out, BAY_WANT_CANCEL);
    if (event->type == BAY_EV_CANCEL)
        return fail_with(out, BAY_ERR_UPSTREAM, (bay_str)TEXT("gone"));
    return sound(x, event, out);
}
