/* Counts exchanges, and the answers show it. */
#define FIXTURE_ID "keeps_state"
#define ANSWER(x, http) next_answer(x, http)
#include "patchbay/exchange.h"
static bay_str next_answer(bay_exchange* x, const bay_ev_http* http);
#include "check_fixture.h"

static bay_str next_answer(bay_exchange* x, const bay_ev_http* http) {
    static unsigned count;
    static char text[32];
    (void)x;
    (void)http;
    return (bay_str){text, (size_t)snprintf(text, sizeof text, "{\"answer\":%u}", ++count)};
}
