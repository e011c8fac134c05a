"""The Python client library: providers that the program has in Python (`custom_provider_map`, `CustomLLM`)."""

import asyncio
import threading
from typing import Optional

import pytest

from support import client
from support.custom_provider import piece, provider_in_python, text_of

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK


@pytest.fixture
def mine(patchbay):
    handler = provider_in_python(patchbay)
    patchbay.custom_provider_map = [{"provider": "mine", "custom_handler": handler}]
    return handler


def test_it_is_asked_with_what_litellm_gives(patchbay, mine, provider):
    answer = patchbay.completion(
        "mine/m", ASK, temperature=0.5, stop=["x"], own=3, api_key="k", api_base="http://b", extra_headers={"a": "b"}, timeout=7,
        metadata={"x": 1}, input_cost_per_token=0.001, output_cost_per_token=0.01,
    )
    assert answer.choices[0].message.content == "m says hi" and answer.model == "m"
    (asked,) = mine.asked
    assert asked["optional_params"] == {"temperature": 0.5, "stop": ["x"], "own": 3}
    assert (asked["model"], asked["messages"], asked["headers"]) == ("m", ASK, {"a": "b"})
    assert (asked["api_key"], asked["api_base"], asked["timeout"], asked["acompletion"]) == ("k", "http://b", 7.0, False)
    assert asked["litellm_params"]["metadata"] == {"x": 1} and asked["litellm_params"]["custom_llm_provider"] == "mine"
    assert {"custom_prompt_dict", "print_verbose", "encoding", "logging_obj", "logger_fn", "client"} <= asked.keys()
    known = answer._hidden_params
    assert known["custom_llm_provider"] == "mine" and known["litellm_call_id"] == asked["logging_obj"].litellm_call_id
    assert known["response_cost"] == pytest.approx(20 * 0.001 + 10 * 0.01)
    assert mine.threads == [threading.get_ident()]
    assert not provider.requests


def test_asyncio_runs_it_in_the_loop(patchbay, mine):
    async def ask():
        calls = [patchbay.acompletion("mine/m", ASK) for _ in range(20)]
        answers = await asyncio.gather(*calls)
        stream = await patchbay.acompletion("mine/m", ASK, stream=True)
        text = "".join([one.choices[0].delta.content or "" async for one in stream])
        return answers, text, await patchbay.aembedding("mine/m", input=["a", "b"]), await patchbay.aimage_generation("x", model="mine/m")

    answers, text, vectors, images = asyncio.run(ask())
    assert {one.choices[0].message.content for one in answers} == {"m says hi"} and text == "Hello"
    assert len(vectors.data) == 2 and images.data[0].url == "https://pictures.example/1.png"
    assert set(mine.threads) == {threading.get_ident()}


@pytest.mark.parametrize("awaited", [False, True])
def test_streams_are_in_openais_shape(patchbay, mine, awaited):
    async def pieces(**asked):
        return [one async for one in await patchbay.acompletion(**asked)]

    def read(model, **more):
        asked = {"model": model, "messages": ASK, "stream": True, **more}
        return asyncio.run(pieces(**asked)) if awaited else list(patchbay.completion(**asked))

    made = read("mine/m", stream_options={"include_usage": True})
    assert len({one.id for one in made}) == 1 and {one.object for one in made} == {"chat.completion.chunk"}
    assert [one.choices[0].delta.content for one in made] == ["Hel", "lo", None, None]
    assert [one.choices[0].delta.role for one in made] == ["assistant", None, None, None]
    assert [one.choices[0].finish_reason for one in made] == [None, None, "stop", None]
    assert made[-1].usage.total_tokens == 30
    assert patchbay.stream_chunk_builder(made).usage.prompt_tokens == 20
    made = read("mine/calls")
    assert made[-2].choices[0].delta.tool_calls[0].function.name == "look"
    assert made[-1].choices[0].finish_reason == "tool_calls"


def test_pieces_may_be_litellms_objects_or_one_dictionary(patchbay, mine):
    def objects(**_):
        yield patchbay.ModelResponseStream(choices=[{"index": 0, "delta": {"content": "x"}}])
        yield patchbay.ModelResponseStream(choices=[{"index": 0, "delta": {}, "finish_reason": "length"}])

    mine.streaming = objects
    made = list(patchbay.completion("mine/m", ASK, stream=True))
    assert text_of(made) == "x" and made[-1].choices[0].finish_reason == "length"
    mine.streaming = lambda **_: piece("now", "stop")
    assert text_of(patchbay.completion("mine/m", ASK, stream=True)) == "now"
    mine.streaming = lambda **_: iter(["text"])
    with pytest.raises(patchbay.APIConnectionError, match="must be of dictionaries, and not of str"):
        patchbay.completion("mine/m", ASK, stream=True)


def test_a_stream_that_is_left_ends_its_generator(patchbay, mine):
    ended = []

    def streaming(**_):
        try:
            yield piece("one")
            yield piece("two")
        finally:
            ended.append(True)

    async def astreaming(**_):
        try:
            yield piece("one")
            yield piece("two")
        finally:
            ended.append(True)

    mine.streaming, mine.astreaming = streaming, astreaming
    stream = patchbay.completion("mine/m", ASK, stream=True)
    next(stream)
    stream.close()
    assert ended == [True] and not list(stream)

    async def leave():
        stream = await patchbay.acompletion("mine/m", ASK, stream=True)
        await stream.__anext__()
        await stream.aclose()

    asyncio.run(leave())
    assert ended == [True, True]


@pytest.mark.parametrize(
    "status, name",
    [(400, "BadRequestError"), (401, "AuthenticationError"), (403, "PermissionDeniedError"), (404, "NotFoundError"), (408, "Timeout"),
     (422, "UnprocessableEntityError"), (429, "RateLimitError"), (500, "InternalServerError"), (503, "ServiceUnavailableError")],
)  # fmt: skip
def test_failures_are_litellms_classes(patchbay, mine, status, name):
    for stream in (False, True):
        with pytest.raises(getattr(patchbay, name)) as caught:
            patchbay.completion(f"mine/fails{status}", ASK, stream=stream)
        with pytest.raises(getattr(patchbay, name)):
            asyncio.run(patchbay.acompletion(f"mine/fails{status}", ASK, stream=stream))
        error = caught.value
        assert str(error) == f"litellm.{name}: MineException - not now"
        assert (error.status_code, error.llm_provider, error.model) == (status, "mine", f"fails{status}")
        assert isinstance(error.__cause__, patchbay.CustomLLMError)


def test_other_failures(patchbay, mine):
    def raises(error):
        def completion(**_):
            raise error

        mine.completion = completion
        with pytest.raises(Exception) as caught:
            patchbay.completion("mine/m", ASK)
        return caught.value

    assert str(raises(ValueError("oops"))) == "litellm.APIConnectionError: oops"
    assert type(raises(TimeoutError())) is patchbay.Timeout
    own = patchbay.RateLimitError("mine", llm_provider="mine", model="m")
    assert raises(own) is own
    del mine.completion
    type(mine).completion, kept = patchbay.CustomLLM.completion, type(mine).completion
    with pytest.raises(patchbay.InternalServerError, match=r"Mine has no completion\(\)"):
        patchbay.completion("mine/m", ASK)
    type(mine).completion = kept
    with pytest.raises(NotImplementedError, match="mine/m: a provider in Python has completion, embedding, image_generation, and no responses"):
        patchbay.responses("hi", model="mine/m")
    patchbay.custom_provider_map = [{"provider": "mine", "custom_handler": object()}]
    with pytest.raises(patchbay.BadRequestError, match="derives from CustomLLM"):
        patchbay.completion("mine/m", ASK)


def test_a_failure_in_the_middle_of_a_stream(patchbay, mine):
    stream = patchbay.completion("mine/breaks", ASK, stream=True, num_retries=3)
    assert next(stream).choices[0].delta.content == "Hel"
    assert next(stream).choices[0].delta.content == "lo"
    with pytest.raises(patchbay.RateLimitError, match="in the middle"):
        next(stream)
    assert len(mine.asked) == 1 and not list(stream)


def test_retries_are_asked_for(patchbay, mine):
    mine.fails["once"] = [503]
    with pytest.raises(patchbay.ServiceUnavailableError):
        patchbay.completion("mine/once", ASK)
    for call in (
        lambda: patchbay.completion("mine/again", ASK, num_retries=2),
        lambda: asyncio.run(patchbay.acompletion("mine/again", ASK, num_retries=2)),
        lambda: patchbay.embedding("mine/again", input=["a"], num_retries=2),
    ):
        mine.fails["again"] = [503, 500, 0]
        mine.asked.clear()
        assert call()._hidden_params["attempted_retries"] == 2 and len(mine.asked) == 3
    mine.fails["again"] = [503, 500, 0]
    assert text_of(patchbay.completion("mine/again", ASK, stream=True, num_retries=2)) == "Hello"
    mine.fails["wrong"] = [400, 0]
    mine.asked.clear()
    with pytest.raises(patchbay.BadRequestError):
        patchbay.completion("mine/wrong", ASK, num_retries=2)
    assert len(mine.asked) == 1


def test_fallbacks_go_to_the_engine_and_come_from_it(patchbay, mine, provider):
    answer = patchbay.completion("mine/fails500", ASK, api_key="mine-alone", fallbacks=["mine/fails429", "openai/gpt-4o"])
    assert answer.choices[0].message.content == client.GREETING
    assert [one["model"] for one in mine.asked] == ["fails500", "fails429"]
    assert provider.requests[0].headers["authorization"] == "Bearer sk-openai"
    answer = patchbay.completion("openai/gpt-4o", client.says("broken"), num_retries=0, fallbacks=[{"model": "mine/m", "api_key": "k"}])
    assert answer.choices[0].message.content == "m says hi" and answer._hidden_params["attempted_fallbacks"] == 1
    assert mine.asked[-1]["api_key"] == "k" and "fallbacks" not in mine.asked[-1]["litellm_params"]
    stream = patchbay.completion("openai/gpt-4o", client.says("broken"), num_retries=0, fallbacks=["mine/m"], stream=True)
    assert text_of(stream) == "Hello"
    assert mine.asked[-1]["api_key"] is None
    with pytest.raises(patchbay.RateLimitError):
        asyncio.run(patchbay.acompletion("openai/gpt-4o", client.says("broken"), num_retries=0, fallbacks=["mine/fails429"]))


def test_callbacks_rules_and_budgets_hear_of_it(patchbay, mine):
    heard = []

    class Logger(patchbay.CustomLogger):
        def log_pre_api_call(self, model, messages, kwargs):
            heard.append(("pre", model))

        def log_success_event(self, kwargs, response_obj, start_time, end_time):
            heard.append((kwargs["model"], kwargs["custom_llm_provider"], kwargs["response_cost"], response_obj.usage.total_tokens))

        async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
            heard.append(("async", kwargs["model"]))

        def log_failure_event(self, kwargs, response_obj, start_time, end_time):
            heard.append((kwargs["model"], type(kwargs["exception"]).__name__))

    patchbay.callbacks = [Logger()]
    patchbay.register_model({"mine/dear": {"input_cost_per_token": 0.25, "output_cost_per_token": 0.0}})
    patchbay.max_budget = 9.0
    asyncio.run(patchbay.acompletion("mine/other", ASK))
    patchbay.completion("mine/dear", ASK)
    stream = patchbay.completion("mine/dear", ASK, stream=True)
    list(stream)
    assert stream._hidden_params["response_cost"] == 5.0
    assert heard == [
        ("pre", "other"), ("async", "other"), ("pre", "dear"), ("dear", "mine", 5.0, 30), ("pre", "dear"), ("dear", "mine", 5.0, 30),
    ]  # fmt: skip
    with pytest.raises(patchbay.BudgetExceededError):
        patchbay.completion("mine/dear", ASK)
    patchbay.max_budget = 0
    heard.clear()
    for stream in (False, True):
        with pytest.raises(patchbay.RateLimitError):
            patchbay.completion("mine/fails429", ASK, stream=stream)
    assert heard == [("pre", "fails429"), ("fails429", "RateLimitError")] * 2


def test_a_call_that_it_makes_itself_is_counted_once(patchbay, mine):
    mine.completion = lambda **_: patchbay.completion("openai/gpt-4o", ASK, mock_response="inner")
    patchbay.max_budget = 1.0
    answer = patchbay.completion("mine/m", ASK)
    assert answer.choices[0].message.content == "inner"
    cost = answer._hidden_params["response_cost"]
    assert cost > 0 and patchbay._current_cost == pytest.approx(cost)
    assert answer._hidden_params["custom_llm_provider"] == "mine"


def test_other_apis(patchbay, mine):
    vectors = patchbay.embedding("mine/m", input=["a", "b"], dimensions=3)
    assert vectors.data[1]["embedding"] == [0.5] and vectors.usage.total_tokens == 0
    assert mine.asked[-1]["input"] == ["a", "b"] and mine.asked[-1]["optional_params"] == {"dimensions": 3}
    images = patchbay.image_generation("a kestrel", model="mine/m", size="1x1")
    assert images.data[0].url == "https://pictures.example/1.png"
    assert mine.asked[-1] == {"model": "m", "prompt": "a kestrel", "optional_params": {"size": "1x1"}}


def test_what_is_known_of_it(patchbay, mine):
    assert patchbay.get_llm_provider("mine/m") == ("m", "mine", None, None)
    assert "mine" in patchbay.provider_list
    assert "tools" in patchbay.get_supported_openai_params("m", "mine")
    assert patchbay.completion("m", ASK, custom_llm_provider="mine").choices[0].message.content == "m says hi"
    assert patchbay.completion("mine/m", ASK, mock_response="played").choices[0].message.content == "played"
    assert len(mine.asked) == 1
    with pytest.raises(TypeError, match="custom_provider_map: expected a list"):
        patchbay.custom_provider_map = {"provider": "mine"}


def test_the_name_of_a_provider_that_is_there_is_its_own(patchbay, mine, provider):
    patchbay.custom_provider_map = [{"provider": "deepseek", "custom_handler": mine}]
    with pytest.warns(UserWarning, match="'deepseek' is the name of a provider that is there"):
        assert patchbay.completion("deepseek/deepseek-chat", ASK).choices[0].message.content == client.GREETING
    assert not mine.asked and len(provider.requests) == 1


def test_who_does_not_hear_of_it_is_told(patchbay, mine):
    patchbay.cache = patchbay.Cache()
    with pytest.warns(UserWarning, match="no cache keeps its answers"):
        patchbay.completion("mine/m", ASK)


def test_many_at_once(patchbay, mine, provider):
    answers = patchbay.batch_completion("mine/m", [ASK, ASK, ASK])
    assert [one.choices[0].message.content for one in answers] == ["m says hi"] * 3
    assert isinstance(patchbay.batch_completion("mine/fails429", [ASK])[0], patchbay.RateLimitError)
    answer = patchbay.batch_completion_models(models=["mine/fails500", "mine/m"], messages=ASK)
    assert answer.choices[0].message.content == "m says hi"
    both = patchbay.batch_completion_models_all_responses(models=["mine/m", "openai/gpt-4o", "mine/fails500"], messages=ASK)
    assert [one.choices[0].message.content for one in both] == ["m says hi", client.GREETING]
    assert len(asyncio.run(patchbay.abatch_completion("mine/m", [ASK, ASK]))) == 2


def test_names_are_where_litellm_has_them(patchbay):
    from patchbay.llms.custom_httpx.http_handler import AsyncHTTPHandler, HTTPHandler
    from patchbay.llms.custom_llm import CustomLLM, CustomLLMError

    assert CustomLLM is patchbay.CustomLLM and CustomLLMError(status_code=400, message="x").status_code == 400
    assert Optional[AsyncHTTPHandler]  # an annotation, as LiteLLM's documentation has it
    with pytest.raises(NotImplementedError, match="its own HTTP client"):
        HTTPHandler()


# A Router.
