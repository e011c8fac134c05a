"""The HTTP surface: routes, methods, keys, headers, bodies. Streams and hostile framing have files of their own."""

import json

import pytest

from support import canary
from support.gateway import command, config, deployment
from support.wire import Wire, ask, chat, request

CHAT_ROUTES = [
    "/chat/completions",
    "/v1/chat/completions",
    "/openai/deployments/scripted/chat/completions",
    "/engines/scripted/chat/completions",
]


@pytest.mark.parametrize("path", CHAT_ROUTES)
def test_chat_routes(gateway, path):
    body = chat()
    if "scripted" in path:
        del body["model"]
    answer = ask(gateway.port, body, path=path)
    assert answer.status == 200
    assert answer.json["choices"][0]["message"]["content"] == "Hello from upstream"
    assert answer.headers["content-type"].split(";")[0] == "application/json"


def test_query_is_not_part_of_the_route(gateway):
    assert ask(gateway.port, chat(), path=CHAT_ROUTES[2] + "?api-version=2024-10-21").status == 200


@pytest.mark.parametrize("path", ["/models", "/v1/models"])
def test_models(gateway, path):
    answer = ask(gateway.port, method="GET", path=path)
    assert answer.status == 200
    assert answer.json["object"] == "list"
    assert [model["id"] for model in answer.json["data"]] == ["scripted", "scripted-claude"]
    assert all(
        isinstance(model["created"], int) and model["owned_by"] for model in answer.json["data"]
    )
    assert ask(gateway.port, method="GET", path=path, key=None).status == 401


@pytest.mark.parametrize(
    "path", ["/", "/health/liveliness", "/health/liveness", "/health/readiness", "/metrics"]
)
def test_open_routes_need_no_key(gateway, path):
    assert ask(gateway.port, method="GET", path=path, key=None).status == 200


def test_health_bodies(gateway):
    for path in ("/health/liveliness", "/health/liveness"):
        assert ask(gateway.port, method="GET", path=path).json == "I'm alive!"
    ready = ask(gateway.port, method="GET", path="/health/readiness").json
    assert ready["status"] == "healthy"


def test_head(gateway):
    with Wire(gateway.port) as wire:
        wire.send(request(method="HEAD", path="/health/liveliness"))
        head = wire.answer("HEAD")
        assert head.status == 200
        wire.send(request(method="GET", path="/health/liveliness"))
        got = wire.answer("GET")
    assert got.json == "I'm alive!"
    assert head.headers.get("content-length") in (None, str(len(got.body)))


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/v1/nothing"),
        ("POST", "/v1/chat/completions/more"),
        ("POST", "/openai/deployments//chat/completions"),
        ("GET", "/v1/../etc/passwd"),
        ("GET", "/%2e%2e/etc/passwd"),
    ],
)
def test_unknown_route(gateway, method, path):
    answer = ask(gateway.port, b"{}" if method == "POST" else b"", method, path=path)
    assert answer.status == 404
    assert answer.error


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("GET", "/v1/chat/completions", "POST"),
        ("DELETE", "/chat/completions", "POST"),
        ("PUT", "/openai/deployments/scripted/chat/completions", "POST"),
        ("POST", "/v1/models", "GET"),
        ("POST", "/health/liveliness", "GET"),
        ("DELETE", "/metrics", "GET"),
    ],
)
def test_wrong_method(gateway, method, path, allowed):
    answer = ask(gateway.port, b"{}" if method == "POST" else b"", method, path=path)
    assert answer.status == 405
    assert allowed in [name.strip() for name in answer.headers["allow"].split(",")]
    assert answer.error


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {canary.MASTER}"},
        {"authorization": f"bearer {canary.MASTER}"},
        {"x-api-key": canary.MASTER},
        {"api-key": canary.MASTER},
        {"API-Key": canary.MASTER},
        {"x-litellm-api-key": canary.MASTER},
        {"x-litellm-api-key": f"Bearer {canary.MASTER}"},
    ],
)
def test_ways_to_send_the_key(gateway, headers):
    assert ask(gateway.port, chat(), key=None, headers=headers).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {canary.WRONG}"},
        {"Authorization": f"Bearer {canary.MASTER}5"},
        {"Authorization": f"Bearer {canary.MASTER[:-1]}"},
        {"x-api-key": canary.WRONG},
        {"api-key": ""},
        {"Authorization": "Basic c2stMTIzNDo="},
    ],
)
def test_no_or_wrong_key(gateway, upstream, headers):
    before = len(upstream.requests)
    answer = ask(gateway.port, chat(), key=None, headers=headers)
    assert answer.status == 401
    assert answer.error["message"].startswith("Authentication Error")
    assert not canary.leaks(answer.body.decode())
    assert len(upstream.requests) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"42",
        b'"text"',
        b"{}}",
        b'{"model":"scripted"',
        b'{"model": nope}',
        b"\xff\xfe{}",
        b'{"model":"scripted","messages":[{"role":"user","content":"\xc3\x28"}]}',
        b"[" * 100_000,
    ],
)
def test_invalid_json(gateway, body):
    answer = ask(gateway.port, body)
    assert answer.status == 400
    assert answer.error["type"]
    assert answer.error["code"] == "400"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": []},
        {"model": 5, "messages": []},
        {"model": "", "messages": []},
        {"model": None, "messages": []},
        {"model": "nobody", "messages": []},
    ],
)
def test_missing_or_unknown_model(gateway, body):
    answer = ask(gateway.port, body)
    assert answer.status == 400
    assert answer.error["code"] == "400"


def test_model_name_is_found_however_it_is_escaped(gateway, upstream):
    """The body passes as it came, but for the model's name."""
    body = b'{"messages":[{"role":"user","content":"script:default \\ud83d\\ude00"}], "m\\u006fdel":"sc\\u0072ipted"}'
    answer = ask(gateway.port, body)
    assert answer.status == 200
    assert upstream.requests[-1].json["model"] == "gpt-4o"
    assert upstream.requests[-1].json["messages"][0]["content"] == "script:default \U0001f600"


def test_body_limit(start, upstream):
    one = start(
        config(
            deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"max_request_size_mb": 1},
        )
    )
    small = chat(model="m", padding="x" * 900_000)
    assert ask(one.port, small).status == 200
    with Wire(one.port) as wire:
        wire.send(request(headers={"Content-Length": str(2 << 20)}, length=False))
        answer = wire.answer()
    assert answer.status == 413
    assert answer.error
    with Wire(one.port) as wire:
        wire.send(request(headers={"Transfer-Encoding": "chunked"}, length=False))
        piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        try:
            for _ in range(40):
                wire.send(piece)
        except ConnectionError:
            pass
        assert wire.answer().status == 413


def test_large_body_passes(gateway, upstream):
    text = "script:default " + "\u00e9" * 2_000_000
    answer = ask(
        gateway.port, {"model": "scripted", "messages": [{"role": "user", "content": text}]}
    )
    assert answer.status == 200
    assert upstream.requests[-1].json["messages"][0]["content"] == text


def test_litellm_headers(gateway, upstream):
    answer = ask(gateway.port, chat())
    headers = answer.headers
    assert len(headers["x-litellm-call-id"]) >= 32
    assert headers["x-litellm-model-group"] == "scripted"
    assert headers["x-litellm-model-id"]
    assert headers["x-litellm-model-api-base"].startswith(upstream.url)
    assert headers["x-litellm-version"]
    assert float(headers["x-litellm-response-duration-ms"]) >= 0
    assert headers["x-litellm-attempted-retries"] == "0"
    again = ask(gateway.port, chat()).headers
    assert again["x-litellm-call-id"] != headers["x-litellm-call-id"]
    assert again["x-litellm-model-id"] == headers["x-litellm-model-id"]
    assert (
        ask(gateway.port, chat(), headers={"x-litellm-call-id": "mine-1"}).headers[
            "x-litellm-call-id"
        ]
        == "mine-1"
    )


def test_litellm_headers_on_an_error(gateway):
    answer = ask(gateway.port, chat(model="nobody"))
    assert answer.status == 400
    assert answer.headers["x-litellm-call-id"]
    assert answer.headers["x-litellm-version"]


def test_no_secret_in_any_header(gateway):
    for answer in (ask(gateway.port, chat()), ask(gateway.port, chat(), key=canary.WRONG)):
        assert not canary.leaks(json.dumps(answer.headers))


def test_version():
    status, output = command("--version")
    assert status == 0
    assert any(part[0].isdigit() for part in output.split()), output
