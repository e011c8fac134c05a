/* A logger that breaks no rule. */
#define FIXTURE_ID "sound_logger"
#include "logger_fixture.h"
