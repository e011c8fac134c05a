/* Exports a helper. */
#define FIXTURE_ID "exports_too_much"
#include "check_fixture.h"

int helper_of_fixture(int value);
int helper_of_fixture(int value) {
    return value + 1;
}
