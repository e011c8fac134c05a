"""A power cut, as the files of a gateway see it.

Of what was synced everything is there. Of what was written since, and of what is mapped and never synced, each page is
there or is as it was before, as luck has it; a file may have its old length. fixtures/durable.c, preloaded, tells what
was synced.
"""

import os
import subprocess
from pathlib import Path

from . import paths

PAGE = 4096


def preload(folder: Path, watched: Path) -> dict[str, str]:
    """The environment of a gateway whose files below `watched` can be cut; the library is made in `folder`."""
    library = folder / "durable.so"
    source = paths.E2E / "fixtures" / "durable.c"
    command = [os.environ.get("CC", "cc"), "-O1", "-fPIC", "-shared", source, "-o", library]
    subprocess.run(command, check=True, timeout=60)
    return {"LD_PRELOAD": str(library), "DURABLE_FOLDER": f"{watched}/"}


def mixed(before: bytes, now: bytes, draw) -> tuple[bytes, int]:
    """Some of the pages of `now` among those of `before`, and how many of those that differ are lost."""
    share = draw.choice([0.0, 1.0, draw.random()])
    length = len(now) if draw.random() < 0.5 or len(now) <= len(before) else len(before)
    made = bytearray(now[:length])
    lost = 0
    for at in range(0, length, PAGE):
        old, new = before[at : at + PAGE], now[at : at + PAGE]
        if old != new and draw.random() < share:
            made[at : at + PAGE] = old.ljust(len(new), b"\0")[: len(new)]
            lost += 1
    return bytes(made), lost


class PowerCut:
    """Made while the gateway runs: what mapped rings look like then may be all that is left of them."""

    def __init__(self, state: Path, store: Path, draw):
        self.store, self._draw = store, draw
        self._rings = {ring: ring.read_bytes() for ring in state.rglob("*.ring")}
        self._files: list[tuple[Path, bytes, bytes]] = []

    def happen(self):
        """The gateway has just died: takes what files are, before anybody else opens the store."""
        self._files = [(ring, before, ring.read_bytes()) for ring, before in self._rings.items()]
        for durable in self.store.glob("*.durable"):
            if (file := durable.with_suffix("")).exists():  # not one that was removed long before
                self._files.append((file, durable.read_bytes(), file.read_bytes()))

    def leave(self) -> int:
        """Leaves what is on the disk; how many pages are lost."""
        if any(file.parent == self.store for file, _, _ in self._files):
            for file in self.store.iterdir():
                if file.suffix != ".durable":
                    file.unlink()
        lost = 0
        for file, before, now in self._files:
            left, pages = mixed(before, now, self._draw)
            file.write_bytes(left)
            lost += pages
        return lost
