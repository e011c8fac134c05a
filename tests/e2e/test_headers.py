"""Headers on their way: the client's to the provider, the provider's to the client."""

import openai
import pytest

from conftest import scripted_config
from support import answers, canary
from support.gateway import config, deployment
from support.wire import Wire, ask, chat, request

UPSTREAM = [
    ("x-request-id", "req_up"),
    ("openai-processing-ms", "12"),
    ("x-ratelimit-remaining-requests", "99"),
    ("set-cookie", "__cf_bm=secret; path=/"),
    ("x-echo", f"Bearer {canary.OPENAI}"),
]


@pytest.fixture(scope="module", autouse=True)
def scripts(upstream):
    async def whole(exchange):
        await exchange.answer(200, answers.completion(), UPSTREAM)

    async def stream(exchange):
        await exchange.start_stream(UPSTREAM)
        await exchange.event(answers.piece("Hi"))
        await exchange.event(answers.piece(finish="stop"))
        await exchange.event("[DONE]")
        await exchange.finish()

    async def limited(exchange):
        await exchange.answer(429, answers.openai_error("slow down"), UPSTREAM)

    upstream.scripts["headers"] = whole
    upstream.scripts["headers-stream"] = stream
    upstream.scripts["headers-limited"] = limited


@pytest.mark.parametrize(
    "script, stream, status",
    [("headers", False, 200), ("headers-stream", True, 200)]
    + [("headers-limited", False, 429), ("headers-limited", True, 429)],
)
def test_the_provider_s_headers_reach_the_client(gateway, script, stream, status):
    answer = ask(gateway.port, chat(script, stream=stream))
    assert answer.status == status
    headers = answer.headers
    assert headers["llm_provider-x-request-id"] == "req_up"
    assert headers["llm_provider-openai-processing-ms"] == "12"
    assert headers["llm_provider-x-ratelimit-remaining-requests"] == "99"
    assert headers["x-ratelimit-remaining-requests"] == "99"
    assert headers["request-id"] == "req_up"
    assert headers["x-request-id"] == headers["x-litellm-call-id"]
    assert headers["x-litellm-attempted-fallbacks"] == "0"
    for name in ("transfer-encoding", "content-length", "set-cookie", "x-echo"):
        assert f"llm_provider-{name}" not in headers
    assert "secret" not in str(headers) and canary.OPENAI not in str(headers)


def test_the_headers_are_those_of_the_attempt_that_answered(start, upstream):
    async def second(exchange):
        turn = str(len([e for e in upstream.requests if b"script:headers-turns" in e.body]))
        given = [("x-turn", turn), ("x-only-" + turn, "1")]
        if turn == "1":
            await exchange.answer(500, answers.openai_error("broken"), given)
        else:
            await exchange.answer(200, answers.completion(), given)

    upstream.scripts["headers-turns"] = second
    model = deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)
    gateway = start(config(model, num_retries=1))
    answer = ask(gateway.port, chat("headers-turns", "m"))
    assert answer.headers["llm_provider-x-turn"] == "2"
    assert "llm_provider-x-only-1" not in answer.headers


def test_the_openai_sdk_has_an_id_for_every_request(gateway):
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0)
    completion = client.chat.completions.create(**chat("headers"))
    assert completion._request_id
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(**chat(model="nothing"))
    assert refused.value.request_id


def test_an_answer_of_the_gateway_s_own_tells_of_no_provider(gateway):
    answer = ask(gateway.port, chat(model="nothing"))
    assert not [name for name in answer.headers if name.startswith("llm_provider-")]


CLIENT = {
    "Anthropic-Beta": "context-1m-2025-08-07",
    "anthropic-version": "2024-01-01",
    "X-Team": "blue",
    "X-Api-Key": canary.MASTER,
    "Cookie": "c=1",
}


def test_betas_of_the_client_reach_anthropic(gateway, upstream):
    assert ask(gateway.port, chat(model="scripted-claude"), headers=CLIENT).status == 200
    sent = upstream.requests[-1].headers
    assert sent["anthropic-beta"] == "context-1m-2025-08-07"
    assert sent["anthropic-version"] == "2024-01-01"
    assert sent["x-api-key"] == canary.ANTHROPIC
    assert "x-team" not in sent and "cookie" not in sent


def test_they_are_joined_with_those_of_the_deployment(start, upstream):
    extra = {"anthropic-beta": "interleaved-thinking-2025-05-14"}
    model = "anthropic/claude-sonnet-4-20250514"
    gateway = start(
        config(deployment("m", model, upstream.url, canary.ANTHROPIC, extra_headers=extra))
    )
    text = request(chat(model="m"), headers={"anthropic-beta": "a, b"})
    with Wire(gateway.port) as wire:
        wire.send(text.replace(b"anthropic-beta:", b"anthropic-beta: c\r\nanthropic-beta:"))
        assert wire.answer().status == 200
    betas = upstream.requests[-1].headers["anthropic-beta"].split(",")
    assert sorted(beta.strip() for beta in betas) == ["a", "b", "c", extra["anthropic-beta"]]


def test_what_is_anthropic_s_does_not_reach_others(gateway, upstream):
    assert ask(gateway.port, chat(), headers=CLIENT).status == 200
    sent = upstream.requests[-1].headers
    assert not [name for name in sent if name.startswith("anthropic-")]
    assert sent["authorization"] == f"Bearer {canary.OPENAI}"
    assert "x-team" not in sent and "cookie" not in sent and "x-api-key" not in sent


@pytest.mark.parametrize("model", ["scripted", "scripted-claude"])
def test_an_operator_can_let_more_through(start, upstream, model):
    settings = {"forward_client_headers_to_llm_api": True}
    gateway = start(scripted_config(upstream, general_settings=settings))
    assert ask(gateway.port, chat(model=model), headers=CLIENT).status == 200
    sent = upstream.requests[-1].headers
    assert sent["x-team"] == "blue"
    assert canary.MASTER not in str(sent) and "cookie" not in sent
    many = {f"X-Many-{i}": "1" for i in range(300)}
    assert ask(gateway.port, chat(model=model), headers=many).status == 200



@pytest.mark.parametrize("where", ["deployment", "request"])
@pytest.mark.parametrize("sent", [{}, {"stream_options": {"include_usage": True}}])
def test_what_is_dropped_is_not_added_by_the_gateway(start, upstream, where, sent):
    async def strict(exchange):
        if "stream_options" in exchange.json:
            await exchange.answer(400, answers.openai_error("unknown field stream_options"))
        else:
            await answers.default(exchange)

    upstream.scripts["strict"] = strict
    drop = {"additional_drop_params": ["stream_options"]}
    params = drop if where == "deployment" else {}
    gateway = start(
        config(deployment("m", "openai/m", upstream.url + "/v1", canary.OPENAI, **params))
    )
    body = chat("strict", "m", stream=True, **sent, **(drop if where == "request" else {}))
    answer = ask(gateway.port, body)
    assert answer.status == 200
    assert answer.events[-1] == "[DONE]"
    assert ask(gateway.port, chat("strict", "m", stream=True)).status == (
        200 if where == "deployment" else 400
    )
