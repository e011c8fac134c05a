"""What a provider tells in its answer that it costs goes before the table of prices, where its row says `told_cost`:
OpenRouter's usage.cost, Perplexity's usage.cost.total_cost. Nobody else can set a price, and what is no amount is not told."""

import json

import pytest

from support import answers, canary
from support.answers import USAGE, piece
from support.books import check
from support.gateway import Gateway, command, config, deployment
from support.records import Log
from support.wire import ask, chat

COST = "x-litellm-response-cost"
BY_TABLE = 11 * 2500 + 4 * 10000  # gpt-4o, nano-dollars
SONAR = 11 * 3000 + 4 * 15000
NONE = 0  # without a price
TOLD = {
    "plain": (0.00014, 140_000),
    "exponent": (1.5e-05, 15_000),
    "free": (0, 0),
}
HOSTILE = {
    "negative": -1,
    "huge": 1e300,
    "text": "0.5",
    "null": None,
    "truth": True,
    "object": {"total_cost": 1, "cost": 1},
    "list": [1],
}
INSIDE = {f"inside_{name}": {"total_cost": cost, "currency": "USD"} for name, (cost, _) in TOLD.items()}


def used(cost) -> dict:
    return {**USAGE, "cost": cost, "is_byok": False, "cost_details": {"upstream_inference_cost": 3}}


def script(cost):
    async def answer(exchange):
        if not exchange.json.get("stream"):
            return await exchange.answer(200, answers.completion(usage=used(cost)))
        last = {**piece(), "choices": [], "usage": used(cost)}
        await answers.streamed(piece("Hi"), piece(finish="stop"), last)(exchange)

    return answer


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    costs = {name: cost for name, (cost, _) in TOLD.items()} | HOSTILE | INSIDE
    for name, cost in costs.items():
        upstream.scripts["cost_" + name] = script(cost)
    folder = tmp_path_factory.mktemp("told")
    log = Log(folder)
    base = upstream.url + "/v1"
    made = config(
        deployment("router", "openrouter/house/model", base, "k-openrouter"),
        deployment("router-priced", "openrouter/house/model", base, "k-openrouter", base_model="gpt-4o"),
        deployment("router-own", "openrouter/house/model", base, "k-openrouter",
                   input_cost_per_token=0.001, output_cost_per_token=0.002),
        deployment("sonar", "perplexity/sonar-pro", base, "k-perplexity"),
        deployment("openai", "openai/gpt-4o", base, canary.OPENAI),
        **log.sections,
    )
    running = Gateway(folder, made, env=log.environment)
    running.asked = 0

    def asked(model, name, stream):
        """The header's amount, where there is a header, and the record."""
        running.asked += 1
        more = {"stream": True} if stream else {}
        answer = ask(running.port, chat("cost_" + name, model, **more))
        assert answer.status == 200, answer.body
        return answer, log.records(running.asked)[-1]

    running.ask, running.log = asked, log
    yield running
    assert running.stop() == 0


def expect(gateway, model, name, stream, nano, unpriced=False):
    answer, record = gateway.ask(model, name, stream)
    if not stream:
        assert round(float(answer.headers[COST]) * 1e9) == nano
    assert round(record["response_cost"] * 1e9) == nano
    assert bool(record["metadata"].get("cost_unpriced")) == unpriced
    assert record["prompt_tokens"] == 11
    return record


WAYS = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@WAYS
@pytest.mark.parametrize("name", TOLD)
def test_what_is_told_is_billed(gateway, name, stream):
    nano = TOLD[name][1]
    for model in ("router", "router-priced"):
        record = expect(gateway, model, name, stream, nano)
        assert round(record["cost_breakdown"]["total_cost"] * 1e9) == nano
    expect(gateway, "sonar", "inside_" + name, stream, nano)


@WAYS
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_amount_leaves_the_price(gateway, name, stream):
    expect(gateway, "router-priced", name, stream, BY_TABLE)
    expect(gateway, "router", name, stream, NONE, unpriced=True)
    if name != "object":
        expect(gateway, "sonar", name, stream, SONAR)


@WAYS
def test_prices_of_the_deployments_own_go_first(gateway, stream):
    expect(gateway, "router-own", "plain", stream, 11 * 1_000_000 + 4 * 2_000_000)


@WAYS
def test_who_is_not_believed_sets_no_price(gateway, stream):
    expect(gateway, "openai", "plain", stream, BY_TABLE)
    expect(gateway, "openai", "inside_plain", stream, BY_TABLE)
    # Each at its own place, and at no other's.
    expect(gateway, "sonar", "plain", stream, SONAR)


def test_pictures_by_way_of_chat_cost_what_is_told(gateway, upstream):
    async def draws(exchange):
        url = "data:image/png;base64,QQ=="
        drawn = answers.completion(usage=used(0.0387))
        drawn["choices"][0]["message"]["images"] = [{"type": "image_url", "image_url": {"url": url}}]
        await exchange.answer(200, drawn)

    upstream.scripts["draws"] = draws
    log, gateway.asked = gateway.log, gateway.asked + 1
    asked = {"model": "router", "prompt": "script:draws", "size": "1024x1536", "quality": "high"}
    answer = ask(gateway.port, asked, path="/v1/images/generations")
    assert answer.status == 200, answer.body
    assert answer.json["data"] == [{"b64_json": "QQ=="}]
    assert upstream.requests[-1].path == "/v1/chat/completions"
    assert upstream.requests[-1].json == {
        "model": "house/model",
        "messages": [{"role": "user", "content": "script:draws"}],
        "image_config": {"aspect_ratio": "2:3", "image_size": "4K"},
    }
    assert float(answer.headers[COST]) == 0.0387
    record = log.records(gateway.asked)[-1]
    assert (record["response_cost"], record["prompt_tokens"], record["completion_tokens"]) == (0.0387, 11, 4)


@pytest.fixture
def entered(start, upstream, books, tmp_path):
    """The configuration of a gateway that has ended; two calls with a told cost are in its books, one of them free."""
    for name in ("plain", "free"):
        upstream.scripts["cost_" + name] = script(TOLD[name][0])
    settings = config(
        deployment("router", "openrouter/house/model", upstream.url + "/v1", "k-openrouter"),
        general_settings={"database_url": books.url},
        litellm_settings={"cost_discount_config": {"openrouter": 0.05}, "cost_margin_config": {"global": 0.5}},
    )
    running = start(settings, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    for name in ("plain", "free"):
        answer = ask(running.port, chat("cost_" + name, "router"))
        assert answer.status == 200, answer.body
        if name == "plain":
            assert answer.headers[COST] == "0.0001995"
            assert answer.headers[COST + "-original"] == "0.00014"
    assert running.stop() == 0
    return settings


def test_the_books_have_it_and_it_is_not_priced_anew(entered, books, tmp_path):
    """95 % of 140,000 nano-dollars, and half of it more."""
    charged = "SELECT posted FROM account WHERE house = 0 AND book = 1 AND posted <> 0"
    assert books.query(charged) == [(199_500,)]
    rows = ({"model": name, "from": "2026-01-01", "source": "ops", "rates": {"text_in": "0.5", "text_out": "0.5"}}
            for name in ("house/model", "openrouter/house/model"))
    prices, settings = tmp_path / "prices.jsonl", tmp_path / "reprice.yaml"
    prices.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))
    entered["litellm_settings"]["price_table"] = str(prices)
    settings.write_text(json.dumps(entered))
    status, said = command("spend", "reprice", "--config", settings, "--json", "--apply")
    assert status == 0, said
    told = json.loads(said.splitlines()[-1])
    assert told["changes"] == [] and told["unchanged"] == 2, told
    assert books.query(charged) == [(199_500,)]
    assert check(books)[0] == 0
