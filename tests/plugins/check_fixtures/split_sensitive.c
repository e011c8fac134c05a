/* Takes every piece of a body for a whole line. */
#define FIXTURE_ID "split_sensitive"
#define FIXTURE_FEED raw_feed
#include "check_fixture.h"

static bay_status raw_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    const bay_ev_http* const http = (const bay_ev_http*)event;
    if (event->type == BAY_EV_REQUEST) {
        const bay_ev_request* const request = (const bay_ev_request*)event;
        x->stream = request->flags & BAY_REQ_STREAM;
        return call_plain(out, 1, BAY_DECODE_RAW, request->target->base_url, "/chat/completions");
    }
    if (event->type == BAY_EV_HTTP_DATA) {
        ++x->count;
        return BAY_OK;
    }
    if (event->type != BAY_EV_HTTP_DONE) return sound(x, event, out);
    if (http->failure != BAY_FAIL_NONE || http->status / 100 != 2) return fail_with_done(out, http);
    const int size = snprintf(x->key, sizeof x->key, "{\"lines\":%u}", x->count);
    const bay_usage usage = {.size = sizeof usage, .output_tokens = x->count};
    out->usage(out, &usage);
    return x->stream ? out->done(out) : out->result(out, (bay_str){x->key, (size_t)size});
}
