/* Linked with an executable stack. */
#define FIXTURE_ID "executable_stack"
#include "check_fixture.h"
