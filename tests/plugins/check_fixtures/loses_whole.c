/* Reads a stream well, and of a whole document in its place nothing. */
#define FIXTURE_ID "loses_whole"
#define FIXTURE_FEED losing_feed
#include "check_fixture.h"

static int has_delta(bay_str text) {
    static const char kDelta[] = "\"delta\"";
    for (size_t i = 0; i + sizeof kDelta - 1 <= text.len; ++i) {
        if (memcmp(text.ptr + i, kDelta, sizeof kDelta - 1) == 0) return 1;
    }
    return 0;
}

static bay_status losing_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    const bay_ev_http* const http = (const bay_ev_http*)event;
    if (event->type == BAY_EV_REQUEST) {
        const bay_ev_request* const request = (const bay_ev_request*)event;
        if (!(request->flags & BAY_REQ_STREAM)) return sound(x, event, out);
        x->stream = 1;
        return call_plain(out, 1, BAY_DECODE_SSE, request->target->base_url, "/chat/completions");
    }
    if (event->type == BAY_EV_HTTP_FRAME) {
        const bay_str piece =
            has_delta(http->data)
                ? (bay_str)TEXT("{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}")
                : (bay_str)TEXT("{\"choices\":[{\"delta\":{}}]}");
        return out->chunk(out, (bay_str){NULL, 0}, piece);
    }
    if (event->type != BAY_EV_HTTP_DONE || !x->stream) return sound(x, event, out);
    if (http->failure != BAY_FAIL_NONE || http->status / 100 != 2) return fail_with_done(out, http);
    return out->done(out);
}
