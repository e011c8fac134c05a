"""What Anthropic's SDK makes of every failure of /v1/messages, at a provider that speaks it."""

import json

import anthropic
import pytest

from support import answers, canary
from support.answers import anthropic_error
from support.gateway import Gateway, config
from support.messages import SAID, asking, check_error, events
from support.operations import MESSAGES
from support.wire import ask


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    running = Gateway(tmp_path_factory.mktemp("messages"), config(MESSAGES.deployment(upstream)))
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


#: name: (status, error) of the upstream, and what the client gets: (status, type, class of the SDK).
FAILURES = {
    "request": (
        400,
        "invalid_request_error",
        400,
        "invalid_request_error",
        anthropic.BadRequestError,
    ),
    "key": (
        401,
        "authentication_error",
        401,
        "authentication_error",
        anthropic.AuthenticationError,
    ),
    "permission": (
        403,
        "permission_error",
        403,
        "permission_error",
        anthropic.PermissionDeniedError,
    ),
    "not found": (404, "not_found_error", 404, "not_found_error", anthropic.NotFoundError),
    "rate limit": (429, "rate_limit_error", 429, "rate_limit_error", anthropic.RateLimitError),
    "broken": (500, "api_error", 500, "api_error", anthropic.InternalServerError),
    "overloaded": (529, "overloaded_error", 529, "overloaded_error", anthropic.InternalServerError),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", FAILURES)
def test_errors_are_anthropic_s(gateway, client, upstream, name, stream):
    status, told, expected, kind, exception = FAILURES[name]
    refusal = anthropic_error("no luck", told)
    upstream.scripts["failing"] = answers.error(status, refusal, [("retry-after", "7")])
    answer = MESSAGES.ask(gateway, "failing", stream=stream)
    check_error(answer, expected, kind, "no luck")
    if status == 429:
        assert answer.headers["retry-after"] == "7"
    with pytest.raises(exception) as failed:
        client.messages.create(**asking("failing", stream=stream))
    assert failed.value.status_code == expected and failed.value.request_id


@pytest.mark.parametrize(
    ("body", "options", "status", "kind", "said"),
    [
        ({"model": "nobody"}, {}, 400, "invalid_request_error", "nobody"),
        ({"messages": None}, {}, 400, "invalid_request_error", "messages"),
        ({"model": None}, {}, 400, "invalid_request_error", "model"),
        ({}, {"key": canary.WRONG}, 401, "authentication_error", ""),
        ({}, {"key": None}, 401, "authentication_error", ""),
    ],
    ids=["model", "no messages", "no model", "wrong key", "no key"],
)
def test_errors_of_the_gateway_are_anthropic_s(gateway, body, options, status, kind, said):
    members = {**MESSAGES.body(), **body}
    members = {name: value for name, value in members.items() if value is not None}
    check_error(ask(gateway.port, members, path=MESSAGES.path, **options), status, kind, said)
    check_error(ask(gateway.port, b"{", path=MESSAGES.path), 400, "invalid_request_error", "JSON")


@pytest.mark.parametrize("end", ["error", "cut", "finish"])
def test_a_stream_that_fails_in_the_middle_ends_with_an_error(gateway, client, upstream, end):
    async def breaks(exchange):
        await exchange.start_stream()
        for name, event in events(SAID)[:6]:
            await exchange.event(event, name)
        if end == "error":
            await exchange.event(anthropic_error("Overloaded", "overloaded_error"), "error")
        if end == "cut":
            return exchange.cut()
        await exchange.finish()

    upstream.scripts["breaks"] = breaks
    answer = MESSAGES.ask(gateway, "breaks", stream=True)
    assert answer.status == 200
    last = json.loads(answer.events[-1])
    assert last["type"] == "error"
    assert last["error"]["type"] == ("overloaded_error" if end == "error" else "api_error")
    assert b"event: error\n" in answer.body and b"message_stop" not in answer.body
    assert b"[DONE]" not in answer.body
    with (
        pytest.raises(anthropic.APIStatusError),
        client.messages.stream(**asking("breaks")) as stream,
    ):
        stream.get_final_message()
