/* Sleeps in feed(), at first. */
#define _DEFAULT_SOURCE
#include <unistd.h>

#define FIXTURE_ID "sleeps"
#define BREAK(x, event, out) rest()
static void rest(void);
#include "check_fixture.h"

static void rest(void) {
    static int times;
    if (times++ < 9) usleep(30000);
}
