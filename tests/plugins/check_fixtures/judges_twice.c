/* Gives two verdicts on one question. */
#define FIXTURE_ID "judges_twice"
#define FIXTURE_FEED twice_feed
#include "guardrail_fixture.h"

static bay_status twice_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    const bay_status status = mask_feed(x, event, out);
    bay_verdict allow = {0};
    allow.size = sizeof allow;
    allow.decision = BAY_ALLOW;
    if (event->type == BAY_EV_INSPECT) out->verdict(out, &allow);
    return status;
}
