"""The Python client library in hands that have not read its page: wrong types, odd values, one stream for many."""

import asyncio
import copy
import datetime
import json
import threading
import uuid

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK


def asked(patchbay, **arguments):
    return patchbay.completion(**{"model": "openai/gpt-4o", "messages": ASK, **arguments})


@pytest.mark.parametrize(
    "arguments, exception, words",
    [
        ({"temperature": float("nan")}, ValueError, "temperature: "),
        ({"logit_bias": {"1": float("inf")}}, ValueError, "logit_bias: "),
        ({"messages": (m for m in ASK)}, TypeError, "messages: .*generator"),
        ({"messages": [{"role": "user", "content": b"x"}]}, TypeError, "messages: .*bytes"),
        ({"tools": [len]}, TypeError, "tools: "),
        ({"anything": object()}, TypeError, "anything: "),
        ({"timeout": "soon"}, "BadRequestError", "timeout: .*'soon'"),
        ({"timeout": [1]}, "BadRequestError", "timeout: .*list"),
        ({"mock_response": 5}, "BadRequestError", "mock_response: .*int"),
        ({"model": 5}, "BadRequestError", "model: "),
        ({"model": ""}, "BadRequestError", "'model'"),
        ({"messages": "hi"}, "BadRequestError", "'messages' must be an array"),
        ({"api_base": "nonsense"}, "BadRequestError", "api_base"),
        ({"extra_headers": {"x-a": "a\r\nb: c"}}, "BadRequestError", "extra_headers"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_wrong_argument_is_named_and_nobody_is_asked(patchbay, provider, arguments, exception, words):
    kind = exception if isinstance(exception, type) else getattr(patchbay, exception)
    with pytest.raises(kind, match=words):
        asked(patchbay, **arguments)
    assert provider.requests == []


def test_a_conversation_that_holds_itself_is_refused(patchbay, provider):
    messages = [*ASK]
    messages.append(messages)
    with pytest.raises(ValueError, match="messages: Circular"):
        asked(patchbay, messages=messages)
    assert provider.requests == []


def test_notes_of_a_call_may_be_anything(patchbay, provider):
    identity = uuid.uuid4()
    heard = []
    patchbay.success_callback = [lambda kwargs, *_: heard.append(kwargs["metadata"])]
    notes = {"at": datetime.datetime(2026, 1, 1), 7: identity, "many": {1}, "x": float("nan"), "n": None}
    asked(patchbay, metadata=notes, litellm_call_id=identity)
    assert heard == [{"at": "2026-01-01 00:00:00", "7": str(identity), "many": [1], "x": "nan", "n": None}]
    assert "metadata" not in provider.requests[0].json


def test_arrays_and_numbers_of_other_packages_are_written(patchbay, provider):
    class Number:
        """As numpy's."""

        def tolist(self):
            return 0.25

    asked(patchbay, temperature=Number(), stop={"x"})
    assert (provider.requests[0].json["temperature"], provider.requests[0].json["stop"]) == (0.25, ["x"])


def test_a_stream_that_fails_at_once_does_so_where_it_is_asked_for(patchbay):
    told = []
    patchbay.failure_callback = [lambda kwargs, *_: told.append(kwargs["exception"])]
    with pytest.raises(patchbay.RateLimitError):
        asked(patchbay, messages=client.says("limited"), stream=True, num_retries=0)

    async def awaited():
        await patchbay.acompletion("openai/gpt-4o", client.says("limited"), stream=True, num_retries=0)

    with pytest.raises(patchbay.RateLimitError):
        asyncio.run(awaited())
    assert [type(one).__name__ for one in told] == ["RateLimitError"] * 2
    stream = asked(patchbay, stream=True)
    assert stream._hidden_params["custom_llm_provider"] == "openai"  # before the first piece is taken


def test_threads_share_a_stream(patchbay):
    text = " ".join(map(str, range(2000)))
    for _ in range(5):
        stream = asked(patchbay, mock_response=text, stream=True)
        pieces, failed = [], []

        def read(stream=stream, pieces=pieces, failed=failed):
            try:
                for piece in stream:
                    pieces.append(piece.choices[0].delta.content or "")
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert sorted("".join(pieces).replace(" ", "")) == sorted(text.replace(" ", ""))


def test_either_kind_of_loop_reads_either_kind_of_stream(patchbay):
    async def both():
        awaited = await patchbay.acompletion("openai/gpt-4o", ASK, stream=True)
        plain = asked(patchbay, stream=True)
        return [piece for piece in awaited], [piece async for piece in plain]

    for pieces in asyncio.run(both()):
        assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == client.GREETING


def test_answers_do_what_pydantic_s_models_do(patchbay):
    answer = asked(patchbay)
    kind = type(answer)
    assert kind.model_validate(answer.model_dump()) == kind.model_validate_json(answer.to_json()) == answer
    assert answer.model_copy() == answer.model_copy(deep=True) == copy.deepcopy(answer) == answer
    assert answer.model_copy(update={"model": "other"}).model == "other" and answer.model == "gpt-4o-2024"
    assert answer.model_dump(include={"id"}) == {"id": "chatcmpl-1"}
    assert answer.model_dump(include={"choices": {0: {"message": {"content"}}}}) == {
        "choices": [{"message": {"content": client.GREETING}}]
    }
    left = answer.model_dump(exclude={"usage": True, "choices": {"__all__": {"message", "finish_reason"}}})
    assert left["choices"] == [{"index": 0}] and "usage" not in left and left["id"] == "chatcmpl-1"
    with pytest.raises(TypeError, match="expected a dictionary"):
        kind.model_validate([1])


def test_answers_are_fields_of_pydantic_s_models(patchbay):
    pydantic = pytest.importorskip("pydantic")
    kept = pydantic.create_model("Kept", answer=(patchbay.ModelResponse, ...), said=(list[patchbay.Message], []))
    answer = asked(patchbay)
    made = kept(answer=answer, said=[{"content": "x"}])
    assert made.answer is answer and made.said[0].role == "assistant"
    again = kept.model_validate_json(made.model_dump_json())
    assert again.answer == answer and json.loads(made.model_dump_json())["said"][0]["content"] == "x"
    with pytest.raises(pydantic.ValidationError):
        kept(answer=5)


def test_objects_are_made_as_litellm_s_are(patchbay):
    assert patchbay.Message("hi").model_dump(exclude_none=True) == {"content": "hi", "role": "assistant"}
    assert patchbay.Usage(1, 2, 3).total_tokens == 3
    empty = patchbay.ModelResponse()
    assert (empty.choices[0].finish_reason, empty.choices[0].message.content, empty.usage.total_tokens) == ("stop", None, 0)
    assert patchbay.ModelResponse(stream=True).choices[0].delta.content is None
    with pytest.raises(TypeError, match="two values"):
        patchbay.Message("hi", content="ho")


def test_answers_of_other_apis_have_their_members(patchbay):
    assert patchbay.moderation(input="x").results[0].flagged is False
    assert patchbay.responses("hi", "openai/gpt-4o").output_text == client.GREETING
    last = [*patchbay.responses("hi", "openai/gpt-4o", stream=True)][-1]
    assert last.response.output_text == client.GREETING


def test_what_can_be_named(patchbay):
    """Names that programs read of LiteLLM's module are there, with its meaning."""
    for name in ("openai_key", "client_session", "context_window_fallbacks", "vertex_project", "disable_hf_tokenizer_download"):
        assert getattr(patchbay, name) is None
    assert patchbay.LlmProviders("anthropic") is patchbay.LlmProviders.ANTHROPIC == "anthropic"
    assert "gpt-4o" in patchbay.open_ai_chat_completion_models and "gpt-4o" in patchbay.models_by_provider["openai"]
    assert patchbay.RateLimitError in patchbay.LITELLM_EXCEPTION_TYPES
    assert issubclass(patchbay.JSONSchemaValidationError, patchbay.APIResponseValidationError)
    with pytest.raises(NotImplementedError, match="custom_prompt_dict"):
        patchbay.custom_prompt_dict = True


def test_members_of_an_answer_may_have_any_name(patchbay, provider):
    async def odd(exchange):
        answer = client.chat_answer("m")
        answer["choices"][0]["message"] |= {"self": 1, "class": 2}
        await exchange.answer(200, answer | {"self": 3, "values": 4, "stream": True, "_kept": 5})

    provider.scripts["odd"] = odd
    answer = asked(patchbay, messages=client.says("odd"))
    assert (answer["self"], answer["values"], answer.stream, answer.choices[0].message["class"]) == (3, 4, True, 2)
    assert answer.model_dump()["choices"][0]["message"]["self"] == 1


def test_settings_and_functions_say_what_they_expect(patchbay):
    for name in ("success_callback", "callbacks", "post_call_rules"):
        with pytest.raises(TypeError, match=f"{name}: expected a list"):
            setattr(patchbay, name, print)
    with pytest.raises(ValueError, match="expected a list of dictionaries"):
        patchbay.Router(model_list={"model_name": "a"})
    with pytest.raises(TypeError, match="expected a dictionary"):
        patchbay.register_model(None)
    with pytest.raises(patchbay.ModelNotMappedError):
        patchbay.get_model_info(None)
    assert patchbay.supports_vision(None) is False


def test_a_fallback_may_say_its_own_key_and_address(patchbay, provider):
    with pytest.raises(patchbay.InternalServerError):
        asked(
            patchbay,
            messages=client.says("broken"),
            num_retries=0,
            fallbacks=[
                {"model": "openai/gpt-4o", "api_key": "sk-second", "base_url": provider.url + "/second"},
                {"model": "anthropic/claude-sonnet-4-20250514", "api_key": "sk-third"},
            ],
        )
    first, second, third = provider.requests
    assert (first.path, first.headers["authorization"]) == ("/v1/chat/completions", "Bearer sk-openai")
    assert (second.path, second.headers["authorization"]) == ("/second/chat/completions", "Bearer sk-second")
    assert first.json == second.json
    assert (third.path, third.headers["x-api-key"]) == ("/v1/messages", "sk-third")
    with pytest.raises(patchbay.BadRequestError, match="parameters of their own cannot be given"):
        asked(patchbay, fallbacks=[{"model": "openai/gpt-4o", "temperature": 1}])
