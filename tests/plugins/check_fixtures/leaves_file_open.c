/* Leaves a file open. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>

#define FIXTURE_ID "leaves_file_open"
#define BREAK(x, event, out) open_once()
static void open_once(void);
#include "check_fixture.h"

static void open_once(void) {
    static int descriptor = -1;
    if (descriptor < 0) descriptor = open("/dev/null", O_RDONLY);
}
