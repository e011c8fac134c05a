/* Changes the environment. */
#define _POSIX_C_SOURCE 200809L
#define FIXTURE_ID "changes_environment"
#define BREAK(x, event, out) setenv("FIXTURE_WAS_HERE", "1", 1)
#include <stdlib.h>

#include "check_fixture.h"
