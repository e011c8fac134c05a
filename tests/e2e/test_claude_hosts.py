"""Claude at the clouds: a client of Anthropic's Messages API reaches it untouched, but for what the place demands."""

import base64
import json

import pytest

from support import answers, bedrock, canary, messages
from support.gateway import Gateway, config, deployment
from support.operations import MESSAGES
from support.wire import ask, chat

BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
VERTEX = "/v1/projects/p/locations/us-central1/publishers/anthropic/models/claude-sonnet-4-5@20250929"
#: model, the path of a whole answer, that of a stream, what stands in the body besides the client's
HOSTS = {
    "bedrock": (f"/model/{BEDROCK}/invoke", f"/model/{BEDROCK}/invoke-with-response-stream", "bedrock-2023-05-31"),
    "vertex": (f"{VERTEX}:rawPredict", f"{VERTEX}:streamRawPredict", "vertex-2023-10-16"),
    "azure": ("/anthropic/v1/messages", "/anthropic/v1/messages", None),
    "any/claude-sonnet-4-5": ("/anthropic/v1/messages", "/anthropic/v1/messages", None),
}
#: Thinking, a result that failed, a tool of Anthropic's own, a member that nobody knows.
ASKED = {
    "max_tokens": 64,
    "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": messages.SAID},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_Paris", "content": "no", "is_error": True},
                {"type": "tool_result", "tool_use_id": "toolu_Rome", "content": "rain"},
            ],
        },
    ],
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "tools": [messages.TOOL, {"type": "web_search_20250305", "name": "web_search"}],
    "top_k": 5,
    "brand_new": {"a": 1},
}
EVENTS = messages.events(messages.SAID, "tool_use")


async def says(exchange):
    if exchange.path.endswith("-stream"):
        chunks = [("chunk", {"bytes": base64.b64encode(json.dumps(event).encode()).decode()}) for _, event in EVENTS]
        return await bedrock.streamed(*chunks)(exchange)
    if exchange.json.get("stream"):
        return await answers.streamed(*EVENTS)(exchange)
    await exchange.answer(200, messages.message(messages.SAID, "tool_use"))


async def refuses(exchange):
    await exchange.answer(429, {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}})


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts |= {"host_says": says, "host_refuses": refuses}
    made = config(
        deployment("bedrock", f"bedrock/{BEDROCK}", upstream.url, canary.OTHER_MASTER),
        deployment("converse", f"bedrock/converse/{BEDROCK}", upstream.url, canary.OTHER_MASTER),
        deployment("nova", "bedrock/us.amazon.nova-lite-v1:0", upstream.url, canary.OTHER_MASTER),
        deployment("vertex", "vertex_ai/claude-sonnet-4-5@20250929", upstream.url, "ya29.x", vertex_project="p"),
        deployment("azure", "azure_ai/mine", upstream.url, canary.OPENAI, base_model="claude-sonnet-4-5"),
        deployment("any/*", "azure_ai/*", upstream.url, canary.OPENAI),
    )
    running = Gateway(tmp_path_factory.mktemp("claude-hosts"), made)
    yield running
    assert running.stop() == 0


@pytest.mark.parametrize("model", HOSTS)
def test_a_message_reaches_claude_as_it_came(gateway, upstream, model):
    answer = MESSAGES.ask(gateway, "host_says", model, **ASKED)
    assert answer.status == 200, answer.body
    assert answer.json["content"] == messages.SAID
    assert (answer.json["model"], answer.json["stop_reason"]) == (model, "tool_use")
    whole, _, version = HOSTS[model]
    sent = upstream.requests[-1]
    assert sent.path == whole
    asked = MESSAGES.body("host_says", model, **ASKED)
    del asked["model"]
    left = {name: value for name, value in sent.json.items() if name not in {"model", "anthropic_version"}}
    assert left == asked
    assert sent.json.get("anthropic_version") == version
    assert ("model" in sent.json) is (version is None)


@pytest.mark.parametrize("model", HOSTS)
def test_a_stream_is_told_as_it_came(gateway, upstream, model):
    answer = MESSAGES.ask(gateway, "host_says", model, stream=True, **ASKED)
    assert answer.status == 200, answer.body
    told = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    want = [event for _, event in EVENTS if event["type"] != "ping"]
    want[0] = {**want[0], "message": {**want[0]["message"], "model": model}}
    assert [event for event in told if event["type"] != "ping"] == want
    assert upstream.requests[-1].path == HOSTS[model][1]


@pytest.mark.parametrize("model", HOSTS)
def test_features_reach_claude_where_the_place_has_them(gateway, upstream, model):
    """Azure takes what Anthropic does; AWS and Google refuse what they do not know."""
    headers = {"anthropic-beta": "context-1m-2025-08-07,other-2026"}
    answer = MESSAGES.ask(gateway, "host_says", model, headers=headers)
    assert answer.status == 200
    knows_all = model not in ("bedrock", "vertex")
    told = ["context-1m-2025-08-07"] + (["other-2026"] if knows_all else [])
    assert answer.headers.get("x-patchbay-dropped") == (None if knows_all else "anthropic_beta")
    sent = upstream.requests[-1]
    if model == "bedrock":
        assert sent.json["anthropic_beta"] == told
        assert "anthropic-beta" not in sent.headers
    else:
        assert sent.headers["anthropic-beta"] == ",".join(told)


@pytest.mark.parametrize("model", HOSTS)
def test_a_refusal_is_told_in_anthropic_s_words(gateway, model):
    messages.check_error(MESSAGES.ask(gateway, "host_refuses", model), 429, "rate_limit_error", "Slow down")


def test_others_are_asked_by_way_of_chat(gateway, upstream):
    MESSAGES.ask(gateway, "default", "nova")
    assert upstream.requests[-1].path.endswith("/converse")
    MESSAGES.ask(gateway, "default", "converse")
    assert upstream.requests[-1].path.endswith("/converse")
    assert MESSAGES.ask(gateway, "default", "any/grok-4").status == 200
    assert upstream.requests[-1].path.endswith("/chat/completions")


def test_chat_goes_its_own_way(gateway, upstream):
    assert ask(gateway.port, chat("host_says", "azure")).status == 200
    sent = upstream.requests[-1]
    assert sent.path == "/anthropic/v1/messages"
    assert sent.json["messages"] == [{"role": "user", "content": [{"type": "text", "text": "script:host_says"}]}]
