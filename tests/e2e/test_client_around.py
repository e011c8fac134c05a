"""The Python client library around its calls: routers, callbacks, what is known of models, schemas, speed."""

import asyncio

import pytest

from support import client, paths

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK


def test_what_is_not_done_says_so(patchbay):
    with pytest.raises(NotImplementedError, match="transcription"):
        patchbay.transcription(model="openai/whisper-1", file=b"")
    with pytest.raises(NotImplementedError, match="GET /v1/realtime"):
        patchbay._arealtime(model="openai/gpt-4o-realtime", websocket=None)
    with pytest.raises(AttributeError, match="no_such_thing"):
        patchbay.no_such_thing


def test_batches(patchbay, provider):
    answers = patchbay.batch_completion(
        model="openai/gpt-4o", messages=[ASK, client.says("limited"), ASK], max_workers=2, num_retries=0
    )
    assert [getattr(a, "object", type(a).__name__) for a in answers] == ["chat.completion", "RateLimitError", "chat.completion"]


def test_a_batch_of_streams(patchbay, provider):
    streams = patchbay.batch_completion(
        model="openai/gpt-4o", messages=[ASK, client.says("limited"), ASK], stream=True, num_retries=0
    )
    assert isinstance(streams[1], patchbay.RateLimitError) and len(provider.requests) == 3
    for stream in (streams[0], streams[2]):
        assert "".join(piece.choices[0].delta.content or "" for piece in stream) == client.GREETING


def test_callbacks(patchbay):
    heard = []
    patchbay.success_callback = [lambda kwargs, answer, start, end: heard.append((kwargs["model"], answer, end >= start))]
    patchbay.failure_callback = [lambda kwargs, error, start, end: heard.append((kwargs["model"], kwargs["exception"], error))]
    patchbay.completion(model="openai/gpt-4o", messages=ASK)
    list(patchbay.completion(model="openai/gpt-4o", messages=ASK, stream=True))
    with pytest.raises(patchbay.RateLimitError):
        patchbay.completion(model="openai/gpt-4o", messages=client.says("limited"), num_retries=0)
    assert [h[0] for h in heard] == ["gpt-4o"] * 3
    assert heard[0][1].choices[0].message.content == heard[1][1].choices[0].message.content == client.GREETING
    assert isinstance(heard[2][1], patchbay.RateLimitError)

    class Logger(patchbay.CustomLogger):
        async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
            heard.append("async")

    patchbay._settings.install()
    patchbay.callbacks = [Logger()]
    asyncio.run(patchbay.acompletion(model="openai/gpt-4o", messages=ASK))
    assert heard[-1] == "async"
    patchbay.callbacks = [lambda *_: 1 / 0]
    with pytest.warns(UserWarning, match="callback failed"):
        patchbay.completion(model="openai/gpt-4o", messages=ASK)


def test_what_is_known_of_models(patchbay, monkeypatch):
    assert patchbay.get_llm_provider("gpt-4o")[:2] == ("gpt-4o", "openai")
    assert patchbay.get_llm_provider("groq/llama-3.3-70b-versatile")[:2] == ("llama-3.3-70b-versatile", "groq")
    with pytest.raises(patchbay.BadRequestError):
        patchbay.get_llm_provider("nobody-knows-it")
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    assert patchbay.validate_environment("deepseek/deepseek-chat") == {
        "keys_in_environment": False,
        "missing_keys": ["DEEPSEEK_API_KEY"],
    }
    assert patchbay.validate_environment("openai/gpt-4o")["keys_in_environment"]
    info = patchbay.get_model_info("openai/gpt-4o")
    assert info["max_input_tokens"] == 128000 and info["mode"] == "chat" and info["supports_vision"]
    assert patchbay.supports_function_calling("gpt-4o") and not patchbay.supports_vision("gpt-3.5-turbo")
    assert not patchbay.supports_vision("nobody-knows-it")
    with pytest.raises(Exception, match="isn't mapped"):
        patchbay.get_model_info("nobody-knows-it")


def test_schemas_of_pydantic(patchbay, provider):
    pydantic = pytest.importorskip("pydantic")

    class Bird(pydantic.BaseModel):
        name: str
        wings: int

    patchbay.completion(model="openai/gpt-4o", messages=ASK, response_format=Bird)
    asked = provider.requests[0].json["response_format"]
    assert asked["type"] == "json_schema" and asked["json_schema"]["name"] == "Bird"
    assert asked["json_schema"]["schema"]["required"] == ["name", "wings"]
    with pytest.raises(TypeError, match="must be JSON"):
        patchbay.completion(model="openai/gpt-4o", messages=ASK, user=object())


def test_half_a_surrogate_pair_is_sent(patchbay, provider):
    patchbay.completion(model="openai/gpt-4o", messages=[{"role": "user", "content": "cut \ud83d"}])
    assert len(provider.requests) == 1


@pytest.mark.skipif(paths.SANITIZED, reason="speed")
def test_a_mock_call_is_quick(patchbay):
    import time

    best = min(_mock_time(patchbay, time.perf_counter) for _ in range(20))
    assert best < 500e-6 * paths.SLOWNESS


def _mock_time(patchbay, clock):
    begin = clock()
    for _ in range(50):
        patchbay.completion(model="openai/gpt-4o", messages=ASK, mock_response="hey")
    return (clock() - begin) / 50
