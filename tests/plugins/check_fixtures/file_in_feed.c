/* Reads a file. */
#define FIXTURE_ID "file_in_feed"
#define BREAK(x, event, out)                            \
    do {                                                \
        FILE* const file = fopen("/etc/hostname", "r"); \
        if (file != NULL) fclose(file);                 \
    } while (0)
#include <stdio.h>

#include "check_fixture.h"
