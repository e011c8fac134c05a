/* An exception leaves feed(). */
#define FIXTURE_ID "throws"
#define FIXTURE_FEED throwing_feed
#include "../fixtures/fixture.h"

static bay_status throwing_feed(bay_exchange*, const bay_event*, bay_out*) BAY_NOEXCEPT {
    throw 1;
}
