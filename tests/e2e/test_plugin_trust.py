"""Which plugin files may run, where they may call, and what becomes of one that misbehaves."""

import shutil
import subprocess
import time

import pytest

from support import answers, canary, paths
from support.gateway import command, config, deployment, sha256
from support.wire import ask, chat
from test_plugin_files import FIXTURES, SHIPPED, build, write


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The fixtures of this file, built with the C compiler alone."""
    folder = tmp_path_factory.mktemp("built")
    for name in ("good", "calls_elsewhere", "faults_on_word", "slow_feed"):
        build(FIXTURES / f"{name}.c", folder / f"{name}.so")
    shutil.copyfile(FIXTURES / "good_rows.json", folder / "good_rows.json")
    return folder


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "plugins"
    made.mkdir(mode=0o755)
    return made


def add(built, folder, name):
    shutil.copy(built / f"{name}.so", folder)
    if name == "good":
        shutil.copyfile(built / "good_rows.json", folder / "good_rows.json")
    return folder / f"{name}.so"


def with_plugins(folder, *deployments, shipped=True, num_retries=0, **plugins):
    directories = [str(SHIPPED)] if shipped else []
    plugins["directories"] = [*directories, str(folder)]
    return config(*deployments, num_retries=num_retries, plugins=plugins)


def good_model(upstream):
    return deployment("fresh", "good/model-1", upstream.url + "/v1", canary.MISC)


def checked(tmp_path, made):
    return command("check", write(tmp_path, made))


def test_only_pinned_files_run(upstream, built, folder, tmp_path):
    file = add(built, folder, "good")

    def check(pins):
        made = with_plugins(folder, good_model(upstream), shipped=False, trust={"sha256": pins})
        return checked(tmp_path, made)

    for pins in (
        {"org.example.good": sha256(file)},
        {"good.so": [sha256(file), "0" * 64]},
        [sha256(file)],
    ):
        status, output = check(pins)
        assert status == 0, output
    status, output = check({"good.so": "0" * 64})
    assert status != 0
    assert "good.so" in output and "is not the one pinned" in output and sha256(file) in output
    status, output = check({"org.example.other": sha256(file)})
    assert status != 0
    assert "not pinned" in output
    status, output = check({"good.so": "abc"})
    assert status == 78
    assert "64 hexadecimal digits" in output
    assert "checked.yaml:1:" in output


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, timeout=60, capture_output=True)


def make_key(folder, name):
    openssl("genpkey", "-algorithm", "ed25519", "-out", folder / f"{name}.key")
    openssl("pkey", "-in", folder / f"{name}.key", "-pubout", "-out", folder / f"{name}.pub")
    (folder / f"{name}.pub").chmod(0o644)


def sign(key, file):
    """The command that docs/operating.md gives."""
    openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file, "-out", f"{file}.sig")


def test_only_signed_files_run(start, upstream, built, folder, tmp_path):
    file = add(built, folder, "good")
    for name in ("mine", "other"):
        make_key(tmp_path, name)
    made = with_plugins(
        folder, good_model(upstream), shipped=False, trust={"ed25519": [str(tmp_path / "mine.pub")]}
    )

    status, output = checked(tmp_path, made)
    assert status != 0
    assert "good.so.sig cannot be opened" in output

    sign(tmp_path / "other.key", file)
    status, output = checked(tmp_path, made)
    assert status != 0
    assert "made by none of the keys" in output

    sign(tmp_path / "mine.key", file)
    status, output = checked(tmp_path, made)
    assert status == 0, output
    running = start(made)
    assert ask(running.port, chat(model="fresh")).status == 200

    with open(file, "ab") as more:
        more.write(b"\0")
    status, output = checked(tmp_path, made)
    assert status != 0
    assert "made by none of the keys" in output

    made["plugins"]["trust"]["ed25519"] = [str(tmp_path / "gone.pub")]
    status, output = checked(tmp_path, made)
    assert status == 78
    assert "gone.pub cannot be opened" in output


def test_a_call_to_another_origin_is_not_made(start, upstream, built, folder):
    add(built, folder, "calls_elsewhere")
    elsewhere = upstream.url + "/v1"
    models = [
        deployment("polite", "calls-elsewhere/" + elsewhere, "http://127.0.0.1:9/v1", canary.MISC),
        deployment(
            "careless", "calls-elsewhere/careless+" + elsewhere, "http://127.0.0.1:9", canary.MISC
        ),
    ]
    gateway = start(with_plugins(folder, *models))
    upstream.clear()
    for _ in range(3):
        answer = ask(gateway.port, chat(model="polite"))
        assert answer.status == 403
        assert "denied" in answer.error["message"]
    answer = ask(gateway.port, chat(model="careless"))
    assert answer.status == 500
    assert "calls-elsewhere" in answer.error["message"]
    assert "not on its egress list" in answer.error["message"]
    assert upstream.requests == []
    gateway.wait_for("may not call", paths.deadline(20))
    said = [line for line in gateway.lines if f"may not call {upstream.url}:" in line]
    assert len(said) == 1, gateway.output
    assert "'calls-elsewhere'" in said[0]
    metrics = ask(gateway.port, method="GET", path="/metrics").body.decode()
    labels = '{plugin="org.example.calls-elsewhere",component="calls-elsewhere",generation="1"}'
    assert f"patchbay_plugin_egress_denied_total{labels} 4" in metrics

    opened = start(
        with_plugins(folder, *models, **{"org.example.calls-elsewhere": {"egress": [upstream.url]}})
    )
    assert ask(opened.port, chat(model="polite")).status == 200
    assert len(upstream.requests) == 1


def test_a_component_that_keeps_failing_rests_and_comes_back(start, upstream, built, folder):
    async def faulty(exchange):
        await exchange.answer(200, answers.completion(text="FAULT"))

    upstream.scripts["makes-it-fail"] = faulty
    add(built, folder, "faults_on_word")
    cooldown = 3 * paths.SLOWNESS
    gateway = start(
        with_plugins(
            folder,
            deployment("bad", "faults-on-word/m", upstream.url + "/v1", canary.MISC),
            deployment("both", "faults-on-word/m", upstream.url + "/v1", canary.MISC),
            deployment("both", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            breaker={"faults": 3, "cooldown": cooldown},
            num_retries=2,
        )
    )
    state = (
        'patchbay_plugin_breaker_state{plugin="org.example.faults-on-word",'
        'component="faults-on-word",generation="1"} '
    )

    def metrics():
        return ask(gateway.port, method="GET", path="/metrics").body.decode()

    assert state + "0" in metrics()
    # One request with its two retries: three faults.
    answer = ask(gateway.port, chat("makes-it-fail", "bad"))
    assert answer.status == 500
    gateway.wait_for("'faults-on-word' is out of routing", paths.deadline(20))
    assert state + "1" in metrics()

    upstream.clear()
    answer = ask(gateway.port, chat(model="bad"))
    assert answer.status == 503
    assert "'faults-on-word' is out of routing" in answer.error["message"]
    assert upstream.requests == []
    for _ in range(10):
        assert ask(gateway.port, chat(model="both")).status == 200

    deadline = time.monotonic() + paths.deadline(20)
    while (answer := ask(gateway.port, chat(model="bad"))).status != 200:
        assert answer.status == 503
        assert time.monotonic() < deadline
    assert state + "0" in metrics()
    gateway.wait_for("'faults-on-word' is in routing again", paths.deadline(20))


def test_a_call_over_its_time_budget_fails(start, upstream, built, folder):
    add(built, folder, "slow_feed")
    gateway = start(
        with_plugins(
            folder,
            deployment("slow", "slow-feed/60", upstream.url, canary.MISC),
            **{"org.example.slow-feed": {"feed_budget": 0.02}},
        )
    )
    answer = ask(gateway.port, chat(model="slow"))
    assert answer.status == 500
    assert "'slow-feed' took" in answer.error["message"]
    assert "time budget" in answer.error["message"]


def test_large_requests_take_a_plugin_from_nobody(start, upstream, built, folder):
    add(built, folder, "slow_feed")
    breaker = {"faults": 2, "window": 60, "cooldown": 60}
    gateway = start(
        with_plugins(
            folder,
            deployment("slow", "slow-feed/200", upstream.url, canary.MISC),
            deployment("quick", "slow-feed/0", upstream.url, canary.MISC),
            **{"org.example.slow-feed": {"feed_budget": 0.02, "breaker": breaker}},
        )
    )
    large = chat(model="slow", messages=[{"role": "user", "content": "x" * (2 << 20)}])
    for stream in (False, True, False):
        answer = ask(gateway.port, {**large, "stream": stream})
        assert answer.status == 413, answer.body
        assert "too large for plugin component 'slow-feed'" in answer.error["message"]
    assert ask(gateway.port, chat(model="quick")).status == 200
    for _ in range(2):
        assert ask(gateway.port, chat(model="slow")).status == 500
    answer = ask(gateway.port, chat(model="quick"))
    assert answer.status == 503, "small ones count"
