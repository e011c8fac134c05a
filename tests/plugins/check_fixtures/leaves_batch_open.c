/* Neither ends nor asks for records again when the sink has answered. */
#define FIXTURE_ID "leaves_batch_open"
#define FINISH(out) BAY_OK
#include "logger_fixture.h"
