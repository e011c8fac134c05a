/* Its schema is none. */
#define FIXTURE_ID "bad_schema"
#define FIXTURE_COMPONENT_MEMBERS "\"config_schema\":{\"type\":7},"
#include "check_fixture.h"
