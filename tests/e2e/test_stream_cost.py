"""What a call costs stands in the usage of its stream: LiteLLM's `usage.cost` and include_cost_in_streaming_usage."""

import json

import pytest

from support import answers, canary, messages, paths, responses
from support.answers import USAGE, piece, streamed, usage_piece
from support.gateway import Gateway, command, config, deployment
from support.process import eventually
from support.records import Log
from support.wire import ask

TOLD = {"stream": True, "stream_options": {"include_usage": True}}
TURNS = {"messages": [{"role": "user", "content": "script:cost"}]}
SURFACES = {
    "/v1/chat/completions": {**TURNS, **TOLD},
    "/v1/completions": {"prompt": "script:cost", **TOLD},
    "/v1/messages": {**TURNS, "max_tokens": 64, "stream": True},
    "/v1/responses": {"input": "script:cost", "stream": True},
}
CHAT = streamed(piece("Hel"), piece("lo"), piece(finish="stop"), usage_piece())
MESSAGE = streamed(*messages.events([{"type": "text", "text": "Hello"}]))
RESPONSE = streamed(*responses.events([responses.SAID]))
OWN = {**USAGE, "cost": 7.5, "prompt_tokens_details": {"cached_tokens": 1}}


async def text_completion(exchange):
    one = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "gpt-4o"}
    said = {"index": 0, "text": "Hello", "logprobs": None, "finish_reason": "stop"}
    await streamed({**one, "choices": [said]}, {**one, "choices": [], "usage": USAGE})(exchange)


def models(upstream):
    base = upstream.url + "/v1"
    return (
        deployment("chat", "openai/gpt-4o", base, canary.OPENAI),
        deployment("message", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
        deployment("response", "openai/gpt-5", base, canary.OPENAI),
        deployment("unpriced", "openai/house-model", base, canary.OPENAI),
    )


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return Log(tmp_path_factory.mktemp("log"))


@pytest.fixture(scope="module")
def gateway(upstream, log, tmp_path_factory):
    settings = {
        **log.sections["litellm_settings"],
        "include_cost_in_streaming_usage": True,
        "cache": True,
        "cache_params": {"type": "local", "mode": "default_off"},
    }
    sections = {**log.sections, "litellm_settings": settings}
    running = Gateway(
        tmp_path_factory.mktemp("cost"), config(*models(upstream), **sections), log.environment
    )
    yield running
    assert running.stop() == 0


def usages(answer) -> list[tuple[str, dict]]:
    """The types of the events that tell usage, and what they tell."""
    assert answer.status == 200, answer.body
    found = []
    for text in answer.events:
        event = {} if text == "[DONE]" else json.loads(text)
        for holder in (event, event.get("response") or {}, event.get("message") or {}):
            if holder.get("usage"):
                found.append((event.get("type", ""), holder["usage"]))
    return found


def record_of(log, answer) -> dict:
    call = answer.headers["x-litellm-call-id"]
    return eventually(
        lambda: next((one for one in log.records() if one["id"] == call), None), paths.deadline(10)
    )


@pytest.mark.parametrize(
    ("path", "model", "script", "event"),
    [
        ("/v1/chat/completions", "chat", CHAT, ""),
        ("/v1/chat/completions", "message", MESSAGE, ""),
        ("/v1/completions", "chat", text_completion, ""),
        ("/v1/messages", "message", MESSAGE, "message_delta"),
        ("/v1/messages", "chat", CHAT, "message_delta"),
        ("/v1/responses", "response", RESPONSE, "response.completed"),
        ("/v1/responses", "message", MESSAGE, "response.completed"),
    ],
)
def test_the_usage_of_a_stream_tells_what_the_call_costs(
    gateway, upstream, log, path, model, script, event
):
    upstream.scripts["cost"] = script
    answer = ask(gateway.port, {"model": model, **SURFACES[path]}, path=path)
    told = usages(answer)
    costs = [(name, usage["cost"]) for name, usage in told if "cost" in usage]
    spent = record_of(log, answer)["response_cost"]
    assert costs == [(event, pytest.approx(spent, rel=1e-12))] and spent > 0
    # Everything else is told as without it.
    assert told[-1][0] == event and len(told[-1][1]) > 1


def test_a_providers_own_cost_gives_way(gateway, upstream):
    upstream.scripts["cost"] = streamed(piece("a", "stop"), {**usage_piece(), "usage": OWN})
    path = "/v1/chat/completions"
    answer = ask(gateway.port, {"model": "chat", **SURFACES[path]}, path=path)
    [(_, usage)] = usages(answer)
    assert answer.body.count(b'"cost"') == 1
    assert usage == {**OWN, "cost": pytest.approx((10 * 2500 + 1250 + 4 * 10000) / 1e9)}


def test_who_does_not_ask_for_usage_is_not_told(gateway, upstream):
    upstream.scripts["cost"] = CHAT
    answer = ask(gateway.port, {"model": "chat", **TURNS, "stream": True})
    assert usages(answer) == []


def test_a_whole_answer_has_it_in_its_head(gateway, upstream):
    upstream.scripts["cost"] = answers.default
    answer = ask(gateway.port, {"model": "chat", **TURNS})
    assert answer.json["usage"] == USAGE
    assert float(answer.headers["x-litellm-response-cost"]) > 0


def test_what_has_no_price_has_no_cost(gateway, upstream):
    nameless = [{**one, "model": "house-model"} for one in (piece("a", "stop"), usage_piece())]
    upstream.scripts["cost"] = streamed(*nameless)
    path = "/v1/chat/completions"
    answer = ask(gateway.port, {"model": "unpriced", **SURFACES[path]}, path=path)
    assert [usage for _, usage in usages(answer)] == [USAGE]


def test_an_answer_that_was_kept_costs_nothing(gateway, upstream):
    upstream.scripts["cost"] = CHAT
    body = {"model": "chat", **SURFACES["/v1/chat/completions"], "cache": {"use-cache": True}}
    first, second = (ask(gateway.port, body) for _ in range(2))
    assert second.headers["x-patchbay-cache"].startswith("hit")
    assert [usage["cost"] > 0 for _, usage in usages(first)] == [True]
    assert [usage["cost"] for _, usage in usages(second)] == [0]


ASKS = {"x-litellm-include-cost-in-streaming-usage": "true"}


@pytest.mark.parametrize(
    ("settings", "headers", "told"),
    [
        ({}, {}, {"/v1/chat/completions", "/v1/completions", "/v1/responses"}),
        ({}, ASKS, set(SURFACES)),
        ({"include_cost_in_streaming_usage": False}, {}, set()),
        ({"include_cost_in_streaming_usage": False}, ASKS, set(SURFACES)),
    ],
    ids=["nothing said", "asked for", "turned off", "turned off and asked for"],
)
def test_who_is_told_without_the_setting(start, upstream, settings, headers, told):
    """As LiteLLM 1.110: chat, text completions and responses; messages by setting or header alone."""
    gateway = start(config(*models(upstream), litellm_settings=settings))
    scripts = {
        "/v1/chat/completions": ("chat", CHAT),
        "/v1/completions": ("chat", text_completion),
        "/v1/messages": ("message", MESSAGE),
        "/v1/responses": ("response", RESPONSE),
    }
    seen = set()
    for path, (model, script) in scripts.items():
        upstream.scripts["cost"] = script
        answer = ask(gateway.port, {"model": model, **SURFACES[path]}, headers=headers, path=path)
        if any(usage.get("cost", 0) > 0 for _, usage in usages(answer)):
            seen.add(path)
    assert seen == told


def test_what_costs_nothing_has_no_cost_unless_it_is_asked_for(start, upstream):
    nothing = {"input_cost_per_token": 0, "output_cost_per_token": 0}
    free = deployment("free", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI, **nothing)
    gateway = start(config(free))
    upstream.scripts["cost"] = CHAT
    path = "/v1/chat/completions"
    body = {"model": "free", **SURFACES[path]}
    assert [usage for _, usage in usages(ask(gateway.port, body, path=path))] == [USAGE]
    [(_, usage)] = usages(ask(gateway.port, body, headers=ASKS, path=path))
    assert usage == {**USAGE, "cost": 0}


def test_a_value_that_is_none_is_told_with_its_place(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("litellm_settings:\n  include_cost_in_streaming_usage: maybe\nmodel_list: []\n")
    status, output = command("check", file)
    assert status != 0 and "include_cost_in_streaming_usage" in output and ":2" in output
