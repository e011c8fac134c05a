/* Forgets what feed() took. */
#define FIXTURE_ID "leaks"
#define BREAK(x, event, out) (x)->memory = malloc(100)
#include "check_fixture.h"
