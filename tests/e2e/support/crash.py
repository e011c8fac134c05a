"""The crash lab: a gateway under load, a fault at a random instant, and the books afterwards (docs/spend.md).

    scripts/crash_lab --store sqlite,postgres --fault kill,power,away,frozen,full,clock --rounds 200 --seed 1

Every round draws its instant from the seed and prints it with its counts. What must hold is in crash_judge.py; the last
line of a run says how many rounds it was and that nothing was wrong, or the run ends at the first that was. `--history FILE`
takes a line of JSON for each round.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from . import canary
from .books import PostgresBooks, SqliteBooks, check
from .crash_judge import ENTRIES, faults, faults_after_a_power_cut, totals
from .crash_load import Counting, Load
from .gateway import Gateway, config, deployment
from .postgres import Postgres
from .power import PowerCut, preload
from .process import eventually
from .upstream import Upstream
from .wire import ask, chat

DISK = 192 << 20  # bytes of the small disk: a ring takes 32 MiB
HOUR = 3600


class Lab:
    """One store and one upstream for all rounds of a fault. Close it."""

    def __init__(self, store: str, fault: str, seed: int, connections: int = 64):
        self.store, self.fault, self.connections = store, fault, connections
        self.draw = random.Random(f"{seed} {store} {fault}")
        self._closing = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="patchbay-lab-"))
        self.folder.chmod(0o711)  # PostgreSQL's user goes through it
        self._closing.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        if fault == "full":
            self._mount()
        self.upstream = Upstream({})
        self._closing.callback(self.upstream.stop)
        self.counting = Counting(self.upstream)
        self.books = self._books()
        self.environment = {"PATCHBAY_STATE_DIR": str(self.folder / "state")}
        if fault == "full" and store == "sqlite":
            self.environment["PATCHBAY_STATE_DIR"] = str(self.disk / "state")
        self.offset = self.folder / "clock"
        if fault == "clock":
            self._fake_clock()
        if fault == "power":
            self.environment |= preload(self.folder, self.disk)
        self.gateway = None
        self.key = self.unused = ""
        self.batch = 0
        self.round = 0

    def close(self):
        if self.gateway:
            self.gateway.child.kill()
        self._closing.close()

    def _mount(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", self.disk], check=True)
        self._closing.callback(subprocess.run, ["umount", "-l", self.disk], check=True)
        self.disk.chmod(0o777)

    def _books(self):
        if self.store == "sqlite":
            return SqliteBooks(self.disk)
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir=self.disk)) if self.fault == "full" else None
        server = Postgres(synced=True, folder=folder)
        self._closing.callback(server.close)
        return PostgresBooks(server)

    def _fake_clock(self):
        """libfaketime (Debian's `faketime`): the time of day jumps, what measures durations does not."""
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        self.offset.write_text("+0")
        self.environment |= {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.offset),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def start(self):
        made = config(
            deployment("lab", "openai/gpt-4o", self.upstream.url + "/v1", canary.OPENAI),
            num_retries=1,
            router_settings={"disable_cooldowns": True},
            general_settings={"database_url": self.books.url},
        )
        self.gateway = Gateway(self.folder, made, env=self.environment, workers=2)
        if not self.key:
            self.key, self.unused = self._new_key(), self._new_key()

    def _new_key(self) -> str:
        made = httpx.post(
            f"{self.gateway.url}/key/generate",
            json={},
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert made.status_code == 200, made.text
        return made.json()["key"]

    def stop(self):
        """What waits is posted."""
        assert self.gateway.stop() == 0
        self.gateway = None

    def one_round(self) -> dict:
        """Load, the fault, and a gateway that has posted everything; what happened. AssertionError if the books are wrong."""
        self.round += 1
        served = self.counting.served
        self.start()
        load = Load(self.gateway.port, self.key, self.connections, self.draw.getrandbits(32)).start()
        eventually(lambda: len(load.notes.complete) > 0, 20)
        told = getattr(self, f"_{self.fault}")(load)
        notes = load.stop()
        if self.gateway:
            self.stop()
        else:
            self.start()
            self.stop()
        entries = self.books.query(ENTRIES.format(self.batch))
        self.batch = max([self.batch, *(entry[-1] for entry in entries)])
        served = self.counting.served - served
        # Each connection has one call; a worker may have read an answer whose client was not told yet.
        killed = self.fault == "kill"
        if self.fault == "power":
            wrong = faults_after_a_power_cut(notes, self.posted, entries)
        else:
            wrong = faults(notes, entries, served, self.connections if killed else 0)
        happened = {
            "round": self.round,
            "store": self.store,
            "fault": self.fault,
            **told,
            "answered": len(notes.complete),
            "cancelled": len(notes.cancelled),
            "served": served,
            "entries": len(entries),
            "refused": dict(notes.statuses),
            "wrong": wrong,
        }
        assert not wrong, happened
        assert set(notes.statuses) <= {503}, happened
        return happened

    def finish(self) -> str:
        """What all rounds left in the books agrees with itself."""
        status, said = check(self.books)
        assert status == 0, said
        sums = totals(self.books)
        assert sums["charge"] == sums["posted"] and sums["poison"] == 0, sums
        return said

    # Faults. Each is given the running load and says what it did.

    def _kill(self, load) -> dict:
        after = self.draw.uniform(0, 0.5)
        time.sleep(after)  # the instant itself, not a wait for something
        self._die()
        return {"after_us": int(after * 1e6)}

    def _die(self):
        os.kill(self.gateway.pid, signal.SIGKILL)
        self.gateway.wait(20)
        self.gateway._keep()
        self.gateway = None

    def _power(self, load) -> dict:
        """The machine goes down: what was not synced is there in part. In half of all rounds much waits in the rings."""
        waits = self.draw.random() < 0.5
        self._note_for(self.draw.uniform(0.2, 0.8))
        self.posted = self.books.query(ENTRIES.format(self.batch))
        if waits:
            self.books.freeze()
        try:
            cut = PowerCut(Path(self.environment["PATCHBAY_STATE_DIR"]), self.disk, self.draw)
            self._note_for(self.draw.uniform(0, 0.5))
            self._die()
            cut.happen()
        finally:
            if waits:
                self.books.thaw()
        return {"waiting": waits, "posted": len(self.posted), "lost_pages": cut.leave()}

    def _away(self, load) -> dict:
        return self._without_store(load, self.books.take_away, self.books.give_back)

    def _frozen(self, load) -> dict:
        return self._without_store(load, self.books.freeze, self.books.thaw)

    def _without_store(self, load, go, come) -> dict:
        """Known keys go on as fast as before, unknown ones are refused in time, and all of it is posted later."""
        seconds = self.seconds
        self._note_for(seconds)
        before = load.renew()
        go()
        try:
            self._note_for(seconds / 2)
            begun = time.monotonic()
            refused = ask(self.gateway.port, chat("lab-whole", "lab"), headers={"Authorization": f"Bearer {self.unused}"})
            took = time.monotonic() - begun
            self._note_for(seconds / 2)
        finally:
            come()
        during = load.renew()
        assert refused.status == 503 and refused.error["type"] == "no_db_connection", refused.body
        assert took < 1, f"refused after {took:.3f} s"
        assert not during.statuses, f"known keys were refused: {during.statuses}"
        assert len(during.complete) > 0
        self._note_for(0.5)
        for other in (before, during):
            load.notes.complete |= other.complete
            load.notes.cancelled |= other.cancelled
        return {
            "seconds": seconds,
            "p99_before_ms": round(before.p99() * 1e3, 1),
            "p99_during_ms": round(during.p99() * 1e3, 1),
            "slowest_during_ms": round(during.slowest() * 1e3, 1),
            "unknown_refused_ms": round(took * 1e3, 1),
        }

    #: How long a store is away, or a disk full.
    seconds = 2.0

    @staticmethod
    def _note_for(seconds: float):
        """The load goes on meanwhile."""
        time.sleep(seconds)

    def _full(self, load) -> dict:
        """Nothing can be written to the disk of the store; later there is room again."""
        filler = self.disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1 << 16)) == 1 << 16:
                    pass
            except OSError:
                pass
        self._note_for(self.seconds)
        told = any("does not take entries" in line for line in self.gateway.lines)
        filler.unlink()
        assert told, "the store took entries all the time"
        if self.store == "postgres":  # the server ends when it cannot write its log
            self.books.server.restart()
        self._note_for(0.5)
        return {"seconds": self.seconds}

    def _clock(self, load) -> dict:
        """The time of day jumps, back too, and over midnight."""
        jumps = [self.draw.choice([1, -1]) * self.draw.choice([HOUR, 24 * HOUR, 40 * 24 * HOUR]) for _ in range(4)]
        for jump in jumps:
            self.offset.write_text(f"{jump:+d}")
            self._note_for(0.3)
        self.offset.write_text("+0")
        return {"jumps_s": jumps}


FAULTS = ("kill", "power", "away", "frozen", "full", "clock")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", default="sqlite,postgres")
    parser.add_argument("--fault", default=",".join(FAULTS))
    parser.add_argument("--rounds", type=int, default=10, help="of each fault on each store")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=2.0, help="that a store is away or a disk full")
    parser.add_argument("--history", type=Path)
    asked = parser.parse_args()
    Lab.seconds = asked.seconds
    rounds = 0
    for store in asked.store.split(","):
        for fault in asked.fault.split(","):
            lab = Lab(store, fault, asked.seed, asked.connections)
            try:
                for _ in range(asked.rounds):
                    line = json.dumps(lab.one_round())
                    print(line, flush=True)
                    if asked.history:
                        with asked.history.open("a") as file:
                            file.write(line + "\n")
                    rounds += 1
                print(f"{store}, {fault}, seed {asked.seed}: {lab.finish().strip()}", flush=True)
            finally:
                lab.close()
    print(f"{rounds} rounds, nothing lost, nothing twice")


if __name__ == "__main__":
    sys.exit(main())
