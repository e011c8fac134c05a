/* Ends twice. */
#define FIXTURE_ID "acts_after_finish"
#define FIXTURE_FEED twice_feed
#include "check_fixture.h"

static bay_status twice_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    const bay_status status = sound(x, event, out);
    if (event->type == BAY_EV_HTTP_DONE) out->done(out);
    return status;
}
