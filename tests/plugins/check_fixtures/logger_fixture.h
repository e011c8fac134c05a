/* A sound logger of one component: it posts a batch and, as the sink answers, ends. A fixture
 * defines FIXTURE_ID and perhaps FINISH(out), what it does when all is delivered. */
#ifndef PATCHBAY_TESTS_LOGGER_FIXTURE_H_
#define PATCHBAY_TESTS_LOGGER_FIXTURE_H_

#define FIXTURE_FEED deliver_feed
#define FIXTURE_KIND BAY_KIND_LOGGER
#define FIXTURE_MANIFEST                                                                    \
    "{\"id\":\"org.example." FIXTURE_ID                                                     \
    "\",\"version\":\"1.0.0\",\"license\":\"Apache-2.0\",\"abi\":\"0.2\",\"components\":[{" \
    "\"kind\":\"bay.logger/1\",\"id\":\"" FIXTURE_ID "\"}]}"

#include "../fixtures/exchange_fixture.h"
#include "../fixtures/fixture.h"
#include "patchbay/logger.h"

#ifndef FINISH
#define FINISH(out) (out)->done(out)
#endif

static bay_status deliver_feed(bay_exchange* x, const bay_event* event, bay_out* out) {
    (void)x;
    const bay_ev_http* http = (const bay_ev_http*)event;
    switch (event->type) {
        case BAY_EV_BATCH:
            return call_plain(out, 1, BAY_DECODE_BUFFER, text_of("https://sink.example.org"),
                              "/records");
        case BAY_EV_HTTP_HEAD:
            return BAY_OK;
        case BAY_EV_HTTP_DONE:
            if (http->failure != BAY_FAIL_NONE || http->status / 100 != 2) {
                return fail_with_done(out, http);
            }
            return FINISH(out);
        default:
            return BAY_E_UNSUPPORTED;
    }
}

#endif /* PATCHBAY_TESTS_LOGGER_FIXTURE_H_ */
