"""Prices that were wrong are put right afterwards, and the books are held against what providers say."""

import json
from datetime import UTC, datetime

import pytest

from support import answers, canary
from support.books import check
from support.days import today
from support.gateway import command, config, deployment
from support.wire import ask, chat

USED = (11, 4)  # tokens that the scripted upstream says it used
PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, nano-dollars


def table(model, text_in, text_out, day="2026-01-01"):
    row = {"model": model, "from": day, "source": "ops", "rates": {"text_in": text_in, "text_out": text_out}}
    return json.dumps(row, separators=(",", ":")) + "\n"


@pytest.fixture
def served(start, upstream, books, tmp_path):
    """Two calls of gpt-4o by a tagged customer, one of a model that has no price, one at a price of its own; all of a day."""
    day = today()
    address = upstream.url + "/v1"
    settings = config(
        deployment("scripted", "openai/gpt-4o", address, canary.OPENAI),
        deployment("new", "openai/gpt-99-nobody-knows", address, canary.OPENAI),
        deployment("own", "openai/gpt-4o", address, canary.OPENAI, input_cost_per_token=0.001,
                   output_cost_per_token=0.002),
        general_settings={"database_url": books.url},
        litellm_settings={"cost_margin_config": {"global": 0.5}},
    )
    gateway = start(settings, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})

    async def unknown(exchange):
        await exchange.answer(200, answers.completion(model="gpt-99-nobody-knows"))

    upstream.scripts["unknown"] = unknown
    for model in ("scripted", "scripted", "new", "own"):
        answer = ask(gateway.port, chat("unknown" if model == "new" else "default", model, user="shop", metadata={"tags": ["prod"]}))
        assert answer.status == 200, answer.body
    assert gateway.stop() == 0
    prices = tmp_path / "prices.jsonl"

    def reprice(rows, *flags):
        prices.write_text(rows)
        settings["litellm_settings"]["price_table"] = str(prices)
        (tmp_path / "reprice.yaml").write_text(json.dumps(settings))
        status, said = command("spend", "reprice", "--config", tmp_path / "reprice.yaml", "--json", *flags)
        assert status == 0, said
        return json.loads(said.splitlines()[-1])

    reprice.day = str(day)
    return reprice


def sums(books):
    one = "SELECT posted FROM account WHERE house = 0 AND book = {} AND posted <> 0"
    return {
        "key": books.query(one.format(1)),
        "customer": books.query(one.format(7)),
        "tags": books.query(one.format(13)),
        "daily": books.query("SELECT SUM(charge), SUM(requests), SUM(prompt) FROM daily"),
        "minutes": books.query(
            "SELECT SUM(charge) FROM spend_minute m JOIN account a ON a.id = m.account WHERE a.book = 7"
        ),
    }


def test_history_is_priced_anew(served, books):
    own = (11 * 1_000_000 + 4 * 2_000_000) * 3 // 2
    before = 2 * PRICE * 3 // 2 + own
    assert sums(books)["key"] == [(before,)]
    rows = table("gpt-4o", "0.000005", "0.00001") + table("openai/gpt-99-nobody-knows", "0.000001", "0.000002")

    told = served(rows)
    assert not told["applied"] and told["price_in_no_table"] == 1, told
    assert told["changes"] == [
        {"date": served.day, "model": "openai/gpt-4o", "entries": 2, "was": 0.0002025, "becomes": 0.000285,
         "difference": 0.0000825},
        {"date": served.day, "model": "openai/gpt-99-nobody-knows", "entries": 1, "was": 0, "becomes": 0.0000285,
         "difference": 0.0000285},
    ]
    assert sums(books)["key"] == [(before,)]  # nothing is written without --apply

    assert served(rows, "--apply")["applied"]
    after = own + 2 * (11 * 5000 + 4 * 10000) * 3 // 2 + (11 * 1000 + 4 * 2000) * 3 // 2
    found = sums(books)
    assert found["key"] == found["customer"] == found["tags"] == found["minutes"] == [(after,)]
    assert found["daily"] == [(after, 4, 4 * USED[0])]  # corrections are no requests
    status, said = check(books)
    assert status == 0, said

    again = served(rows, "--apply")
    assert again["changes"] == [] and again["unchanged"] == 3
    back = served(table("openai/gpt-99-nobody-knows", "0.000001", "0.000002"), "--apply")
    assert [(change["model"], change["difference"]) for change in back["changes"]] == [("openai/gpt-4o", -0.0000825)]
    assert sums(books)["key"] == [(after - 82_500,)]
    assert check(books)[0] == 0


def test_days_and_models_are_chosen(served, books):
    rows = table("gpt-4o", "0.000005", "0.00001")
    assert served(rows, "--from", "2026-01-01", "--to", "2026-01-31")["changes"] == []
    assert served(rows, "--model", "openai/gpt-99-nobody-knows")["changes"] == []
    assert len(served(rows, "--model", "openai/gpt-4o", "--from", served.day)["changes"]) == 1
    later = table("gpt-4o", "0.000005", "0.00001", "2099-01-01")
    assert served(later)["changes"] == []  # those prices are of other days


def openai_usage(model, requests, prompt, completion):
    start = int(datetime.now(UTC).timestamp()) // 86400 * 86400
    result = {
        "object": "organization.usage.completions.result",
        "input_tokens": prompt,
        "output_tokens": completion,
        "num_model_requests": requests,
        "model": model,
    }
    return {"object": "bucket", "start_time": start, "end_time": start + 86400, "results": [result]}


def test_books_and_providers_are_compared(served, books, tmp_path):
    file = tmp_path / "usage.json"
    settings = tmp_path / "reconcile.yaml"
    settings.write_text(json.dumps({"model_list": [], "general_settings": {"database_url": books.url}}))

    def compared(*buckets):
        file.write_text(json.dumps({"object": "page", "data": buckets, "has_more": False}))
        status, said = command("reconcile", file, "--config", settings, "--json")
        return status, json.loads(said.splitlines()[-1])

    unknown = openai_usage("gpt-99-nobody-knows", 1, *USED)
    status, told = compared(openai_usage("gpt-4o-2024-08-06", 3, 33, 12), unknown)
    assert status == 0 and [day["same"] for day in told["days"]] == [True, True]
    status, told = compared(openai_usage("gpt-4o", 3, 40, 12), unknown, openai_usage("o9", 1, 5, 5))
    assert status == 65
    different = {day["model"]: (day["told"], day["booked"]) for day in told["days"] if not day["same"]}
    assert set(different) == {"gpt-4o", "o9"}
    assert [side["input_tokens"] for side in different["gpt-4o"]] == [40, 33]
    assert different["o9"][1] == {"requests": 0, "input_tokens": 0, "output_tokens": 0}
    status, said = command("reconcile", file, "--config", settings)
    assert "gpt-4o  input 40 told, 33 booked (-7)" in said and "1 of 3 days and models agree" in said
    # A file of the console's: names of columns, a mark of UTF-8, ends of lines of Windows.
    file.write_bytes(
        b"\xef\xbb\xbfusage_date_utc,model_version,api_key,usage_input_tokens_no_cache,"
        b"usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,"
        b'usage_output_tokens\r\n2026-08-05,claude-opus-4-1,"a, ""key""",1,2,3,4,5\r\n'
    )
    status, said = command("reconcile", file, "--config", settings, "--json")
    assert status == 65
    assert json.loads(said.splitlines()[-1])["days"][0]["told"]["input_tokens"] == 10


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("{", "at byte"),
        ("{}", "no list `data`"),
        ("a,b\n1,2\n", "line 1: no names of columns"),
        ("usage_date_utc,model_version,usage_output_tokens\n2026-08-05,m\n", "line 2: it has not as many fields"),
        ("usage_date_utc,model_version,usage_output_tokens\nyesterday,m,5\n", "usage_date_utc is no time"),
        ("usage_date_utc,model_version,usage_output_tokens\n2026-08-05,,5\n", "there is no model"),
        ("usage_date_utc,model_version,usage_output_tokens\n2026-08-05,m,-5\n", "a count is no number"),
        ('{"data": [], "has_more": true}', "one page of several"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path, text, why):
    file = tmp_path / "usage"
    file.write_text(text)
    settings = tmp_path / "config.yaml"
    settings.write_text('{"model_list": [], "general_settings": {"database_url": "sqlite:///nowhere"}}')
    status, said = command("reconcile", file, "--config", settings)
    assert status == 69 and why in said
