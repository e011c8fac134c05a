/* Masks each window of a stream by itself and holds nothing back. */
#define FIXTURE_ID "masks_pieces"
#define HOLDS 0
#include "guardrail_fixture.h"
