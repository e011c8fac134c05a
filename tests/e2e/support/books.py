"""The books of a gateway under test, in either store: where they are, what is in them, whether they agree."""

import fcntl
import re
import sqlite3
import subprocess
from pathlib import Path

from . import paths
from .postgres import Postgres

# WAL_READ_LOCK 0 to 4 of SQLite's WAL-index format.
FIRST_READ_LOCK, READ_LOCKS = 123, 5
WHOLE = re.compile(r"-?\d+")


class SqliteBooks:
    """A file in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path):
        self.file = folder / "ledger.db"
        self.url = f"sqlite://{self.file}"
        self.place = str(self.file)

    def query(self, sql: str) -> list[tuple]:
        with sqlite3.connect(self.file) as database:
            return database.execute(sql).fetchall()

    def take_away(self):
        """Nobody can write to it, nor begin to read: SQLite's own lock, and those of its WAL-index that readers take."""
        self._writer = sqlite3.connect(self.file, timeout=60, isolation_level=None)
        self._writer.execute("BEGIN IMMEDIATE")
        self._shared = open(f"{self.file}-shm", "r+b")
        fcntl.lockf(self._shared, fcntl.LOCK_EX, READ_LOCKS, FIRST_READ_LOCK)

    freeze = take_away

    def give_back(self):
        fcntl.lockf(self._shared, fcntl.LOCK_UN, READ_LOCKS, FIRST_READ_LOCK)
        self._writer.execute("ROLLBACK")
        self._writer.close()
        self._shared.close()

    thaw = give_back


class PostgresBooks:
    """A schema of its own on a server."""

    kind = "postgres"
    count = 0

    def __init__(self, server: Postgres):
        PostgresBooks.count += 1
        self.server = server
        self.schema = f"books{PostgresBooks.count}"
        self.url = self.place = server.url(self.schema)

    def query(self, sql: str) -> list[tuple]:
        rows = self.server.query(sql, self.schema)
        return [tuple(int(v) if WHOLE.fullmatch(v) else v for v in row) for row in rows]

    def take_away(self):
        self.server.stop()

    def give_back(self):
        self.server.start()

    def freeze(self):
        self.server.freeze()

    def thaw(self):
        self.server.thaw()


def check(books) -> tuple[int, str]:
    """The exit status and output of `patchbay ledger check`."""
    done = subprocess.run(
        [paths.BINARY, "ledger", "check", books.place], capture_output=True, text=True, timeout=600
    )
    return done.returncode, done.stdout
