/* Looks at a slot that only a newer host has, without BAY_HAS(). */
#define FIXTURE_ID "reads_beyond"
#define BREAK(x, event, out) (x)->count = ((const volatile char*)(out))[sizeof(bay_out)] != 0
#include "check_fixture.h"
