"""The books: every attempt that was answered is in them, once, whatever becomes of the process."""

import os
import signal
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import answers, canary, paths
from support.gateway import Gateway, config, deployment
from support.wire import ask, chat

PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, for what the scripted upstream says it used


def ledger_config(upstream, file, **more):
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI, **more),
        general_settings={"database_url": f"sqlite://{file}"},
    )


def rows(file, sql):
    with sqlite3.connect(file) as database:
        return database.execute(sql).fetchall()


def check(file) -> tuple[int, str]:
    done = subprocess.run(
        [paths.BINARY, "ledger", "check", file], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "ledger"
    made.mkdir()
    return made


def test_attempts_are_in_the_books(start, upstream, folder):
    file = folder / "ledger.db"

    async def once_down(exchange):
        if not getattr(upstream, "ledger_down", False):
            upstream.ledger_down = True
            return await exchange.answer(500, answers.openai_error("down"))
        return await answers.default(exchange)

    upstream.scripts["once-down"] = once_down
    gateway = start(
        ledger_config(upstream, file, num_retries=1),
        env={"PATCHBAY_STATE_DIR": str(folder / "state")},
    )
    answer = ask(gateway.port, chat("default", "scripted", user="shop"))
    assert answer.status == 200
    answer = ask(gateway.port, chat("once-down", "scripted"))
    assert answer.status == 200 and answer.headers["x-litellm-attempted-retries"] == "1"
    ask(gateway.port, chat("default", "scripted", stream=True))
    assert gateway.stop() == 0
    found = rows(file, "SELECT attempt, status, prompt, completion, charge FROM entry ORDER BY started")
    assert found == [
        (1, 200, 11, 4, PRICE),
        (1, 500, 0, 0, 0),
        (2, 200, 11, 4, PRICE),
        (1, 200, 11, 4, PRICE),
    ]
    customers = rows(
        file,
        "SELECT text, COUNT(*) FROM entry JOIN identity ON identity.id = customer GROUP BY text",
    )
    assert dict(customers) == {"shop": 1, "": 3}
    status, said = check(file)
    assert status == 0, said
    assert "4 entries" in said and "charged 0.0002025 $" in said and "all rules hold" in said


@pytest.mark.parametrize("round_", range(3))
def test_a_killed_gateway_loses_and_doubles_nothing(upstream, folder, tmp_path, round_):
    """Clients count whole answers; each is in the books once after the next start."""
    file = folder / "ledger.db"
    env = {"PATCHBAY_STATE_DIR": str(folder / "state")}
    answered = []

    def client(gateway):
        while True:
            try:
                answer = ask(gateway.port, chat("default", "scripted"))
            except Exception:  # the gateway is gone
                return
            if answer.status == 200 and answer.complete:
                answered.append(answer.headers["x-litellm-call-id"])
            if len(answered) == 100 + 37 * round_:
                os.kill(gateway.pid, signal.SIGKILL)

    gateway = Gateway(tmp_path, ledger_config(upstream, file), env=env, workers=2)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(client, gateway)
    gateway.wait(20)
    gateway._keep()

    again = Gateway(tmp_path, ledger_config(upstream, file), env=env, workers=1)
    assert again.stop() == 0
    booked = [call for (call,) in rows(file, "SELECT client_call FROM entry WHERE status = 200")]
    assert len(booked) == len(set(booked)), "doubled"
    assert set(answered) <= set(booked), "lost"
    status, said = check(file)
    assert status == 0, said


def test_books_that_do_not_agree_are_told(start, upstream, folder):
    file = folder / "ledger.db"
    gateway = start(
        ledger_config(upstream, file), env={"PATCHBAY_STATE_DIR": str(folder / "state")}
    )
    assert ask(gateway.port, chat("default", "scripted")).status == 200
    assert gateway.stop() == 0
    rows(file, "UPDATE entry SET charge = charge + 1")
    status, said = check(file)
    assert status == 65
    assert "VIOLATED: I3" in said


def test_a_store_that_cannot_be_used_is_no_start(upstream, folder, tmp_path):
    configuration = tmp_path / "config.yaml"
    file = folder / "no" / "such" / "ledger.db"
    Gateway.write(type("File", (), {"file": configuration}), ledger_config(upstream, file))
    done = subprocess.run(
        [paths.BINARY, "--config", configuration, "--port", "0"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PATCHBAY_STATE_DIR": str(folder / "state")},
    )
    assert done.returncode == 69
    assert "the books cannot be kept" in done.stdout + done.stderr
