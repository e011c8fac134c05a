"""`sse_keepalive_ping_interval_seconds` and `anthropic_sse_ping_interval_seconds`: streams that say nothing are kept open, also by what lies between."""

import asyncio
import json
import socket
import threading

import anthropic
import httpx
import openai
import pytest

from support import answers, canary, messages
from support.answers import piece, usage_piece
from support.gateway import config, deployment
from support.operations import MESSAGES
from support.responses import served

BODY = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "user": "script:silent", "stream": True}


class Silence:
    """Who is asked says nothing until the client has seen a ping."""

    def __init__(self):
        self.over = threading.Event()
        self.fails = False

    async def script(self, exchange):
        await asyncio.to_thread(self.over.wait)
        if self.fails:
            return await answers.error(429, answers.openai_error("slow down"))(exchange)
        if answers.is_messages(exchange):
            return await answers.streamed(*messages.events([{"type": "text", "text": "Hi"}]))(exchange)
        await answers.streamed(piece("Hi"), piece(finish="stop"), usage_piece())(exchange)


@pytest.fixture
def silence(upstream):
    made = Silence()
    upstream.scripts["silent"] = made.script
    yield made
    made.over.set()


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    made = config(
        deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        MESSAGES.deployment(upstream, "claude"),
        litellm_settings={"sse_keepalive_ping_interval_seconds": 0.05, "anthropic_sse_ping_interval_seconds": 0.05},
    )
    yield from served(tmp_path_factory.mktemp("keepalive"), made)


def stream(gateway, silence, body, path="/v1/chat/completions", **headers):
    """The bytes of the answer; the silence ends behind its first ping."""
    text = json.dumps(body)
    head = f"POST {path} HTTP/1.0\r\nhost: h\r\nauthorization: Bearer {canary.MASTER}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as wire:
        wire.sendall(f"{head}content-length: {len(text)}\r\n\r\n{text}".encode())
        said = b""
        while got := wire.recv(65536):
            said += got
            if b": ping\n" in said:
                silence.over.set()
    head, _, events = said.decode().partition("\r\n\r\n")
    return head, events


def test_a_silent_stream_is_pinged_and_then_told(gateway, silence):
    head, events = stream(gateway, silence, BODY)
    assert head.startswith("HTTP/1.1 200 OK") and "content-type: text/event-stream" in head
    assert events.startswith(": ping\n\n")
    told = [line for line in events.replace(": ping\n\n", "").split("\n\n") if line]
    assert '"content":"Hi"' in told[0] and told[-1] == "data: [DONE]"


def test_clients_of_messages_are_sent_the_event_that_they_know(gateway, silence):
    _, events = stream(gateway, silence, MESSAGES.body("silent", model="claude", stream=True), "/v1/messages")
    ping = 'event: ping\ndata: {"type": "ping"}'
    assert events.startswith(ping + "\n\n")
    told = [line for line in events.split("\n\n") if line and line != ping]
    assert told[0].startswith("event: message_start") and told[-1].startswith("event: message_stop")


def test_a_failure_behind_a_ping_is_an_event(gateway, silence):
    silence.fails = True
    head, events = stream(gateway, silence, BODY)
    assert head.startswith("HTTP/1.1 200 OK")
    told = [line for line in events.replace(": ping\n\n", "").split("\n\n") if line]
    assert json.loads(told[0].removeprefix("data: "))["error"]["code"] == "429"
    assert "data: [DONE]" not in told


def test_official_clients_read_on(gateway, silence):
    # The head comes with the first ping.
    wire = httpx.Client(event_hooks={"response": [lambda _: silence.over.set()]})
    address = {"base_url": gateway.url + "/v1", "api_key": canary.MASTER}
    with openai.OpenAI(**address, max_retries=0, http_client=wire) as client:
        chunks = list(client.chat.completions.create(**BODY))
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "Hi"


def test_anthropics_client_reads_on(gateway, silence):
    wire = anthropic.DefaultHttpxClient(event_hooks={"response": [lambda _: silence.over.set()]})
    body = MESSAGES.body("silent", model="claude")
    with anthropic.Anthropic(
        base_url=gateway.url, api_key=canary.MASTER, max_retries=0, http_client=wire
    ) as client, client.messages.stream(**body) as answer:
        assert answer.get_final_text() == "Hi"


def test_who_is_not_silent_is_not_pinged(gateway, silence):
    silence.over.set()
    head, events = stream(gateway, silence, BODY)
    assert ": ping" not in events and "x-litellm-model-id" in head
