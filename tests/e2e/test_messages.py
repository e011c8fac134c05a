"""/v1/messages at a provider that speaks it: Anthropic's SDK in front, bytes through in both directions."""

import json

import anthropic
import pytest

from support import answers, canary, paths
from support.answers import anthropic_error
from support.gateway import Gateway, config
from support.messages import BETAS, CALLS, CLAUDE_CODE, SAID, asking, dumped, events, says
from support.operations import MESSAGES
from support.process import run
from support.wire import ask

UPSTREAM_MODEL = MESSAGES.model.partition("/")[2]
#: As an upstream may write it: white space, numbers and members that a parser would change or not know.
WHOLE = (
    b'{ "id":"msg_1","type":"message","role":"assistant",\n "model" : "claude-sonnet-4-5-20250929",'
    b'"content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{"n":1E2,"m":12345678901234567890.10}},'
    b'{"type":"text","text":"caf\\u00e9 \\ud83d","citations":null}],"stop_reason":"end_turn",'
    b'"stop_sequence":null,"new_member":{"model":"x"},"usage":{"input_tokens":11,"output_tokens":4}}'
)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["says"] = says
    running = Gateway(tmp_path_factory.mktemp("messages"), config(MESSAGES.deployment(upstream)))
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


def test_the_sdk_gets_every_kind_of_block(client):
    answer = client.messages.create(**asking())
    assert dumped(answer.content) == SAID
    assert (answer.model, answer.stop_reason, answer.type) == ("m", "tool_use", "message")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 4)


def test_the_sdk_puts_a_stream_together(client):
    with client.messages.stream(**asking()) as stream:
        seen = [event.type for event in stream]
        answer = stream.get_final_message()
    assert dumped(answer.content) == SAID
    assert (answer.model, answer.stop_reason) == ("m", "tool_use")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 4)
    assert seen[0] == "message_start" and seen[-1] == "message_stop"


def test_a_bearer_is_a_key_too(gateway, upstream):
    with anthropic.Anthropic(
        base_url=gateway.url, auth_token=canary.MASTER, api_key=None, max_retries=0
    ) as client:
        assert client.messages.create(**asking()).stop_reason == "tool_use"
    sent = upstream.requests[-1].headers
    assert sent["x-api-key"] == canary.ANTHROPIC and "authorization" not in sent


def test_the_tools_go_both_ways(client, upstream):
    """Thoughts and calls of the first turn are sent back byte for byte with their results."""
    first = client.messages.create(**asking())
    results = [
        {"type": "tool_result", "tool_use_id": call["id"], "content": "sunny"} for call in CALLS
    ]
    turns = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": dumped(first.content)},
        {"role": "user", "content": results},
    ]
    client.messages.create(**asking(messages=turns))
    assert upstream.requests[-1].json["messages"] == turns


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_request_goes_up_as_it_is_but_for_the_model(gateway, upstream, stream, indent):
    text = json.dumps({**CLAUDE_CODE, "stream": stream, "n": 7e22}, indent=indent)
    text = text.replace("7e+22", "7.0E22").replace("be brief", "be \\u0062rief \\ud83d")
    headers = {
        "anthropic-beta": BETAS,
        "anthropic-version": "2023-06-01",
        "x-app": "cli",
        "X-Stainless-Retry-Count": "0",
    }
    answer = ask(gateway.port, text.encode(), path="/v1/messages?beta=true", headers=headers)
    assert answer.status == 200
    sent = upstream.requests[-1]
    assert sent.body.decode() == text.replace('"m"', f'"{UPSTREAM_MODEL}"', 1)
    assert sent.path.partition("?")[0] == "/v1/messages"
    assert sorted(sent.headers["anthropic-beta"].split(",")) == sorted(BETAS.split(","))
    assert sent.headers["anthropic-version"] == "2023-06-01"
    assert sent.headers["x-api-key"] == canary.ANTHROPIC
    assert "x-app" not in sent.headers and "authorization" not in sent.headers


def test_betas_of_the_sdk(client, upstream):
    client.beta.messages.create(**asking(), betas=["context-1m-2025-08-07"])
    assert upstream.requests[-1].headers["anthropic-beta"] == "context-1m-2025-08-07"


def test_a_whole_answer_comes_down_as_it_is_but_for_the_model(gateway, upstream):
    async def whole(exchange):
        await exchange.answer(200, WHOLE)

    upstream.scripts["whole"] = whole
    answer = MESSAGES.ask(gateway, "whole")
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == WHOLE.replace(b'"claude-sonnet-4-5-20250929"', b'"m"')


def test_a_stream_comes_down_as_it_is_but_for_the_model(gateway):
    answer = MESSAGES.ask(gateway, "says", stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    expected = ""
    for name, event in events(SAID, "tool_use"):
        text = json.dumps(event, separators=(",", ":"))
        if name == "message_start":
            text = text.replace(f'"model":"{answers.message()["model"]}"', '"model":"m"')
        expected += f"event: {name}\ndata: {text}\n\n"
    assert answer.body.decode() == expected


def test_headers(gateway):
    headers = MESSAGES.ask(gateway, "says").headers
    assert headers["x-litellm-model-name"] == MESSAGES.model
    assert headers["x-litellm-call-id"] and headers["x-litellm-model-group"] == "m"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/messages", 200),
        ("/v1/messages/", 200),
        ("/anthropic/v1/messages", 200),
        ("/messages", 404),
        ("/v1/v1/messages", 404),
    ],
)
def test_paths(gateway, path, status):
    assert ask(gateway.port, MESSAGES.body(), path=path).status == status


def test_the_node_sdk(gateway, upstream):
    upstream.scripts["failing"] = answers.error(429, anthropic_error("no luck", "rate_limit_error"))
    env = {"PATH": "/usr/bin:/bin", "GATEWAY_URL": gateway.url, "GATEWAY_KEY": canary.MASTER}
    status, output = run(
        [paths.node(), paths.E2E / "clients" / "messages.mjs"], env, paths.NODE_DIR, 60
    )
    assert status == 0, output
    seen = json.loads(output.splitlines()[-1])
    assert seen["whole"] == seen["streamed"]
    assert seen["whole"]["content"] == SAID and seen["whole"]["model"] == "m"
    assert seen["whole"]["usage"] == [11, 4]
    assert seen["failing"] == {"name": "RateLimitError", "status": 429, "type": "rate_limit_error"}
    assert seen["unknown"] == {
        "name": "BadRequestError",
        "status": 400,
        "type": "invalid_request_error",
    }
