#!/usr/bin/env bash
# Runs the whole-program tests against a built preset: tests/e2e/run.sh [--preset P] [pytest arguments].
# Without arguments of its own pytest runs everything but the long tests; add -m load or -m real for those.
# PATCHBAY_BIN names another binary. With `-n 2 --dist loadfile` two files run at a time (pytest-xdist).
set -euo pipefail

# The gateway refuses plugins that others may write.
umask go-w
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)
preset=${PATCHBAY_PRESET:-dev}
if [[ ${1:-} == --preset ]]; then
    preset=${2:?--preset needs a name}
    shift 2
fi

# The real model is large; only the tests that ask it need it.
if [[ " $* " == *real* ]]; then "$here/setup.sh"; else "$here/setup.sh" --no-model; fi
export PATCHBAY_PRESET=$preset
export TSAN_OPTIONS="suppressions=$repo/tests/tsan.supp ${TSAN_OPTIONS:-}"
cd "$here"
exec "$repo/build/e2e/venv/bin/python" -m pytest "$@"
