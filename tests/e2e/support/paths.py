"""Where things are, and how much slower than a plain build the one under test is."""

import os
from pathlib import Path

E2E = Path(__file__).resolve().parent.parent
REPO = E2E.parent.parent
OUT = REPO / "build" / "e2e"
NODE_DIR = OUT / "node"
PRESET = os.environ.get("PATCHBAY_PRESET", "dev")
BUILD = REPO / "build" / PRESET
BINARY = Path(os.environ.get("PATCHBAY_BIN", BUILD / "bin" / "patchbay"))

#: Deadlines and latency bounds are multiplied by this: sanitizers slow a program down.
SLOWNESS = float(os.environ.get("PATCHBAY_E2E_SLOWNESS", {"asan": 4, "tsan": 10}.get(PRESET, 1)))

#: Sanitizers keep freed memory and shadow the rest: tests do not bound it then.
SANITIZED = PRESET in ("asan", "tsan")


def node() -> str:
    """The node to run scripts with: the one setup.sh put into the virtual environment, or the system's."""
    own = OUT / "venv" / "bin" / "node"
    return str(own) if own.exists() else "node"


def deadline(seconds: float) -> float:
    return seconds * SLOWNESS
