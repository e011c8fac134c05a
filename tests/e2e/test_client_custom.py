"""The Python client library: providers that the program has in Python (`custom_provider_map`, `CustomLLM`)."""

import asyncio
import threading
from typing import Optional

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK
TOOL = {"id": "c1", "type": "function", "index": 0, "function": {"name": "look", "arguments": "{}"}}
USAGE = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}


def piece(text: str = "", end: str = "", **more) -> dict:
    return {"text": text, "is_finished": bool(end), "finish_reason": end, "usage": None, "tool_use": None, "index": 0, **more}


def provider_in_python(patchbay):
    """A handler that keeps what it was asked; how it answers is its model's name."""

    class Mine(patchbay.CustomLLM):
        def __init__(self):
            self.asked, self.threads = [], []
            self.fails = {}  # model -> statuses of its next calls

        def _note(self, kwargs):
            self.asked.append(kwargs)
            self.threads.append(threading.get_ident())
            model, left = kwargs["model"], self.fails.get(kwargs["model"])
            status = left.pop(0) if left else int(model.removeprefix("fails")) if model.startswith("fails") else 0
            if status:
                raise patchbay.CustomLLMError(status_code=status, message="not now")

        def completion(self, *args, **kwargs):
            assert not args
            self._note(kwargs)
            made = kwargs["model_response"]
            made.choices[0].message.content = f"{kwargs['model']} says hi"
            made.usage = patchbay.Usage(**USAGE)
            return made

        async def acompletion(self, *args, **kwargs):
            await asyncio.sleep(0)
            return self.completion(*args, **kwargs)

        def streaming(self, *args, **kwargs):
            self._note(kwargs)
            yield piece("Hel")
            yield piece("")
            yield piece("lo")
            if kwargs["model"] == "breaks":
                raise patchbay.CustomLLMError(status_code=429, message="in the middle")
            if kwargs["model"] == "calls":
                yield piece(tool_use=TOOL)
            yield piece("", "stop", usage=USAGE)

        async def astreaming(self, *args, **kwargs):
            for one in self.streaming(*args, **kwargs):
                await asyncio.sleep(0)
                yield one

        def embedding(self, *args, **kwargs):
            self._note(kwargs)
            kwargs["model_response"].data = [{"object": "embedding", "index": i, "embedding": [0.5]} for i, _ in enumerate(kwargs["input"])]
            return kwargs["model_response"]

        async def aembedding(self, *args, **kwargs):
            return self.embedding(*args, **kwargs)

        # As LiteLLM's documentation has it: without the arguments that it does not need.
        def image_generation(self, model, prompt, model_response, optional_params, logging_obj, timeout=None, client=None):
            self.asked.append({"model": model, "prompt": prompt, "optional_params": optional_params})
            return patchbay.ImageResponse(created=1, data=[patchbay.ImageObject(url="https://pictures.example/1.png")])

        async def aimage_generation(self, *args, **kwargs):
            return self.image_generation(**{k: v for k, v in kwargs.items() if k not in ("api_key", "api_base")})

    return Mine()


@pytest.fixture
def mine(patchbay):
    handler = provider_in_python(patchbay)
    patchbay.custom_provider_map = [{"provider": "mine", "custom_handler": handler}]
    return handler


def text_of(stream) -> str:
    return "".join(one.choices[0].delta.content or "" for one in stream)


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


def entry(name: str, model: str, **params) -> dict:
    return {"model_name": name, "litellm_params": {"model": model, **params}}


def test_a_router_of_both_kinds(patchbay, mine, provider):
    router = patchbay.Router(
        model_list=[
            entry("a", "mine/fails500"),
            entry("b", "openai/gpt-4o", api_key="sk-b"),
            entry("c", "mine/m", temperature=0.3, api_key="mine", input_cost_per_token=0.5),
        ],
        fallbacks=[{"a": ["b"]}, {"b": ["c"]}],
        model_group_alias={"sea": "c"},
        num_retries=0,
    )
    assert sorted(router.get_model_names()) == ["a", "b", "c"]
    assert router.completion("a", ASK).choices[0].message.content == client.GREETING
    answer = router.completion("b", client.says("broken"))
    assert answer.choices[0].message.content == "m says hi"
    known = answer._hidden_params
    assert (known["model_group"], known["model_id"], known["response_cost"]) == ("c", router.get_model_ids("c")[0], 10.0)
    assert mine.asked[-1]["optional_params"] == {"temperature": 0.3} and mine.asked[-1]["api_key"] == "mine"
    assert router.completion("sea", ASK, temperature=0.9)._hidden_params["model_group"] == "c"
    assert mine.asked[-1]["optional_params"] == {"temperature": 0.9}
    assert router.completion(router.get_model_ids("c")[0], ASK).model == "m"
    assert text_of(router.completion("c", ASK, stream=True)) == "Hello"
    assert len(router.embedding("c", input=["x"]).data) == 1

    async def ask():
        one = await router.acompletion("a", ASK)
        stream = await router.acompletion("b", client.says("broken"), stream=True)
        return one, "".join([piece.choices[0].delta.content or "" async for piece in stream])

    one, text = asyncio.run(ask())
    assert one.choices[0].message.content == client.GREETING and text == "Hello"
    with pytest.raises(patchbay.BadRequestError, match="Invalid model name"):
        router.completion("d", ASK)
    router.add_deployment(entry("d", "mine/d"))
    assert router.completion("d", ASK).choices[0].message.content == "d says hi"
    router.discard()


def test_the_order_of_a_router_s_fallbacks(patchbay, mine, provider):
    router = patchbay.Router(
        model_list=[entry("a", "openai/gpt-4o"), entry("b", "openai/gpt-4o-mini"), entry("c", "mine/fails500"), entry("d", "deepseek/chat")],
        fallbacks=[{"a": ["b", "c", "d"]}],
        num_retries=0,
    )
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"))
    assert [one.json["model"] for one in provider.requests] == ["gpt-4o", "gpt-4o-mini", "chat"]
    assert len(mine.asked) == 1
    provider.clear()
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"), fallbacks=["c", "b"])
    assert [one.json["model"] for one in provider.requests] == ["gpt-4o", "gpt-4o-mini"] and len(mine.asked) == 2
    router.discard()


def test_a_router_s_lists_by_failure(patchbay, mine, provider):
    router = patchbay.Router(
        model_list=[entry("a", "openai/gpt-4o"), entry("long", "mine/long"), entry("other", "mine/other")],
        context_window_fallbacks=[{"a": ["long"]}],
        default_fallbacks=["other"],
        num_retries=0,
    )
    assert router.completion("a", client.says("too-long")).model == "long"
    assert router.completion("a", client.says("broken")).model == "other"
    router.discard()


def test_deployments_of_one_name_are_tried_in_turn(patchbay, mine):
    router = patchbay.Router(model_list=[entry("a", "mine/fails503"), entry("a", "mine/good"), entry("b", "mine/x", weight=0),
                                         entry("b", "mine/y", weight=1)], num_retries=1)  # fmt: skip
    assert {router.completion("a", ASK).model for _ in range(20)} == {"good"}
    assert 20 <= len(mine.asked) <= 40
    assert {router.completion("b", ASK).model for _ in range(20)} == {"y"}
    with pytest.raises(patchbay.ServiceUnavailableError):
        for _ in range(64):
            router.completion("a", ASK, num_retries=0)
    router.discard()


@pytest.mark.parametrize(
    "models, settings, words",
    [
        ([entry("a", "mine/m"), entry("a", "openai/gpt-4o")], {}, "'a' has deployments of a provider in Python beside others"),
        ([entry("a", "mine/m", rpm=3)], {}, "'a': rpm: a provider in Python has no such limit"),
        ([entry("*", "mine/*")], {}, "has no wildcards"),
        ([entry("a", "mine/m"), entry("a", "mine/n")], {"routing_strategy": "least-busy"}, "by simple-shuffle alone"),
    ],
)
def test_what_a_router_cannot_do_is_refused(patchbay, mine, models, settings, words):
    with pytest.raises(ValueError, match=words.replace("*", r"\*")):
        patchbay.Router(model_list=models, **settings)
