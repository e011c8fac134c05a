/* Built for a newer ABI, and says so. */
#define FIXTURE_ID "newer_abi"
#define FIXTURE_ABI "0.9"
#define FIXTURE_MIN_HOST_MINOR 9
#include "check_fixture.h"
