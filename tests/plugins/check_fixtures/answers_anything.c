/* Gives on what its upstream answers, JSON or not; not in streams, of which one is made up. */
#define FIXTURE_ID "answers_anything"
#define IS_ANSWER(answer) (!x->stream || is_json_object((answer).ptr, (answer).len))
#include "check_fixture.h"
