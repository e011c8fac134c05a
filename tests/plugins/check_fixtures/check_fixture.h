/* A sound provider of one component that a fixture breaks in one place. It asks its upstream once
 * and gives the answer on. A fixture defines FIXTURE_ID, perhaps BREAK(x, event, out), a statement
 * run before every event is handled, and what fixture.h knows. */
#ifndef PATCHBAY_TESTS_CHECK_FIXTURE_H_
#define PATCHBAY_TESTS_CHECK_FIXTURE_H_

#ifndef FIXTURE_FEED
#define FIXTURE_FEED sound_feed
#endif
#define FIXTURE_EXCHANGE_SIZE 256

#include "../fixtures/exchange_fixture.h"
#include "../fixtures/fixture.h"
#include "json_object.h"

#ifndef BREAK
#define BREAK(x, event, out) ((void)0)
#endif
/* What the answer is, given that of the upstream. */
#ifndef ANSWER
#define ANSWER(x, http) ((void)(x), (http)->data)
#endif
/* Whether that can be given on. */
#ifndef IS_ANSWER
#define IS_ANSWER(answer) is_json_object((answer).ptr, (answer).len)
#endif

struct bay_exchange {
    uint32_t stream;
    uint32_t count; /* for the fixture */
    void* memory;   /* for the fixture */
    size_t key_len;
    char key[64];
};

static inline bay_status sound_request(bay_exchange* x, const bay_ev_request* request,
                                       bay_out* out) {
    x->stream = request->flags & BAY_REQ_STREAM;
    x->key_len = request->target->api_key.len < sizeof x->key ? request->target->api_key.len : 0;
    if (x->key_len != 0) memcpy(x->key, request->target->api_key.ptr, x->key_len);
    return call_plain(out, 1, BAY_DECODE_BUFFER, request->target->base_url, "/chat/completions");
}

static inline bay_status sound_done(bay_exchange* x, const bay_ev_http* http, bay_out* out) {
    if (http->failure != BAY_FAIL_NONE || http->status / 100 != 2) return fail_with_done(out, http);
    const bay_str answer = ANSWER(x, http);
    if (!IS_ANSWER(answer)) return fail_with_done(out, http);
    if (!x->stream) return out->result(out, answer);
    const bay_status status = out->chunk(out, (bay_str){NULL, 0}, answer);
    return status != BAY_OK ? status : out->done(out);
}

static inline bay_status sound(bay_exchange* x, const bay_event* event, bay_out* out) {
    switch (event->type) {
        case BAY_EV_REQUEST:
            return sound_request(x, (const bay_ev_request*)event, out);
        case BAY_EV_HTTP_HEAD:
            return BAY_OK;
        case BAY_EV_HTTP_DONE:
            return sound_done(x, (const bay_ev_http*)event, out);
        default:
            return BAY_E_UNSUPPORTED;
    }
}

static inline bay_status sound_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    BREAK(x, event, out);
    return sound(x, event, out);
}

#endif /* PATCHBAY_TESTS_CHECK_FIXTURE_H_ */
