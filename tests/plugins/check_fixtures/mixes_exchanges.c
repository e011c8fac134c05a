/* Keeps what belongs to one exchange in a variable of the file. */
#define FIXTURE_ID "mixes_exchanges"
#define BREAK(x, event, out) events = (event)->type == BAY_EV_REQUEST ? 1 : events + 1
#define ANSWER(x, http) count_answer(x, http)
#include "patchbay/exchange.h"
static unsigned events;
static bay_str count_answer(bay_exchange* x, const bay_ev_http* http);
#include "check_fixture.h"

static bay_str count_answer(bay_exchange* x, const bay_ev_http* http) {
    (void)http;
    const int size = snprintf(x->key, sizeof x->key, "{\"events\":%u}", events);
    return (bay_str){x->key, (size_t)size};
}
