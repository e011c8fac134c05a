"""A provider's file is replaced under a running gateway: new calls use the new one, old calls finish in the
old one, and whatever is wrong with the new one leaves the old one serving."""

import asyncio
import os
import shutil
import signal

import pytest

from support import canary, paths
from support.answers import piece
from support.gateway import config, deployment
from support.process import eventually
from support.versions import PLUGIN, SHIPPED, build, versions_in
from support.wire import Wire, ask, chat, request


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """built(3) is version 3 of the fixture, compiled once; built(3, VERSIONED_FAILS=1) a bad build of it."""
    folder = tmp_path_factory.mktemp("versions")
    made = {}

    def get(version, **defines):
        key = (version, *sorted(defines.items()))
        if key not in made:
            made[key] = build(folder / f"v{len(made)}.so", version, **defines)
        return made[key]

    return get


class World:
    """A gateway whose model `fresh` is served by the fixture in a directory of its own."""

    def __init__(self, start, upstream, folder, first, workers=1, master_key=canary.MASTER, **plugins):
        folder.mkdir()
        self.file = folder / "versioned.so"
        self.upstream = upstream
        self.plugins = {"directories": [str(SHIPPED), str(folder)], **plugins}
        self.move(first)
        self.master_key = master_key
        self.gateway = start(self.config(), workers=workers)

    def config(self, **plugins):
        return config(
            deployment("fresh", "versioned/m", self.upstream.url + "/v1", canary.MISC),
            master_key=self.master_key,
            plugins={**self.plugins, **plugins},
        )

    def copy(self, source):
        """As `cp` does it: the same file is truncated and written again."""
        with open(source, "rb") as read, open(self.file, "wb") as write:
            shutil.copyfileobj(read, write)

    def move(self, source):
        """As a package manager does it: a new file takes the name."""
        beside = self.file.with_suffix(".tmp")
        shutil.copy(source, beside)
        os.chmod(beside, 0o644)
        beside.rename(self.file)

    def ask(self, **more):
        answer = ask(self.gateway.port, chat(model="fresh", **more))
        assert answer.status == 200, answer.body
        return versions_in(answer.body.decode())

    def post(self, path, key=canary.MASTER):
        return ask(self.gateway.port, method="POST", path=f"/admin/plugins{path}", key=key)

    def reload(self):
        """What became of the fixture's plugin."""
        answer = self.post("/reload")
        assert answer.status == 200, answer.body
        return next(p for p in answer.json["plugins"] if p["file"] == str(self.file))

    def metrics(self):
        return ask(self.gateway.port, method="GET", path="/metrics").body.decode()

    def listed(self):
        answer = ask(self.gateway.port, method="GET", path="/admin/plugins", key=self.master_key)
        assert answer.status == 200, answer.body
        return next(p for p in answer.json["plugins"] if p["id"] == PLUGIN)


@pytest.fixture
def world(start, upstream, tmp_path, built):
    def make(version=1, **options):
        return World(start, upstream, tmp_path / "plugins", built(version), **options)

    return make


@pytest.mark.parametrize("way", ["copy", "move"])
def test_a_replaced_file_serves_new_calls(world, built, way):
    running = world()
    assert running.ask() == {1}
    getattr(running, way)(built(2))
    assert running.ask() == {1}
    change = running.reload()
    assert (change["result"], change["generation"]) == ("replaced", 2)
    assert running.ask() == {2}
    assert running.ask(stream=True) == {2}
    listed = running.listed()
    assert (listed["version"], listed["generation"], listed["state"]) == ("1.0.2", 2, "serving")


def test_sighup_reloads_plugins_too(world, built):
    running = world()
    running.copy(built(2))
    running.gateway.signal(signal.SIGHUP)
    eventually(lambda: running.ask() == {2}, paths.deadline(10))


def test_an_unchanged_file_keeps_its_generation(world):
    running = world()
    for _ in range(3):
        assert running.reload()["result"] == "kept"
    assert running.listed()["generation"] == 1


def test_a_call_finishes_in_the_version_it_began_in(world, built, upstream):
    turns = asyncio.Queue()

    async def across(exchange):
        await exchange.start_stream()
        await exchange.event(piece("before"))
        await turns.get()
        await exchange.event(piece("after"))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["across"] = across
    running = world()
    with Wire(running.gateway.port) as wire:
        wire.send(request(chat("across", model="fresh", stream=True)))
        wire.until(b"v=1; v=1;")
        running.copy(built(2))
        assert running.reload()["result"] == "replaced"
        assert running.ask() == {2}
        listed = running.listed()
        assert [(g["generation"], g["in_flight"]) for g in listed["draining"]] == [(1, 1)]
        upstream.loop.call_soon_threadsafe(turns.put_nowait, None)
        wire.until(b"v=1; v=1;")
        wire.until(b"[DONE]")
    eventually(lambda: running.listed()["draining"] == [], paths.deadline(10))


BAD = {
    "half-written": "truncated ELF",
    "text": "not an ELF file",
    "refuses-settings": "refused",
    "lost-prefix": "no loaded plugin provides",
    "crashes": "crashed on load",
    "writable": "writable by everybody",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_keeps_the_version_before(world, built, kind):
    running = world()
    good = built(2).read_bytes()
    if kind == "half-written":
        running.file.write_bytes(good[: len(good) // 2])
    elif kind == "text":
        running.file.write_text("this is no shared library\n")
    elif kind == "refuses-settings":
        running.copy(built(2, FIXTURE_REFUSES=1))
    elif kind == "lost-prefix":
        running.copy(built(2, VERSIONED_PREFIX='"another"'))
    elif kind == "crashes":
        running.copy(built(2, VERSIONED_CRASHES=1))
    else:
        running.copy(built(2))
        running.file.chmod(0o666)
    at = running.gateway.mark()
    change = running.reload()
    assert (change["result"], change["generation"]) == ("failed", 1)
    assert BAD[kind] in change["reason"]
    running.gateway.wait_for(r"generation 1 of plugin org\.example\.versioned stays in use", 5, at)
    assert running.ask() == {1}
    assert BAD[kind] in running.listed()["last_error"]["message"]
    failures = f'patchbay_plugin_reload_failures_total{{plugin="{PLUGIN}"}} 1'
    assert failures in running.metrics()
    running.file.chmod(0o644)
    running.copy(built(3))
    assert running.reload()["result"] == "replaced"
    assert running.ask() == {3}
    assert running.listed()["last_error"] is None


def test_a_file_with_unique_symbols_is_not_replaced(start, upstream, tmp_path, built):
    running = World(start, upstream, tmp_path / "plugins", built(1, unique=True))
    assert running.listed()["replaceable"] is False
    running.copy(built(2, unique=True))
    change = running.reload()
    assert change["result"] == "failed"
    assert "STB_GNU_UNIQUE" in change["reason"]
    assert running.ask() == {1}


def test_a_file_that_is_gone_stays_while_it_is_needed(world):
    running = world()
    running.file.unlink()
    change = running.reload()
    assert change["result"] == "kept"
    assert "still needed" in change["reason"]
    assert running.listed()["file_gone"] is True
    assert running.ask() == {1}
    at = running.gateway.reload(
        config(
            deployment("other", "openai/gpt-4o", running.upstream.url + "/v1", canary.OPENAI),
            plugins=running.plugins,
        )
    )
    running.gateway.wait_for(r"plugin org\.example\.versioned: removed", paths.deadline(10), at)


def test_watch_notices_a_plain_copy_and_a_rename(world, built):
    running = world(reload="watch")
    running.copy(built(2))
    eventually(lambda: running.ask() == {2}, paths.deadline(15))
    running.move(built(3))
    eventually(lambda: running.ask() == {3}, paths.deadline(15))


def test_watch_waits_for_the_whole_file(world, built):
    running = world(reload="watch")
    data = built(2).read_bytes()
    at = running.gateway.mark()
    with open(running.file, "wb") as file:
        file.write(data[:4000])
        file.flush()
        # Longer than a change has to rest: the file is still open for writing.
        with pytest.raises(AssertionError):
            running.gateway.wait_for("looked at again", 1.5, at)
        file.write(data[4000:])
    running.gateway.wait_for("looked at again", paths.deadline(10), at)
    assert running.ask() == {2}
    assert "stays in use" not in "\n".join(running.gateway.lines[at:])


def test_off_reads_no_plugin_file(world, built):
    running = world(reload="off")
    running.copy(built(2))
    refused = running.post("/reload")
    assert refused.status == 409
    assert "plugins.reload is off" in refused.error["message"]
    at = running.gateway.reload(running.config())
    running.gateway.wait_for("configuration loaded again", paths.deadline(10), at)
    assert running.ask() == {1}


def test_a_reload_of_plugins_does_not_read_the_configuration(world, built):
    running = world()
    running.gateway.write("model_list: [\n")
    running.copy(built(2))
    assert running.reload()["result"] == "replaced"
    assert running.ask() == {2}


def test_the_admin_api_needs_the_master_key(world, start, upstream, tmp_path, built):
    running = world()
    assert running.post("/reload", key="sk-wrong").status == 401
    assert ask(running.gateway.port, method="GET", path="/admin/plugins", key="sk-wrong").status == 401
    assert ask(running.gateway.port, method="GET", path="/admin/plugins/reload").status == 405
    assert running.post("/no.such.plugin/promote").status == 404
    assert running.post(f"/{PLUGIN}/promote").status == 409
    open_one = World(start, upstream, tmp_path / "open", built(1), master_key=None)
    assert open_one.post("/reload", key=None).status == 403
    assert open_one.listed()["generation"] == 1


def share(running, calls=200):
    seen = [next(iter(running.ask())) for _ in range(calls)]
    return seen.count(2) / calls


def test_a_canary_gets_its_share_until_it_is_promoted(world, built):
    running = world(**{PLUGIN: {"canary": "25%"}})
    running.copy(built(2))
    assert running.reload()["result"] == "on_trial"
    assert 0.1 < share(running) < 0.45
    trial = running.listed()["canary"]
    assert (trial["generation"], trial["share"]) == (2, 0.25)
    assert trial["new_version"]["calls"] + trial["old_version"]["calls"] == 200
    assert running.reload()["result"] == "kept"
    promoted = running.post(f"/{PLUGIN}/promote")
    assert promoted.status == 200, promoted.body
    assert share(running, 20) == 1
    assert running.listed()["canary"] is None
    assert running.listed()["generation"] == 2


def test_a_canary_is_rolled_back_by_the_operator(world, built):
    running = world(**{PLUGIN: {"canary": "50%"}})
    running.copy(built(2))
    running.reload()
    assert running.post(f"/{PLUGIN}/rollback").status == 200
    assert share(running, 30) == 0
    again = running.reload()
    assert again["result"] == "failed"
    assert "rolled back" in again["reason"]
    running.copy(built(3))
    assert running.reload()["result"] == "on_trial"


@pytest.mark.parametrize(
    "define, why", [("VERSIONED_FAULTS", "broke the plugin contract"), ("VERSIONED_FAILS", "failed, against")]
)
def test_a_bad_canary_is_rolled_back_by_itself(world, built, define, why):
    running = world(**{PLUGIN: {"canary": "50%"}})
    running.copy(built(2, **{define: 1}))
    assert running.reload()["result"] == "on_trial"

    def rolled_back():
        ask(running.gateway.port, chat(model="fresh"))
        listed = running.listed()
        return listed["canary"] is None and listed["last_error"]

    error = eventually(rolled_back, paths.deadline(20), 0)
    assert why in error["message"]
    assert share(running, 30) == 0


def test_many_replacements_pile_up_nothing(world, built, tmp_path):
    running = world()
    versions = [built(number) for number in (2, 3, 4, 1)]

    def round_of():
        for source in versions:
            running.copy(source)
            assert running.reload()["result"] == "replaced"
            running.ask()

    def mapped():
        with open(f"/proc/{running.gateway.pid}/maps") as maps:
            return {line.split()[-1] for line in maps if PLUGIN in line}

    round_of()
    files, memory, copies = running.gateway.open_files(), running.gateway.rss(), mapped()
    for _ in range(10):
        round_of()
    eventually(lambda: running.listed()["draining"] == [], paths.deadline(10))
    assert running.gateway.open_files() <= files + 5
    assert mapped() == copies
    assert paths.SANITIZED or running.gateway.rss() < memory + (8 << 20)


def test_copies_that_nobody_uses_are_removed(world, built):
    state = paths.OUT / "state" / "plugins"
    running = world()

    def copies(version):
        return list(state.glob(f"{PLUGIN}-1.0.{version}-*.so"))

    left = state / "org.example.left-1.0.0-0123456789ab.so"
    left.write_bytes(b"left by a process that is no more")
    running.copy(built(9))
    running.reload()
    # The old one is still mapped by this process, though no call uses it.
    assert copies(1) and copies(9)
    assert not left.exists()
