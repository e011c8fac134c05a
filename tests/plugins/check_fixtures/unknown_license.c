/* Names a license that no tool knows. */
#define FIXTURE_ID "unknown_license"
#define FIXTURE_LICENSE "Our License"
#include "check_fixture.h"
