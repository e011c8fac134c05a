"""What a call costs: in headers, records and metrics, the same everywhere."""

import pytest

from support import answers, canary
from support.answers import USAGE, completion, cut, piece, streamed, usage_piece
from support.gateway import config, deployment
from support.metrics import scrape
from support.wire import ask, chat

# gpt-4o: 2.5 $ for a million tokens in, 1.25 $ of them cached, 10 $ out.
PRICE = 11 * 2500 + 4 * 10000
COST = "x-litellm-response-cost"


def nano(dollars) -> int:
    return round(float(dollars) * 1e9)


def answering(usage, **more):
    async def script(exchange):
        await exchange.answer(200, completion(**more) | {"usage": usage})

    return script


def costs(gateway, upstream, script, headers=None, **more):
    upstream.scripts["spend"] = script
    answer = ask(gateway.port, chat("spend", "scripted", **more), headers=headers)
    assert answer.status == 200, answer.body
    return {
        name.removeprefix(COST).lstrip("-"): value
        for name, value in answer.headers.items()
        if name.startswith(COST)
    }


def test_a_whole_answer_tells_its_cost_in_headers(gateway, upstream):
    usage = {**USAGE, "prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 60}}
    told = costs(gateway, upstream, answering(usage))
    assert told == {
        "": "0.000215",
        "original": "0.000215",
        "discount-amount": "0",
        "margin-amount": "0",
        "input": "0.0001",
        "cache-read": "0.000075",
        "output": "0.00004",
    }


@pytest.mark.parametrize(
    ("told", "asked", "expected"),
    [
        ({}, {}, PRICE),
        ({"service_tier": "priority"}, {}, 11 * 4250 + 4 * 17000),
        ({}, {"service_tier": "priority"}, 11 * 4250 + 4 * 17000),
        ({"service_tier": "default"}, {"service_tier": "priority"}, PRICE),
    ],
    ids=["standard", "told", "asked", "told-goes-before-asked"],
)
def test_the_tier_that_served_decides(gateway, upstream, told, asked, expected):
    assert nano(costs(gateway, upstream, answering(USAGE, **told), **asked)[""]) == expected


def test_discount_and_margin(start, upstream):
    gateway = start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            litellm_settings={
                "cost_discount_config": {"openai": 0.1},
                "cost_margin_config": {"global": {"percentage": 0.2, "fixed_amount": 0.001}},
            },
        )
    )
    told = costs(gateway, upstream, answering(USAGE))
    assert nano(told["original"]) == PRICE
    assert nano(told["discount-amount"]) == PRICE // 10
    assert nano(told[""]) == PRICE * 9 // 10 * 12 // 10 + 1_000_000
    assert nano(told["margin-amount"]) == nano(told[""]) - PRICE * 9 // 10


def test_the_record_has_the_same_figures(recorded):
    record = recorded(answering(USAGE))
    assert nano(record["response_cost"]) == PRICE
    assert nano(record["hidden_params"]["response_cost"]) == PRICE
    parts = record["cost_breakdown"]
    assert nano(parts["input_cost"]) == 11 * 2500 and nano(parts["output_cost"]) == 4 * 10000
    assert nano(parts["total_cost"]) == nano(parts["original_cost"]) == PRICE
    assert record["metadata"]["cost_unpriced"] is False


@pytest.mark.parametrize("end", [None, cut], ids=["whole", "cut"])
def test_a_stream_is_paid_for_however_it_ends(recorded, end):
    events = [piece("a"), piece(finish="stop"), usage_piece()]
    record = recorded(streamed(*events, **({"end": end} if end else {})), stream=True)
    assert nano(record["response_cost"]) == PRICE


def test_metrics_sum_it_up(start, upstream):
    gateway = start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            deployment("house", "openai/house-model", upstream.url + "/v1", canary.OPENAI),
        )
    )
    for _ in range(3):
        costs(gateway, upstream, answering(USAGE))
    answer = ask(gateway.port, chat(model="house"))
    assert answer.status == 200
    found = scrape(gateway)
    spend = {dict(labels)["requested_model"]: value for (name, labels), value in found.items() if name == "litellm_spend_metric_total"}
    assert nano(spend["scripted"]) == 3 * PRICE
    # The scripted upstream says "gpt-4o-2024-08-06", which has a price.
    assert nano(spend["house"]) == PRICE


def test_models_without_a_price(start, upstream):
    async def nameless(exchange):
        await exchange.answer(200, completion(model="house-model"))

    upstream.scripts["nameless"] = nameless
    models = [
        deployment("house", "openai/house-model", upstream.url + "/v1", canary.OPENAI),
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment(
            "own",
            "openai/house-model",
            upstream.url + "/v1",
            canary.OPENAI,
            input_cost_per_token=0.000001,
            output_cost_per_token=0.000002,
        ),
    ]
    gateway = start(config(*models))
    answer = ask(gateway.port, chat("nameless", "house"))
    assert answer.status == 200 and answer.headers[COST] == "0"
    found = scrape(gateway)
    assert [v for (name, _), v in found.items() if name == "patchbay_unpriced_attempts_total"] == [1]
    answer = ask(gateway.port, chat("nameless", "own"))
    assert nano(answer.headers[COST]) == 11 * 1000 + 4 * 2000

    strict = start(config(*models, litellm_settings={"unpriced_models": "refuse"}))
    answer = ask(strict.port, chat("nameless", "house"))
    assert answer.status == 400
    assert "has no price" in answer.error["message"]
    assert ask(strict.port, chat(model="scripted")).status == 200
    assert ask(strict.port, chat("nameless", "own")).status == 200


def test_an_error_costs_nothing_and_a_fallback_is_paid_with_what_failed(recorded):
    async def broken(exchange):
        await exchange.answer(500, answers.openai_error("down"))

    record = recorded(broken)
    assert record["status"] == "failure"
    assert record["response_cost"] == 0


def test_costs_can_be_asked_for(gateway):
    answer = ask(
        gateway.port,
        {"model": "scripted", "input_tokens": 11, "output_tokens": 4, "num_requests_per_day": 100},
        path="/cost/estimate",
    )
    assert answer.status == 200, answer.body
    assert nano(answer.json["cost_per_request"]) == PRICE
    assert nano(answer.json["daily_cost"]) == 100 * PRICE
    answer = ask(gateway.port, {"completion_response": completion()}, path="/spend/calculate")
    assert nano(answer.json["cost"]) == 11 * 2500 + 4 * 10000
    answer = ask(
        gateway.port,
        {"model": "nobody", "input_tokens": 1, "output_tokens": 1},
        path="/cost/estimate",
    )
    assert answer.status == 404 and "has no price" in answer.error["message"]
