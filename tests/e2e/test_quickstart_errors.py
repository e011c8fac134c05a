"""What OpenAI's Python SDK makes of every failure: the exception classes that LiteLLM's users catch."""

import openai
import pytest

from support import canary, quickstart
from support.answers import error, openai_error
from support.gateway import Gateway, config, deployment
from support.quickstart import ASK


@pytest.fixture(scope="module")
def gateway(aimock, tmp_path_factory):
    running = Gateway(
        tmp_path_factory.mktemp("quickstart"),
        quickstart.text(aimock.url) + "router_settings:\n  num_retries: 0\n",
        env=quickstart.ENVIRONMENT,
    )
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


def fail(client, expected, model="gpt-4o", say="plugs", stream=False, **more):
    with pytest.raises(expected) as caught:
        client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": say}], stream=stream, **more
        )
    return caught.value


def test_wrong_key(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.WRONG, max_retries=0) as client:
        failure = fail(client, openai.AuthenticationError)
    assert failure.status_code == 401
    assert failure.code == "401"
    assert canary.WRONG not in failure.response.text


def test_unknown_model(client):
    failure = fail(client, openai.BadRequestError, model="gpt-17")
    assert failure.status_code == 400
    assert "gpt-17" in failure.message
    assert failure.code == "400"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", quickstart.MODELS)
@pytest.mark.parametrize(
    "say, expected, status",
    [
        ("fail:429", openai.RateLimitError, 429),
        ("fail:500", openai.InternalServerError, 500),
        ("fail:404", openai.NotFoundError, 404),
        ("fail:too-long", openai.BadRequestError, 400),
        ("fail:context", openai.BadRequestError, 400),
    ],
)
def test_upstream_status(client, model, say, expected, status, stream):
    failure = fail(client, expected, model, say, stream)
    assert failure.status_code == status
    assert failure.code == str(status)


@pytest.mark.parametrize("stream", [False, True])
def test_upstream_overload(client, stream):
    assert fail(client, openai.InternalServerError, "gpt-4o", "fail:503", stream).status_code == 503


def test_retry_after_reaches_the_client(client):
    failure = fail(client, openai.RateLimitError, say="fail:429")
    assert failure.response.headers["retry-after"] == "7"
    assert "Rate limit reached" in failure.message


def test_error_text_names_the_exception_and_the_provider(client):
    failure = fail(client, openai.BadRequestError, "claude", "fail:too-long")
    assert "ContextWindowExceededError" in failure.message
    assert "AnthropicException" in failure.message
    assert "prompt is too long: 208310 tokens > 200000 maximum" in failure.message


def test_wrong_provider_key_is_the_providers_401(aimock, start):
    gateway = start(
        config(
            deployment("gpt-4o", "openai/gpt-4o", aimock.url + "/v1", canary.MISC), num_retries=0
        )
    )
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:
        failure = fail(client, openai.AuthenticationError)
    assert failure.status_code == 401
    assert "OpenAIException" in failure.message
    assert canary.MISC not in failure.response.text


def test_sdk_retries_what_the_gateway_reports_as_retryable(upstream, start):
    """The SDK's own retry sees a retryable status and succeeds with the second request."""
    seen = []

    async def flaky(exchange):
        seen.append(exchange)
        first = len(seen) == 1
        await (error(503, openai_error("not now")) if first else upstream.scripts["default"])(
            exchange
        )

    upstream.scripts["flaky"] = flaky
    one = start(config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI)))
    with openai.OpenAI(base_url=one.url, api_key=canary.MASTER, max_retries=1) as client:
        answer = client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "script:flaky"}]
        )
    assert answer.choices[0].message.content == "Hello from upstream"
    assert len(seen) == 2


def test_gateway_retries_and_counts(upstream, start):
    seen = []

    async def flaky(exchange):
        seen.append(exchange)
        await (error(500, openai_error("boom")) if len(seen) < 3 else upstream.scripts["default"])(
            exchange
        )

    upstream.scripts["flaky-inside"] = flaky
    one = start(
        config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI), num_retries=2)
    )
    with openai.OpenAI(base_url=one.url, api_key=canary.MASTER, max_retries=0) as client:
        raw = client.chat.completions.with_raw_response.create(
            model="m", messages=[{"role": "user", "content": "script:flaky-inside"}]
        )
    assert raw.parse().choices[0].message.content == "Hello from upstream"
    assert raw.headers["x-litellm-attempted-retries"] == "2"


def test_upstream_that_says_nothing_is_a_timeout(upstream, start):
    async def silent(exchange):
        await exchange.connection.gone.wait()
        exchange.keep = False

    upstream.scripts["silent"] = silent
    one = start(
        config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI, timeout=0.5))
    )
    with openai.OpenAI(base_url=one.url, api_key=canary.MASTER, max_retries=0) as client:
        for stream in (False, True):
            failure = fail(client, openai.APIStatusError, "m", "script:silent", stream)
            assert failure.status_code == 408
            assert "Timeout" in failure.message


def test_upstream_that_is_not_there(start):
    one = start(config(deployment("m", "openai/gpt-4o", "http://127.0.0.1:1/v1", canary.OPENAI)))
    with openai.OpenAI(base_url=one.url, api_key=canary.MASTER, max_retries=0) as client:
        failure = fail(client, openai.InternalServerError, "m")
    assert failure.status_code == 500
    assert "APIConnectionError" in failure.message


def test_without_master_key_everyone_may_ask(aimock, start):
    one = start(
        config(deployment("m", "openai/gpt-4o", aimock.url + "/v1", canary.OPENAI), master_key=None)
    )
    with openai.OpenAI(base_url=one.url, api_key="anything", max_retries=0) as client:
        assert (
            client.chat.completions.create(model="m", messages=ASK).choices[0].message.content
            == quickstart.ANSWER
        )
