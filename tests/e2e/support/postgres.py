"""A server of PostgreSQL's in a directory of its own, on a Unix socket there and on nothing else.

As a program it starts one, says its URL and stops it when its own input ends: so the unit tests have one, which goes with
them however they end.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

USER = "postgres"  # who serves if root asks: the server refuses to be root


def programs() -> Path | None:
    """Where initdb and postgres are: Debian keeps them out of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    places = [*map(Path, os.environ.get("PATH", "").split(os.pathsep)), *reversed(debian)]
    needed = ("initdb", "pg_ctl", "postgres", "psql")
    return next((p for p in places if all((p / name).exists() for name in needed)), None)


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


class Postgres:
    """One server. `synced`: commits wait for the disk, as in service."""

    def __init__(self, synced: bool = False, folder: Path | None = None):
        self.programs = programs()
        if self.programs is None:
            raise RuntimeError("PostgreSQL is not installed (scripts/packages.txt)")
        # The path of a socket has at most 107 bytes, so it is not in a test's own folder.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="patchbay-pg-"))
        self.synced = synced
        self.data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        self._run("initdb", "-A", "trust", "-U", "patchbay", "-E", "UTF8", "--locale=C", "-N", "-D", self.data)
        self.start()

    def _run(self, program, *arguments):
        other = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [self.programs / program, *map(str, arguments)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            **other,
        )
        if done.returncode != 0:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stderr}{log.read_text() if log.exists() else ''}")

    def start(self):
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=100"
        if not self.synced:
            options += " -c fsync=off -c full_page_writes=off"
        self._run("pg_ctl", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options, "start")
        self.pid = int((self.data / "postmaster.pid").read_text().split()[0])

    def url(self, schema: str = "") -> str:
        address = f"postgresql://patchbay@/postgres?host={self.folder}"
        return f"{address}&schema={schema}" if schema else address

    def query(self, sql: str, schema: str = "patchbay") -> list[list[str]]:
        """Rows of texts, by psql."""
        done = subprocess.run(
            [self.programs / "psql", "-h", self.folder, "-U", "patchbay", "-d", "postgres", "-X", "-A", "-t",
             "-q", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-c", f"SET search_path TO {schema}", "-c", sql],
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    @contextlib.contextmanager
    def locked(self, table: str, schema: str):
        """Nobody can read the table meanwhile."""
        holder = subprocess.Popen(
            [self.programs / "psql", "-h", self.folder, "-U", "patchbay", "-d", "postgres", "-X", "-A", "-t", "-q"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            holder.stdin.write(
                f"BEGIN; LOCK TABLE {schema}.{table} IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n"
            )
            holder.stdin.flush()
            assert holder.stdout.readline() == "held\n"
            yield
        finally:
            holder.stdin.close()
            holder.wait(60)

    def run_file(self, file: Path, schema: str):
        """A file of statements, of which each stands for itself."""
        done = subprocess.run(
            [self.programs / "psql", "-h", self.folder, "-U", "patchbay", "-d", "postgres", "-X", "-q",
             "-v", "ON_ERROR_STOP=1", "-c", f"SET search_path TO {schema}", "-f", file],
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def freeze(self):
        """No process of it runs any more; the kernel still acknowledges what comes."""
        os.kill(self.pid, signal.SIGSTOP)
        for child in children(self.pid):
            os.kill(child, signal.SIGSTOP)

    def thaw(self):
        for child in children(self.pid):
            os.kill(child, signal.SIGCONT)
        os.kill(self.pid, signal.SIGCONT)

    def stop(self, how: str = "immediate"):
        self._run("pg_ctl", "-w", "-D", self.data, "-m", how, "stop")

    def restart(self):
        """Starts it if it has ended by itself, or is about to."""
        try:
            self.stop()
        except RuntimeError:
            pass
        self.start()

    def close(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def main():
    server = Postgres()
    try:
        print(server.url(), flush=True)
        sys.stdin.read()
    finally:
        server.close()


if __name__ == "__main__":
    main()
