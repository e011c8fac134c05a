"""The books: every attempt that was answered is in them, once, whatever becomes of the process."""

import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from support import answers, canary, paths
from support.books import SqliteBooks, check
from support.days import today
from support.gateway import Gateway, command, config, deployment
from support.wire import ask, chat

PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, for what the scripted upstream says it used


def ledger_config(upstream, books, **more):
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI, **more),
        general_settings={"database_url": books.url},
    )


@pytest.fixture
def state(tmp_path):
    return {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}


def test_attempts_are_in_the_books(start, upstream, books, state):

    failed = []

    async def once_down(exchange):
        if not failed:
            failed.append(exchange)
            return await exchange.answer(500, answers.openai_error("down"))
        return await answers.default(exchange)

    upstream.scripts["once-down"] = once_down
    gateway = start(ledger_config(upstream, books, num_retries=1), env=state)
    answer = ask(gateway.port, chat("default", "scripted", user="shop"))
    assert answer.status == 200
    answer = ask(gateway.port, chat("once-down", "scripted"))
    assert answer.status == 200 and answer.headers["x-litellm-attempted-retries"] == "1"
    ask(gateway.port, chat("default", "scripted", stream=True))
    assert gateway.stop() == 0
    found = books.query("SELECT attempt, status, prompt, completion, charge FROM entry ORDER BY started")
    assert found == [
        (1, 200, 11, 4, PRICE),
        (1, 500, 0, 0, 0),
        (2, 200, 11, 4, PRICE),
        (1, 200, 11, 4, PRICE),
    ]
    customers = books.query(
        "SELECT text, COUNT(*) FROM entry JOIN identity ON identity.id = customer GROUP BY text"
    )
    assert dict(customers) == {"shop": 1, "": 3}
    status, said = check(books)
    assert status == 0, said
    assert "4 entries" in said and "charged 0.0002025 $" in said and "all rules hold" in said


@pytest.mark.parametrize("round_", range(3))
def test_a_killed_gateway_loses_and_doubles_nothing(upstream, books, state, tmp_path, round_):
    """Clients count whole answers; each is in the books once after the next start."""
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

    gateway = Gateway(tmp_path, ledger_config(upstream, books), env=state, workers=2)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(client, gateway)
    gateway.wait(20)
    gateway._keep()

    again = Gateway(tmp_path, ledger_config(upstream, books), env=state, workers=1)
    assert again.stop() == 0
    booked = [call for (call,) in books.query("SELECT client_call FROM entry WHERE status = 200")]
    assert len(booked) == len(set(booked)), "doubled"
    assert set(answered) <= set(booked), "lost"
    status, said = check(books)
    assert status == 0, said


def test_books_that_do_not_agree_are_told(start, upstream, books, state):
    gateway = start(ledger_config(upstream, books), env=state)
    assert ask(gateway.port, chat("default", "scripted")).status == 200
    assert gateway.stop() == 0
    books.query("UPDATE entry SET charge = charge + 1")
    status, said = check(books)
    assert status == 65
    assert "VIOLATED: I3" in said


def test_books_that_cannot_be_read_are_not_taken_for_wrong_ones(start, upstream, state, tmp_path):
    books = SqliteBooks(tmp_path)
    assert start(ledger_config(upstream, books), env=state).stop() == 0
    assert command("ledger", "check", books.url)[0] == 0  # as `database_url` has it
    for place in (tmp_path / "nowhere.db", f"sqlite://{tmp_path}/nowhere.db", __file__):
        status, said = command("ledger", "check", place)
        assert status == 69, said


def test_entries_of_old_days_are_forgotten_and_their_sums_stay(start, upstream, books, state):
    tomorrow = today() + timedelta(days=1)
    gateway = start(ledger_config(upstream, books), env=state)
    assert ask(gateway.port, chat("default", "scripted")).status == 200
    assert gateway.stop() == 0
    assert close(books, tomorrow)[0] == 69
    status, said = close(books, tomorrow - timedelta(days=1))
    assert status == 0 and "0 entries are forgotten, 1 are left" in said
    # The entry becomes one of yesterday, with its sums.
    if books.kind == "postgres":
        books.query("SELECT make_day(MIN(day) - 1) FROM entry")
    for table in ("entry", "daily"):
        books.query(f"UPDATE {table} SET day = day - 1")
    books.query("UPDATE batch SET first_day = first_day - 1")
    assert check(books)[0] == 0
    status, said = close(books, tomorrow - timedelta(days=1))
    assert status == 0 and "1 entries are forgotten, 0 are left" in said
    assert books.query("SELECT charge FROM daily") == [(PRICE,)]
    assert check(books) == (
        0,
        "0 entries in 1 batches: cost 0 $, charged 0 $\nall rules hold\n",
    )
    assert ask(start(ledger_config(upstream, books), env=state).port, chat("default", "scripted"))


def close(books, day) -> tuple[int, str]:
    done = subprocess.run(
        [paths.BINARY, "ledger", "close", books.place, "--from", str(day)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("store", ["a file", "a server"])
def test_a_store_that_cannot_be_used_is_no_start(upstream, state, tmp_path, store):
    configuration = tmp_path / "config.yaml"
    books = SqliteBooks(tmp_path / "no" / "such")
    if store == "a server":  # that is not there, and is waited for
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            books.url = f"postgresql://ada:{canary.MISC}@127.0.0.1:{taken.getsockname()[1]}/books"
    Gateway.write(type("File", (), {"file": configuration}), ledger_config(upstream, books))
    done = subprocess.run(
        [paths.BINARY, "--config", configuration, "--port", "0"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **state},
    )
    assert done.returncode == 69
    said = done.stdout + done.stderr
    assert "the books cannot be kept" in said
    assert canary.MISC not in said
