"""Fixtures of the whole-program tests, and the search for secrets when a session ends."""

import os
import subprocess
import sys
import textwrap

import pytest

from support import answers, canary, client, paths
from support.aimock import Aimock
from support.books import PostgresBooks, SqliteBooks
from support.gateway import Gateway, config, deployment
from support.postgres import Postgres, programs
from support.records import Recorder
from support.upstream import Upstream


def pytest_report_header():
    return f"patchbay: {paths.BINARY} (deadlines x {paths.SLOWNESS:g})"


def pytest_configure(config):
    if not paths.BINARY.exists():
        raise pytest.UsageError(
            f"{paths.BINARY} is not there: build the preset, or set PATCHBAY_BIN"
        )


class Searched:
    """What was looked through for secrets and sanitizer reports: here, and in the workers of pytest-xdist."""

    def __init__(self):
        self.runs = self.size = 0
        self.found: list[str] = []

    def add(self, runs: int, size: int, found: list[str]):
        self.runs += runs
        self.size += size
        self.found += found


SEARCHED = pytest.StashKey()


def pytest_sessionstart(session):
    session.config.stash[SEARCHED] = Searched()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A worker of pytest-xdist has ended; one that died has told nothing, and its test is a failure already."""
    if told := getattr(node, "workeroutput", {}).get("searched"):
        node.config.stash[SEARCHED].add(*told)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """No secret and no sanitizer report in what any gateway of the session printed."""
    size = sum(len(output) for _, output in canary.captured)
    here = [len(canary.captured), size, canary.problems()]
    searched = session.config.stash[SEARCHED]
    searched.add(*here)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["searched"] = here
    if searched.found and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    searched = config.stash[SEARCHED]
    runs, size, found = searched.runs, searched.size, searched.found
    terminalreporter.write_line(
        f"searched {size} characters of output of {runs} gateway runs for "
        f"{len(canary.ALL)} secrets and sanitizer reports: {len(found)} found"
    )
    for line in found[:50]:
        terminalreporter.write_line("FAILED " + line, red=True)
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "real model" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"NOT TESTED with a real model: {len(skipped)} tests skipped", red=True
        )


@pytest.fixture(scope="session")
def aimock():
    mock = Aimock()
    yield mock
    mock.stop()


@pytest.fixture(scope="session")
def postgres():
    """A server for all tests; each has a schema of its own."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def books(request, tmp_path):
    """An empty store of each kind."""
    if request.param == "postgres":
        return PostgresBooks(request.getfixturevalue("postgres"))
    folder = tmp_path / "store"
    folder.mkdir()
    return SqliteBooks(folder)


@pytest.fixture(scope="module")
def upstream():
    """A scripted upstream; tests add to its `scripts`."""
    server = Upstream({"default": answers.default})
    yield server
    server.stop()


@pytest.fixture
def start(tmp_path):
    """start(config, ...) runs a gateway for one test and checks that it ends well."""
    running = []

    def run(configuration, **options):
        folder = tmp_path / str(len(running))
        folder.mkdir()
        gateway = Gateway(folder, configuration, **options)
        running.append(gateway)
        return gateway

    yield run
    statuses = [gateway.stop() for gateway in running]
    assert statuses == [0] * len(statuses)


@pytest.fixture
def recorded(start, upstream, tmp_path):
    """recorded(script, ...) makes one call and gives its record; support/records.py says how."""
    return Recorder(start, upstream, tmp_path)


def scripted_config(upstream, **more) -> dict:
    """The models `scripted` (OpenAI's format) and `scripted-claude` (Anthropic's) at a scripted upstream."""
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment(
            "scripted-claude", "anthropic/claude-sonnet-4-20250514", upstream.url, canary.ANTHROPIC
        ),
        **more,
    )


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    """A gateway before the module's scripted upstream, without retries."""
    running = Gateway(tmp_path_factory.mktemp("gateway"), scripted_config(upstream))
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def provider():
    """A provider of every API, for the client library."""
    server = client.provider()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def patchbay_package(provider, tmp_path_factory):
    """The Python package, imported, with the provider in the place of all others."""
    before = dict(os.environ)
    os.environ.update(client.environment(provider, tmp_path_factory.mktemp("state")))
    sys.path.insert(0, str(client.PACKAGE))
    import patchbay

    yield patchbay
    sys.path.remove(str(client.PACKAGE))
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def patchbay(patchbay_package, provider):
    """The same with its settings as they are at first, and a provider that was asked nothing."""
    provider.clear()
    patchbay_package._settings.install()
    yield patchbay_package
    patchbay_package._settings.install()
    for name in [name for name in vars(patchbay_package) if name.endswith("_key") and name != "api_key"]:
        if isinstance(getattr(patchbay_package, name), str):
            delattr(patchbay_package, name)


@pytest.fixture
def run_python(provider, tmp_path):
    """run_python(program): its output. The program has the package, an allocator that checks what it is given back,
    and warnings that are errors; it must end well, and in time."""

    def run(text: str, status: int = 0) -> str:
        done = subprocess.run(
            [client.python(), "-W", "error", "-c", textwrap.dedent(text)],
            env={**client.environment(provider, tmp_path), "PYTHONMALLOC": "debug", "PYTHONFAULTHANDLER": "1"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=paths.deadline(60),
        )
        assert done.returncode == status, done.stderr[-3000:]
        assert status != 0 or done.stderr == ""
        return done.stdout

    provider.clear()
    return run
