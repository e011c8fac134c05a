/* A guardrail that breaks no rule. */
#define FIXTURE_ID "sound_guardrail"
#include "guardrail_fixture.h"
