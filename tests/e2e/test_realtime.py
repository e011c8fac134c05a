"""GET /v1/realtime: OpenAI's SDK and browsers' handshakes against aimock and a scripted upstream; abuse."""

import base64
import json
import os
import signal
import time

import openai
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from support import canary, paths
from support.gateway import config, deployment
from support.process import eventually
from support.realtime import RealtimeUpstream, answer, die, echo, leave
from support.stalls import Stalls
from support.wire import Wire, ask

KEY = {"Authorization": f"Bearer {canary.MASTER}"}
PATHS = ["/realtime", "/v1/realtime", "/openai/v1/realtime"]


@pytest.fixture(scope="module")
def live():
    upstream = RealtimeUpstream({"echo": echo, "answer": answer, "die": die, "leave": leave})
    yield upstream
    upstream.stop()


def models(live, **more):
    names = ["echo", "answer", "die", "leave", "refuse-401", "refuse-429", "refuse-500"]
    made = [deployment(n, f"openai/{n}", live.url + "/v1", canary.OPENAI) for n in names]
    return config(*made, **more)


@pytest.fixture
def gateway(start, live):
    return start(models(live))


def ws(gateway, model="echo", path="/v1/realtime", query="", headers=KEY, **options):
    address = f"ws://127.0.0.1:{gateway.port}{path}?model={model}{query}"
    options.setdefault("open_timeout", paths.deadline(10))
    return connect(
        address, additional_headers=headers, proxy=None, max_size=64 << 20, **options
    )


def refusal(gateway, **options) -> tuple[int, dict]:
    """The answer to a handshake that is refused: status and error object."""
    with pytest.raises(InvalidStatus) as refused:
        ws(gateway, **options)
    response = refused.value.response
    return response.status_code, json.loads(response.body)["error"]


def end(socket) -> tuple[int, str]:
    """Reads to the end: the close that the gateway sent."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=paths.deadline(10))
    assert closed.value.rcvd, "the gateway cut the connection without a close"
    return closed.value.rcvd.code, closed.value.rcvd.reason


def test_openai_sdk_holds_a_session(start, aimock):
    gateway = start(
        config(
            deployment("voice", "openai/gpt-realtime", aimock.url + "/v1", canary.OPENAI),
        )
    )
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER)
    with client.realtime.connect(model="voice") as session:
        text, usage = "", None
        session.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "plugs"}],
            }
        )
        session.response.create()
        kinds = []
        for event in session:
            kinds.append(event.type)
            if event.type in ("response.output_text.delta", "response.text.delta"):
                text += event.delta
            if event.type == "response.done":
                usage = event.response.usage
                break
    assert kinds[0] == "session.created", kinds
    assert "every jack" in text, kinds
    assert usage is not None


@pytest.mark.parametrize("path", PATHS)
def test_frames_pass_unchanged(gateway, path):
    with ws(gateway, path=path) as socket:
        assert json.loads(socket.recv())["type"] == "session.created"
        for frame in ["", "{}", "hé\n", b"\x00\xff", os.urandom(3 << 20), "x" * (3 << 20)]:
            socket.send(frame)
            assert socket.recv(timeout=paths.deadline(10)) == frame
        assert "x-litellm-call-id" in socket.response.headers
        assert socket.response.headers["x-litellm-model-group"] == "echo"


def test_fragments_and_pings(gateway):
    with ws(gateway) as socket:
        socket.recv()
        socket.send(iter(["a", "b", "c"]))
        assert socket.recv(timeout=paths.deadline(10)) == "abc"
        assert socket.ping().wait(paths.deadline(10))


def test_what_the_upstream_sees(gateway, live):
    live.requests.clear()
    headers = {**KEY, "OpenAI-Beta": "realtime=v1", "X-Mine": "m", "Cookie": "c=1"}
    with ws(gateway, query="&intent=tra%6Escription&x=a%26b", headers=headers) as socket:
        socket.recv()
    path, seen = live.requests[0]
    assert path == "/v1/realtime?model=echo&intent=transcription&x=a%26b"
    assert seen["Authorization"] == f"Bearer {canary.OPENAI}"
    assert seen["OpenAI-Beta"] == "realtime=v1"
    for header in ("X-Mine", "Cookie", "Sec-WebSocket-Protocol"):
        assert header not in seen
    assert canary.MASTER not in str(list(seen.raw_items()))


def test_a_browsers_key_is_a_subprotocol_and_a_secret(gateway, live):
    live.requests.clear()
    offered = ["realtime", f"openai-insecure-api-key.{canary.MASTER}", "openai-beta.realtime-v1"]
    with ws(gateway, headers={}, subprotocols=offered) as socket:
        socket.recv()
        assert socket.subprotocol == "realtime"
        assert canary.MASTER not in str(list(socket.response.headers.raw_items()))
    seen = live.requests[0][1]
    assert seen["Sec-WebSocket-Protocol"] == "realtime"
    assert seen["OpenAI-Beta"] == "realtime=v1"
    assert canary.MASTER not in str(list(seen.raw_items()))
    wrong = ["realtime", f"openai-insecure-api-key.{canary.WRONG}"]
    status, error = refusal(gateway, headers={}, subprotocols=wrong)
    assert status == 401
    assert canary.WRONG not in json.dumps(error)


def test_refusals_are_http_errors(gateway):
    assert refusal(gateway, headers={})[0] == 401
    assert refusal(gateway, headers={"Authorization": f"Bearer {canary.WRONG}"})[0] == 401
    status, error = refusal(gateway, model="nobody")
    assert status == 400
    assert "nobody" in error["message"]
    status, error = refusal(gateway, model="")
    assert (status, error["param"]) == (400, "model")
    assert refusal(gateway, model="%ff")[0] == 400
    assert refusal(gateway, query="&api_base=http://evil.example")[0] == 400
    status, error = refusal(gateway, model="refuse-401")
    assert status == 401
    assert "refused with 401" in error["message"]
    assert refusal(gateway, model="refuse-429")[0] == 429
    assert refusal(gateway, model="refuse-500")[0] == 500


def handshake(**changes) -> bytes:
    headers = {
        "Host": "x",
        "Authorization": f"Bearer {canary.MASTER}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return ("GET /v1/realtime?model=echo HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"Upgrade": None},
        {"Upgrade": "h2c"},
        {"Connection": None},
        {"Connection": "close"},
        {"Sec_WebSocket_Version": "8"},
        {"Sec_WebSocket_Version": None},
        {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Key": "short"},
    ],
)
def test_bad_handshakes_are_told_what_is_needed(gateway, changes):
    with Wire(gateway.port) as wire:
        wire.send(handshake(**changes))
        answered = wire.answer()
    assert answered.status == 426
    assert answered.headers["upgrade"] == "websocket"
    assert answered.headers["sec-websocket-version"] == "13"
    assert answered.error["message"]


def test_other_methods_are_not_allowed(gateway):
    assert ask(gateway.port, {}, path="/v1/realtime").status == 405


def test_frames_behind_the_handshake_are_not_lost(gateway):
    frame = b"\x81\x82\x00\x00\x00\x00hi"
    with Wire(gateway.port) as wire:
        wire.send(handshake() + frame)
        wire.until(b"101 Switching Protocols")
        wire.until(b"\x81\x02hi")


def test_another_deployment_is_tried_before_the_client_is_accepted(start, live):
    made = [
        deployment("two", "openai/refuse-500", live.url + "/v1", canary.OPENAI, weight=1000),
        deployment("two", "openai/echo", live.url + "/v1", canary.OPENAI, weight=1),
    ]
    gateway = start(config(*made, num_retries=2))
    for _ in range(5):
        with ws(gateway, model="two") as socket:
            assert json.loads(socket.recv())["type"] == "session.created"


def test_an_upstream_that_is_not_there(start):
    gateway = start(
        config(deployment("gone", "openai/x", "http://127.0.0.1:9/v1", canary.OPENAI))
    )
    status, error = refusal(gateway, model="gone")
    assert status == 500
    assert "cannot connect" in error["message"].lower()


def test_an_upstream_that_dies_is_an_error_event(gateway):
    with ws(gateway, model="die") as socket:
        socket.send("go")
        event = json.loads(socket.recv(timeout=paths.deadline(10)))
        assert event["type"] == "error"
        assert event["error"]["message"]
        assert end(socket)[0] == 1011


def test_an_upstream_that_closes_closes_the_client(gateway):
    with ws(gateway, model="leave") as socket:
        socket.send("go")
        assert end(socket) == (4003, "session expired")


def test_a_client_that_closes_closes_the_upstream(gateway, live):
    live.closes.clear()
    socket = ws(gateway)
    socket.recv()
    socket.close(4004, "enough")
    eventually(lambda: live.closes == [(4004, "")], paths.deadline(20))


def test_a_client_that_vanishes_ends_the_upstream_at_once(gateway, live):
    live.ended_at.clear()
    with Wire(gateway.port) as wire:
        wire.send(handshake())
        wire.until(b"session.created")
    with Stalls() as stalls:
        gone = time.monotonic()
        eventually(lambda: live.ended_at, paths.deadline(20))
        assert stalls.net(gone, live.ended_at[0]) < paths.deadline(2)


def test_a_message_that_is_too_large(gateway):
    with ws(gateway) as socket:
        socket.recv()
        try:
            socket.send(b"x" * ((16 << 20) + 1))
        except ConnectionClosed:
            pass
        assert end(socket)[0] == 1009


def test_text_that_is_not_utf8(gateway):
    with Wire(gateway.port) as wire:
        wire.send(handshake() + b"\x81\x81\x00\x00\x00\x00\xff")
        wire.until(b"\x88\x02\x03\xef")  # 1007


def test_frames_without_a_mask(gateway):
    with Wire(gateway.port) as wire:
        wire.send(handshake() + b"\x81\x02hi")
        wire.until(b"\x88\x02\x03\xea")  # 1002


def test_guardrails_are_not_passed_by(start, live):
    guard = {
        "guardrail_name": "words",
        "litellm_params": {"guardrail": "hide-secrets", "mode": "pre_call", "default_on": True},
    }
    gateway = start({**models(live), "guardrails": [guard]})
    status, error = refusal(gateway)
    assert status == 400
    assert "words" in error["message"]


def test_the_session_is_recorded_and_counted(start, live, tmp_path):
    log = tmp_path / "calls.jsonl"
    gateway = start(
        models(
            live,
            litellm_settings={"callbacks": ["file"]},
            callback_settings={"file": {"url": f"file://{log}", "flush_interval": 0.05}},
        )
    )
    with ws(gateway, model="answer") as socket:
        for _ in range(3):
            socket.send("go")
            socket.recv(timeout=paths.deadline(10))
    eventually(lambda: log.exists() and log.read_text().strip(), paths.deadline(10))
    record = json.loads(log.read_text().splitlines()[0])
    assert record["call_type"] == "_arealtime"
    assert record["status"] == "success"
    assert record["model_group"] == "answer"
    assert (record["prompt_tokens"], record["completion_tokens"]) == (30, 15)
    text = ask(gateway.port, method="GET", path="/metrics", key=None).body.decode()
    lines = [line for line in text.splitlines() if 'route="/realtime"' in line]
    assert any(line.endswith(" 1") for line in lines), lines


def test_a_session_that_its_upstream_breaks_costs_what_was_told(start, tmp_path):
    async def answer_and_die(connection):
        usage = {"input_tokens": 10, "output_tokens": 5}
        await connection.recv()
        await connection.send(json.dumps({"type": "response.done", "response": {"usage": usage}}))
        await connection.recv()
        connection.transport.abort()

    upstream = RealtimeUpstream({"answer-and-die": answer_and_die})
    log = tmp_path / "calls.jsonl"
    made = config(
        deployment("m", "openai/answer-and-die", upstream.url + "/v1", canary.OPENAI),
        litellm_settings={"callbacks": ["file"]},
        callback_settings={"file": {"url": f"file://{log}", "flush_interval": 0.05}},
    )
    gateway = start(made)
    try:
        with ws(gateway, model="m") as socket:
            socket.send("go")
            socket.recv(timeout=paths.deadline(10))
            socket.send("die")
            end(socket)
        eventually(lambda: log.exists() and log.read_text().strip(), paths.deadline(10))
    finally:
        upstream.stop()
    (record,) = [json.loads(line) for line in log.read_text().splitlines()]
    assert record["status"] == "failure"
    assert (record["prompt_tokens"], record["completion_tokens"]) == (10, 5)


@pytest.mark.parametrize("query", ["&api_key=sk-1", "&key=sk-1", "&aws_secret_access_key=x"])
def test_credentials_in_the_query_are_refused(gateway, query):
    status, error = refusal(gateway, query=query)
    assert status == 400 and "may not be set by a client" in error["message"]


def test_idle_sessions_are_closed_at_shutdown(start, live):
    gateway = start(models(live))
    sockets = [ws(gateway) for _ in range(200)]
    for socket in sockets:
        socket.recv(timeout=paths.deadline(10))
    asked = time.monotonic()
    gateway.signal(signal.SIGTERM)
    assert [end(socket)[0] for socket in sockets] == [1001] * 200
    assert gateway.wait(paths.deadline(10)) == 0
    assert time.monotonic() - asked < paths.deadline(8)
    eventually(lambda: live.open == 0, paths.deadline(20))
