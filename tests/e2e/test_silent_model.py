"""Copies of calls for a `silent_model`: in nobody's way."""

import json

import pytest

from support import answers, canary, paths
from support.gateway import config, deployment
from support.metrics import grown, scrape
from support.process import eventually
from support.wire import ask, chat


def model(upstream, name, **params):
    return deployment(name, f"openai/{name}", upstream.url + "/v1", canary.OPENAI, **params)


def mirrored(upstream, name, silent):
    """A script by which the silent model does what it is told; what each model was asked."""
    asked = {"loud": [], "silent": []}

    async def script(exchange):
        asked[exchange.json["model"]].append(exchange)
        await (silent if exchange.json["model"] == "silent" else answers.default)(exchange)

    upstream.scripts[name] = script
    return asked


def configured(upstream, **more):
    return config(model(upstream, "loud", silent_model="silent"), model(upstream, "silent"), **more)


def test_the_silent_model_gets_a_copy(start, upstream, tmp_path, books):
    log = tmp_path / "calls.jsonl"
    gateway = start(
        configured(
            upstream,
            litellm_settings={"callbacks": ["file"]},
            callback_settings={"file": {"url": f"file://{log}", "flush_interval": 0.05}},
            general_settings={"database_url": books.url},
        ),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )
    asked = mirrored(upstream, "copy", answers.default)
    answer = ask(gateway.port, chat("copy", "loud", metadata={"trace_id": "T-1"}, temperature=0.5))
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == "loud"
    eventually(lambda: log.exists() and len(log.read_text().splitlines()) == 2, paths.deadline(10))
    loud, silent = asked["loud"][0].json, asked["silent"][0].json
    assert silent.pop("model") == "silent" and loud.pop("model") == "loud"
    assert silent == loud
    records = {r["model_group"]: r for r in map(json.loads, log.read_text().splitlines())}
    assert records["silent"]["id"] == answer.headers["x-litellm-call-id"] + "-silent"
    assert "is_silent_experiment" in json.dumps(records["silent"]["metadata"])
    assert "is_silent_experiment" not in json.dumps(records["loud"])
    assert gateway.stop() == 0
    assert books.query("SELECT COUNT(*) FROM entry") == [(2,)]


def test_it_is_no_customers_and_no_tags_in_the_books(start, upstream, books):
    gateway = start(configured(upstream, general_settings={"database_url": books.url}))
    asked = mirrored(upstream, "owed", answers.default)
    said = chat("owed", "loud", user="shop", metadata={"tags": ["prod"]})
    assert ask(gateway.port, said).status == 200
    eventually(
        lambda: len(asked["silent"]) == 1 and scrape_requests(gateway) == 2, paths.deadline(20)
    )
    assert gateway.stop() == 0
    owed = books.query(
        "SELECT g.text, COUNT(c.id), SUM(CASE WHEN LENGTH(e.counters) > 0 THEN 1 ELSE 0 END) "
        "FROM entry e JOIN identity g ON g.id = e.model_group "
        "LEFT JOIN identity c ON c.id = e.customer AND c.text = 'shop' GROUP BY g.text ORDER BY 1"
    )
    assert owed == [("loud", 1, 1), ("silent", 0, 0)]


def test_its_failure_is_nobodys(start, upstream):
    gateway = start(configured(upstream))
    asked = mirrored(upstream, "fails", answers.error(500, answers.openai_error("down")))
    for stream in (False, True):
        assert ask(gateway.port, chat("fails", "loud", stream=stream)).status == 200
    eventually(lambda: len(asked["silent"]) == 2, paths.deadline(20))
    assert len(asked["loud"]) == 2


def test_it_holds_nothing_up(start, upstream):
    gateway = start(configured(upstream))
    asked = mirrored(upstream, "hangs", answers.hang)
    before = scrape(gateway)
    for _ in range(150):
        assert ask(gateway.port, chat("hangs", "loud")).status == 200
    after = scrape(gateway)
    made = grown(before, after, "patchbay_silent_calls_total")
    dropped = grown(before, after, "patchbay_silent_calls_dropped_total")
    # 128 for each loop.
    assert made + dropped == 150 and made >= 128
    assert gateway.stop() == 0
    assert len(asked["silent"]) <= made


def test_copies_have_no_copies(start, upstream):
    gateway = start(
        config(
            model(upstream, "loud", silent_model="silent"),
            model(upstream, "silent", silent_model="loud"),
        )
    )
    asked = mirrored(upstream, "once", answers.default)
    assert ask(gateway.port, chat("once", "loud")).status == 200
    eventually(
        lambda: len(asked["silent"]) == 1 and scrape_requests(gateway) == 2, paths.deadline(20)
    )
    assert len(asked["loud"]) == 1


def scrape_requests(gateway):
    return sum(
        value
        for (name, _), value in scrape(gateway).items()
        if name == "litellm_proxy_total_requests_metric_total"
    )


@pytest.mark.parametrize("group", ["silent", "sil*"])
def test_a_guardrail_of_the_silent_model_is_not_passed_by(start, upstream, group):
    made = config(
        model(upstream, "loud", silent_model="silent"),
        model(upstream, group, guardrails=["no-birds"]),
    )
    made["guardrails"] = [
        {
            "guardrail_name": "no-birds",
            "litellm_params": {
                "guardrail": "litellm_content_filter",
                "mode": "pre_call",
                "blocked_words": [{"keyword": "kestrel", "action": "BLOCK"}],
            },
        }
    ]
    gateway = start(made)
    asked = mirrored(upstream, "guarded", answers.default)
    before = scrape(gateway)
    assert ask(gateway.port, chat("guarded", "loud")).status == 200
    assert grown(before, scrape(gateway), "patchbay_silent_calls_dropped_total") == 1
    assert asked["silent"] == []


def test_a_name_that_leads_nowhere_has_no_copies(start, upstream):
    gateway = start(config(model(upstream, "loud", silent_model="nobody")))
    before = scrape(gateway)
    assert ask(gateway.port, chat("default", "loud")).status == 200
    assert grown(before, scrape(gateway), "patchbay_silent_calls_total") == 0
    assert gateway.stop() == 0
