/* Writes the key to the log. */
#define FIXTURE_ID "logs_secret"
#define FIXTURE_INIT remember_host
#define BREAK(x, event, out) \
    if ((event)->type == BAY_EV_HTTP_DONE) log_key(x)
#include "patchbay/exchange.h"
static void log_key(const bay_exchange* x);
#include "check_fixture.h"

static const bay_host* host;

static bay_status remember_host(const bay_host* given, bay_diag* diag) {
    (void)diag;
    host = given;
    return BAY_OK;
}

static void log_key(const bay_exchange* x) {
    host->log(host, BAY_LOG_DEBUG, (bay_str){x->key, x->key_len});
}
