"""What the configuration says of the books: how long entries are kept, whose they are, which budget all customers have."""

import httpx

from support import canary, paths
from support.books import check
from support.gateway import LOADED_AGAIN, config, deployment
from support.process import eventually
from support.wire import ask, chat

DAYS = 5


def made(upstream, books, general=None, **litellm):
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        general_settings={"database_url": books.url, **(general or {})},
        litellm_settings=litellm,
    )


def test_entries_are_forgotten_when_they_are_as_old_as_configured(start, upstream, books, tmp_path):
    state = {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}
    gateway = start(made(upstream, books), env=state)
    assert ask(gateway.port, chat("default", "scripted")).status == 200
    assert gateway.stop() == 0
    if books.kind == "postgres":
        for day in range(1, DAYS + 1):
            books.query(f"SELECT make_day(MIN(day) - {day}) FROM entry")
    for table in ("entry", "daily"):
        books.query(f"UPDATE {table} SET day = day - {DAYS}")
    books.query(f"UPDATE batch SET first_day = first_day - {DAYS}")
    ((charge,),) = books.query("SELECT SUM(charge) FROM daily")

    gateway = start(
        made(upstream, books, {"maximum_spend_logs_retention_period": f"{DAYS + 2}d"}), env=state
    )
    assert ask(gateway.port, chat("default", "scripted")).status == 200
    at = gateway.reload(
        made(upstream, books, {"maximum_spend_logs_retention_period": f"{DAYS - 1}d"})
    )
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    gateway.wait_for("entries of the books up to .* are forgotten", paths.deadline(20), at)
    eventually(lambda: books.query("SELECT COUNT(*) FROM entry") == [(1,)], paths.deadline(20))
    assert gateway.stop() == 0
    assert books.query("SELECT SUM(charge) FROM daily") == [(2 * charge,)], "their sums stay"
    assert "all rules hold" in check(books)[1]


def test_customers_are_not_in_the_books_if_they_are_not_to_be(start, upstream, books, tmp_path):
    gateway = start(
        made(upstream, books, disable_end_user_cost_tracking=True),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )
    assert ask(gateway.port, chat("default", "scripted", user="ada")).status == 200
    assert gateway.stop() == 0
    assert books.query("SELECT COUNT(*) FROM entry") == [(1,)]
    assert books.query("SELECT COUNT(*) FROM identity WHERE text = 'ada'") == [(0,)]


def test_a_budget_of_all_customers_that_is_not_there_is_told(start, upstream, books, tmp_path):
    configuration = made(upstream, books, max_end_user_budget_id="everybody")
    gateway = start(configuration, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    told = "max_end_user_budget_id names the budget everybody, which is not there"
    gateway.wait_for(told, paths.deadline(10))
    answer = httpx.post(
        gateway.url + "/budget/new",
        json={"budget_id": "everybody", "max_budget": 1},
        headers={"Authorization": f"Bearer {canary.MASTER}"},
    )
    assert answer.status_code == 200, answer.text
    at = gateway.reload(configuration)
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert not any(told in line for line in gateway.lines[at:])
