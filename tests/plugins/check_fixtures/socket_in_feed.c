/* Opens a socket itself. */
#define FIXTURE_ID "socket_in_feed"
#define BREAK(x, event, out)                                    \
    do {                                                        \
        const int descriptor = socket(AF_INET, SOCK_STREAM, 0); \
        if (descriptor >= 0) close(descriptor);                 \
    } while (0)
#include <sys/socket.h>
#include <unistd.h>

#include "check_fixture.h"
