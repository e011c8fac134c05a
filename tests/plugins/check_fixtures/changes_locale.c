/* Changes the locale. */
#include <locale.h>

#define FIXTURE_ID "changes_locale"
#define BREAK(x, event, out) setlocale(LC_NUMERIC, "C.UTF-8")
#include "check_fixture.h"
