"""Pages of other origins call the gateway (CORS)."""

import pytest

from conftest import scripted_config
from support import canary
from support.wire import Wire, ask, chat, request

ORIGIN = "http://localhost:5173"
PAGE = {"Origin": ORIGIN}
ASKS = {
    **PAGE,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
}


@pytest.mark.parametrize(
    "path",
    ["/v1/chat/completions", "/openai/deployments/scripted/chat/completions", "/v1/models"]
    + ["/v1/ocr", "/health/liveliness", "/nothing"],
)
def test_a_preflight_needs_no_key(gateway, path):
    answer = ask(gateway.port, method="OPTIONS", path=path, key=None, headers=ASKS)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].split(",")
    assert allowed == ["authorization", "content-type", "x-stainless-os"]
    assert answer.headers["access-control-max-age"] == "600"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "status, options",
    [
        (200, {"body": chat()}),
        (200, {"body": chat(stream=True)}),
        (200, {"method": "GET", "path": "/v1/models"}),
        (200, {"method": "GET", "path": "/health/readiness", "key": None}),
        (200, {"method": "GET", "path": "/admin/plugins"}),
        (400, {"body": b"{"}),
        (401, {"body": chat(), "key": None}),
        (401, {"body": chat(), "key": canary.WRONG}),
        (404, {"path": "/v1/nothing"}),
        (405, {"method": "GET", "path": "/v1/chat/completions"}),
        (400, {"body": chat(model="nothing")}),
    ],
)
def test_every_answer_to_a_page_can_be_read_by_it(gateway, status, options):
    answer = ask(gateway.port, headers=PAGE, **options)
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "*"


@pytest.mark.parametrize(
    "status, start",
    [
        (401, request(b"", length=False, key=None, headers={**PAGE, "Content-Length": "9"})),
        (404, request(b"", length=False, path="/x", headers={**PAGE, "Content-Length": "9"})),
        (413, request(b"", length=False, headers={**PAGE, "Content-Length": str(1 << 40)})),
        (400, request(b"", length=False, headers={**PAGE, "Transfer-Encoding": "gzip"})),
        (431, request(headers={**PAGE, "X": "x" * 70_000})),
    ],
)
def test_what_is_refused_before_its_body_can_be_read_too(gateway, status, start):
    with Wire(gateway.port) as wire:
        wire.send(start)
        answer = wire.answer()
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "*"


def test_others_are_told_nothing_of_origins(gateway):
    answer = ask(gateway.port, chat())
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_origins_can_be_restricted_as_in_litellm(start, upstream):
    origins = f"https://chat.example.com,{ORIGIN}"
    gateway = start(scripted_config(upstream), env={"LITELLM_CORS_ORIGINS": origins})
    assert ask(gateway.port, chat(), headers=PAGE).headers["access-control-allow-origin"] == ORIGIN
    other = {**ASKS, "Origin": "https://other.example.com"}
    answer = ask(gateway.port, method="OPTIONS", key=None, headers=other)
    assert answer.status == 400
    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-origin" not in ask(gateway.port, chat(), headers=other).headers
