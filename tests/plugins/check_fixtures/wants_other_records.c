/* Asks again for a record that was not in the batch. */
#define FIXTURE_ID "wants_other_records"
#define FINISH(out) want_other(out)
#include <stdint.h>

#include "patchbay/logger.h"

static bay_status want_other(bay_out* out) {
    const uint32_t index = 1000;
    out->retry_records(out, &index, 1);
    return out->done(out);
}

#include "logger_fixture.h"
