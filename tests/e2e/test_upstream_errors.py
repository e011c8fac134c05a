"""What providers say went wrong: the status decides the class, the error's own words make it finer."""

import pytest

from support import canary
from support.gateway import Gateway, config, deployment
from support.wire import ask, chat


def refusing(status: int, body):
    async def script(exchange):
        await exchange.answer(status, body)

    return script


def error(message, type=None, code=None, **beside) -> dict:
    return {"error": {"message": message, "type": type, "param": None, "code": code}, **beside}


@pytest.fixture(scope="module")
def retrying(upstream, tmp_path_factory):
    """A gateway with retries before one deployment of each provider."""
    made = config(
        deployment("openai", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("row", "groq/m", upstream.url + "/v1", canary.OPENAI),
        deployment("claude", "anthropic/claude-x", upstream.url, canary.ANTHROPIC),
        num_retries=2,
    )
    running = Gateway(tmp_path_factory.mktemp("retrying"), made)
    yield running
    assert running.stop() == 0


REFUSALS = {
    "a parameter's name": (
        400,
        error("Unknown parameter: '_rate_limit_hint'.", "invalid_request_error", "unknown_parameter"),
        400,
        "BadRequestError",
    ),
    "a number among token ids": (
        400,
        error("`tools` must not be empty", "invalid_request_error", 400, prompt_token_ids=[1, 429]),
        400,
        "BadRequestError",
    ),
    "numbers of a prompt that is too long": (
        400,
        error(
            "This model's maximum context length is 4096 tokens. However, you requested 4525 tokens "
            "(429 in the messages, 4096 in the completion).",
            "invalid_request_error",
            "context_length_exceeded",
        ),
        400,
        "ContextWindowExceededError",
    ),
    "words of the client, repeated": (
        400,
        error("Invalid type", "invalid_request_error", echo="why do I see: Request timed out"),
        400,
        "BadRequestError",
    ),
    "a hint beside a wrong key": (
        401,
        error("Incorrect API key provided. See also the page on rate limits."),
        401,
        "AuthenticationError",
    ),
    "an unknown model and a rate limit": (404, error("No model; rate limit 429"), 404, "NotFoundError"),
    "a field of that name": (422, {"detail": [{"msg": "bad", "input": "Overloaded"}]}, 422, ""),
    "too large": (413, error("above the rate limit"), (413, 400), "BadRequestError"),
}


@pytest.mark.parametrize("model", ["openai", "row", "claude"])
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_told_once(retrying, upstream, model, stream, name):
    status, body, expected, class_name = REFUSALS[name]
    upstream.scripts["refusing"] = refusing(status, body)
    upstream.clear()
    answer = ask(retrying.port, chat("refusing", model, stream=stream))
    assert answer.status in (expected if isinstance(expected, tuple) else (expected,))
    # As LiteLLM names a status for which it has no class.
    told = "APIError" if answer.status == 413 else class_name
    assert f"litellm.{told}" in answer.error["message"]
    assert len(upstream.of("refusing")) == 1


@pytest.mark.parametrize("model", ["openai", "claude"])
def test_a_fault_of_the_provider_stays_one(retrying, upstream, model):
    upstream.scripts["faulty"] = refusing(500, error("context length: prompt is too long"))
    upstream.clear()
    answer = ask(retrying.port, chat("faulty", model, num_retries=1))
    assert answer.status == 500
    assert "litellm.InternalServerError" in answer.error["message"]
    assert len(upstream.of("faulty")) == 2


ACCOUNTS = {
    "balance": (
        400,
        error(
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to "
            "upgrade or purchase credits.",
            "invalid_request_error",
        ),
    ),
    "limit": (
        400,
        error(
            "You have reached your specified API usage limits. You will regain access on 2026-09-01 at "
            "00:00 UTC.",
            "invalid_request_error",
        ),
    ),
    "402": (402, error("Insufficient Balance", "unknown_error", "invalid_request_error")),
    "403": (403, error("Key limit exceeded (total limit).", None, 403)),
    "restricted": (400, error("Restricted.", "invalid_request_error", "organization_restricted")),
}


@pytest.mark.parametrize("provider", ["openai/gpt-4o", "groq/m", "anthropic/claude-x"])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_that_cannot_serve(start, upstream, provider, name):
    """Another deployment serves every call; alone it is asked once, and the class is quota."""
    status, body = ACCOUNTS[name]

    async def dead_or_alive(exchange):
        if "/dead" in exchange.path:
            await exchange.answer(status, body)
        else:
            await upstream.scripts["default"](exchange)

    upstream.scripts["account"] = dead_or_alive
    gateway = start(
        config(
            deployment("two", provider, upstream.url + "/dead", canary.OPENAI),
            deployment("two", provider, upstream.url + "/live", canary.OPENAI),
            deployment("one", provider, upstream.url + "/dead", canary.OPENAI),
            num_retries=2,
        )
    )
    assert [ask(gateway.port, chat("account", "two")).status for _ in range(20)] == [200] * 20
    upstream.clear()
    answer = ask(gateway.port, chat("account", "one"))
    assert answer.status in (429, 402)
    assert ("APIError" if answer.status == 402 else "RateLimitError") in answer.error["message"]
    assert len(upstream.of("account")) == 1
