"""/v1/audio/speech: the provider's bytes as they come, its content type, and ends that do not pass for good ones."""

import asyncio
import base64
import hashlib
import random
import time

import openai
import pytest

from support import answers, canary, paths
from support.answers import openai_error
from support.gateway import Gateway, config, deployment
from support.operations import SPEECH
from support.process import eventually
from support.records import Log, error_code
from support.wire import Wire, ask, request

SPOKEN = base64.b64decode("SUQzBAAAAAAAAP/7kAD/+5AA")


@pytest.fixture(scope="module", params=["none", "process"])
def gateway(request, aimock, upstream, tmp_path_factory):
    """The model `m` is at the scripted upstream, `lent` at aimock; the plugin once in a process of its own."""
    made = config(
        SPEECH.deployment(upstream),
        deployment("lent", SPEECH.model, aimock.url + "/v1", canary.OPENAI),
        plugins={"org.patchbay.openai": {"isolation": request.param}},
    )
    running = Gateway(tmp_path_factory.mktemp("speech"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


async def begin(exchange, headers=(answers.SPEECH_TYPE,)):
    """The head of an answer in pieces."""
    lines = ["HTTP/1.1 200 OK", "transfer-encoding: chunked"]
    lines += [f"{name}: {value}" for name, value in headers]
    await exchange.send("\r\n".join(lines).encode() + b"\r\n\r\n")


@pytest.mark.parametrize(("model", "spoken"), [("m", answers.SPEECH), ("lent", SPOKEN)])
def test_the_sdk(client, model, spoken):
    answer = client.audio.speech.create(model=model, voice="alloy", input="About plugs.")
    assert answer.read() == spoken
    assert answer.response.headers["content-type"] == "audio/mpeg"
    assert answer.response.headers["x-litellm-model-name"] == SPEECH.model


def test_the_sdk_with_a_stream(client, tmp_path):
    file = tmp_path / "speech.mp3"
    with client.audio.speech.with_streaming_response.create(
        model="m", voice="alloy", input="Hello", response_format="mp3"
    ) as answer:
        answer.stream_to_file(file)
    assert file.read_bytes() == answers.SPEECH


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("fail:429", openai.RateLimitError), ("fail:500", openai.InternalServerError)],
)
def test_the_sdk_s_errors(client, upstream, asked, expected):
    status = int(asked.partition(":")[2])
    upstream.scripts["failing"] = answers.error(status, openai_error("no luck"))
    with pytest.raises(expected) as failed:
        client.audio.speech.create(
            model="m", voice="alloy", input="Hello", extra_body={"user": "script:failing"}
        )
    assert "no luck" in failed.value.message


@pytest.mark.parametrize(
    "kind",
    [
        "audio/wav",
        "audio/ogg; codecs=opus",
        "application/octet-stream",
        "text/plain; charset=utf-8",
        None,
    ],
)
@pytest.mark.parametrize("body", [answers.SPEECH, b"\x00" * 300_000, b"x", b""], ids=len)
@pytest.mark.parametrize("pieces", [False, True], ids=["whole", "pieces"])
def test_bytes_and_their_type_are_the_provider_s(gateway, upstream, kind, body, pieces):
    headers = [("content-type", kind)] if kind else []

    async def speak(exchange):
        if pieces:
            await begin(exchange, headers)
            for at in range(0, len(body), 16381):
                await exchange.chunk(body[at : at + 16381])
            return await exchange.finish()
        lines = [f"{name}: {value}\r\n" for name, value in headers]
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n{''.join(lines)}\r\n"
        await exchange.send(head.encode() + body)

    upstream.scripts["speak"] = speak
    answer = SPEECH.ask(gateway, "speak")
    assert answer.status == 200 and answer.complete
    assert answer.body == body
    assert answer.headers["content-type"] == (kind or "application/octet-stream")


def test_every_piece_goes_on_at_once(gateway, upstream):
    turns = asyncio.Queue()

    async def by_turns(exchange):
        await begin(exchange)
        for number in range(5):
            await turns.get()
            await exchange.chunk(b"piece %d." % number)
        await turns.get()
        await exchange.finish()

    upstream.scripts["by-turns"] = by_turns
    with Wire(gateway.port) as wire:
        wire.send(request(SPEECH.body("by-turns"), path=SPEECH.path))
        for number in range(5):
            upstream.call(turns.put(None))
            wire.until(b"piece %d." % number)
        upstream.call(turns.put(None))
        wire.until(b"0\r\n\r\n")
        wire.send(request(SPEECH.body(), path=SPEECH.path))
        assert wire.answer().body == answers.SPEECH, "the connection serves again"


def test_a_slow_client_holds_the_provider_back(gateway, upstream):
    """The gateway's memory stays where it was, and all of it arrives in the end."""
    large = random.Random(3).randbytes(1 << 18)
    total = 200  # about 50 MB
    sent = []

    async def speaks_on(exchange):
        await begin(exchange)
        for _ in range(total):
            await exchange.chunk(large)
            sent.append(time.monotonic())
        await exchange.finish()

    upstream.scripts["speaks-on"] = speaks_on
    assert SPEECH.ask(gateway).status == 200
    before = gateway.rss()
    arrived = hashlib.sha256()
    with Wire(gateway.port, paths.deadline(60), receive_buffer=65536) as wire:
        wire.send(request(SPEECH.body("speaks-on"), path=SPEECH.path))
        assert wire.head().status == 200
        stalled = eventually(
            lambda: len(sent) if sent and time.monotonic() - sent[-1] > 0.5 else 0,
            paths.deadline(20),
        )
        assert stalled < total / 2
        assert paths.SANITIZED or gateway.rss() - before < 24 << 20
        assert SPEECH.ask(gateway).status == 200, "others are served meanwhile"
        while size := int(wire.until(b"\r\n"), 16):
            arrived.update(wire.exactly(size))
            assert wire.exactly(2) == b"\r\n"
    assert arrived.digest() == hashlib.sha256(large * total).digest()


async def close(exchange):
    exchange.close()


async def broken(exchange):
    await exchange.send(b"no size\r\n")
    exchange.close()


@pytest.mark.parametrize(
    "end", [answers.cut, close, broken, answers.hang], ids=["cut", "closed", "broken", "silent"]
)
def test_a_speech_that_breaks_off_does_not_look_whole(start, upstream, tmp_path, end):
    async def breaks_off(exchange):
        await begin(exchange)
        await exchange.chunk(b"half of it")
        await end(exchange)

    upstream.scripts["breaks-off"] = breaks_off
    upstream.clear()
    log = Log(tmp_path)
    made = config(SPEECH.deployment(upstream, timeout=0.5), num_retries=2, **log.sections)
    gateway = start(made, env=log.environment)
    answer = SPEECH.ask(gateway, "breaks-off")
    assert answer.status == 200 and not answer.complete
    assert answer.body in (b"", b"half of it"), "nothing of an error is in the sound"
    assert len(upstream.of("breaks-off")) == 1, "what has begun is not begun again"
    (record,) = log.records()
    assert record["status"] == "failure"
    assert SPEECH.ask(gateway).status == 200


def test_nor_where_the_end_of_the_connection_is_the_end_of_the_answer(gateway, upstream):
    """Proxies in front ask in HTTP/1.0, which has no chunks: there the connection is reset."""

    async def breaks_off(exchange):
        await begin(exchange)
        await exchange.chunk(b"half of it")
        exchange.close()

    upstream.scripts["breaks-off"] = breaks_off
    with Wire(gateway.port) as wire:
        wire.send(request(SPEECH.body("breaks-off"), path=SPEECH.path, version="HTTP/1.0"))
        with pytest.raises(ConnectionResetError):
            while wire.socket.recv(65536):
                pass
    with Wire(gateway.port) as wire:
        wire.send(request(SPEECH.body(), path=SPEECH.path, version="HTTP/1.0"))
        answer = wire.answer()
    assert answer.body == answers.SPEECH and answer.headers["connection"] == "close"


def test_the_sdk_notices_it(client, upstream):
    async def breaks_off(exchange):
        await begin(exchange)
        await exchange.chunk(b"half of it")
        exchange.close()

    upstream.scripts["breaks-off"] = breaks_off
    with pytest.raises((openai.APIError, openai.APIConnectionError, Exception)) as noticed:
        client.audio.speech.create(
            model="m", voice="alloy", input="Hello", extra_body={"user": "script:breaks-off"}
        ).read()
    assert "incomplete" in str(noticed.value) or isinstance(
        noticed.value, openai.APIConnectionError
    )


@pytest.mark.parametrize("begun", [False, True], ids=["before the first byte", "in the middle"])
def test_a_client_that_hangs_up_cuts_the_provider_off(start, upstream, tmp_path, begun):
    async def speaks_on(exchange):
        if begun:
            await begin(exchange)
            while not exchange.connection.gone.is_set():
                await exchange.chunk(b"la " * 100)
                await asyncio.sleep(0.005)
        await answers.hang(exchange)

    upstream.scripts["speaks-on"] = speaks_on
    upstream.clear()
    log = Log(tmp_path)
    gateway = start(config(SPEECH.deployment(upstream), **log.sections), env=log.environment)
    with Wire(gateway.port) as wire:
        wire.send(request(SPEECH.body("speaks-on"), path=SPEECH.path))
        if begun:
            wire.until(b"la la ")
        asked = eventually(
            lambda: next(iter(upstream.of("speaks-on")), None), paths.deadline(10), 0.001
        )
    upstream.call(asked.connection.gone.wait())
    (record,) = log.records()
    assert record["call_type"] == "aspeech"
    assert (record["status"], error_code(record)) == ("failure", "499")


def test_a_record_holds_what_was_said_but_not_the_sound(start, upstream, tmp_path):
    log = Log(tmp_path)
    gateway = start(config(SPEECH.deployment(upstream), **log.sections), env=log.environment)
    assert SPEECH.ask(gateway, input="Say kestrel", response_format="mp3", speed=1.5).status == 200
    (record,) = log.records()
    assert record["status"] == "success" and record["call_type"] == "aspeech"
    assert record["messages"] == "Say kestrel"
    parameters = record["model_parameters"]
    assert (parameters["voice"], parameters["response_format"]) == ("alloy", "mp3")
    assert record["response"] is None
    assert (record["prompt_tokens"], record["completion_tokens"]) == (0, 0)
    assert record["metadata"]["usage_estimated"] is False


def test_a_head_without_a_body(gateway):
    """Nobody is asked for what is not sent."""
    assert ask(gateway.port, method="HEAD", path=SPEECH.path).status == 405
