/* Breaks no rule. */
#define FIXTURE_ID "sound"
#include "check_fixture.h"
