"""The Python client library: LiteLLM's quick start, streams, asyncio, failures, settings, without a server."""

import asyncio
import json
import pickle

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK
#: Model, the path and the header with which its provider is asked, and its key.
PROVIDERS = [
    ("openai/gpt-4o", "/v1/chat/completions", "authorization", "Bearer sk-openai"),
    ("anthropic/claude-sonnet-4-20250514", "/v1/messages", "x-api-key", "sk-anthropic"),
    ("deepseek/deepseek-chat", "/v1/chat/completions", "authorization", "Bearer sk-deepseek"),
    ("gpt-4o", "/v1/chat/completions", "authorization", "Bearer sk-openai"),
    ("claude-sonnet-4-20250514", "/v1/messages", "x-api-key", "sk-anthropic"),
]


@pytest.mark.parametrize("model, path, header, key", PROVIDERS)
def test_quick_start(patchbay, provider, model, path, header, key):
    response = patchbay.completion(model=model, messages=ASK)
    assert response.choices[0].message.content == client.GREETING
    assert response["choices"][0]["message"]["content"] == client.GREETING
    assert response.choices[0].finish_reason == "stop"
    assert response.usage.total_tokens == 5
    assert response.object == "chat.completion" and response.id and response.created
    (asked,) = provider.requests
    assert asked.path == path
    assert asked.headers[header] == key
    assert asked.json["model"] == (model.partition("/")[2] or model)
    assert asked.json["messages"][0]["content"] in (ASK[0]["content"], [{"type": "text", "text": ASK[0]["content"]}])


@pytest.mark.parametrize("model", [row[0] for row in PROVIDERS])
def test_stream(patchbay, model):
    text = ""
    for chunk in patchbay.completion(model=model, messages=ASK, stream=True):
        assert chunk.object == "chat.completion.chunk"
        text += chunk.choices[0].delta.content or ""
    assert text == client.GREETING
    assert chunk.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("model", [row[0] for row in PROVIDERS])
def test_asyncio(patchbay, model):
    async def ask():
        response = await patchbay.acompletion(model=model, messages=ASK)
        pieces = await patchbay.acompletion(model=model, messages=ASK, stream=True)
        return response.choices[0].message.content, [c.choices[0].delta.content or "" async for c in pieces]

    text, pieces = asyncio.run(ask())
    assert text == client.GREETING
    assert "".join(pieces) == client.GREETING


def test_many_at_once_on_one_loop(patchbay, provider):
    async def ask():
        calls = [patchbay.acompletion(model="openai/gpt-4o", messages=ASK) for _ in range(50)]
        return await asyncio.gather(*calls)

    answers = asyncio.run(ask())
    assert [a.choices[0].message.content for a in answers] == [client.GREETING] * 50
    assert len(provider.requests) == 50


def test_failures_are_litellms_classes(patchbay, provider):
    with pytest.raises(patchbay.RateLimitError) as caught:
        patchbay.completion(model="openai/gpt-4o", messages=client.says("limited"), num_retries=0)
    error = caught.value
    assert str(error) == "litellm.RateLimitError: OpenAIException - slow down"
    assert (error.status_code, error.llm_provider, error.model) == (429, "openai", "gpt-4o")
    assert error.response.status_code == 429
    assert error.response.headers["x-request-id"] == "req-7"
    assert "rate_limit_exceeded" in error.response.text
    assert error.retry_after == 1
    assert len(provider.requests) == 1
    with pytest.raises(patchbay.ContextWindowExceededError) as caught:
        patchbay.completion(model="openai/gpt-4o", messages=client.says("too-long"))
    assert isinstance(caught.value, patchbay.BadRequestError) and caught.value.status_code == 400
    with pytest.raises(patchbay.InternalServerError):
        patchbay.completion(model="openai/gpt-4o", messages=client.says("broken"), num_retries=0)
    with pytest.raises(patchbay.BadRequestError, match="LLM Provider NOT provided"):
        patchbay.completion(model="nobody-knows-it", messages=ASK)


def test_failures_are_openais_classes_too(patchbay):
    openai = pytest.importorskip("openai")
    with pytest.raises(openai.RateLimitError) as caught:
        patchbay.completion(model="openai/gpt-4o", messages=client.says("limited"), num_retries=0)
    assert isinstance(caught.value, patchbay.RateLimitError)
    assert caught.value.status_code == 429 and caught.value.response.status_code == 429
    with pytest.raises(openai.APIError) as caught:
        list(patchbay.completion(model="openai/gpt-4o", messages=client.says("limited"), stream=True, num_retries=0))
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, openai.RateLimitError) and again.status_code == 429

    async def ask():
        await patchbay.acompletion(model="openai/gpt-4o", messages=client.says("broken"), num_retries=0)

    with pytest.raises(openai.APIStatusError):
        asyncio.run(ask())


def test_retries_and_timeout(patchbay, provider):
    with pytest.raises(patchbay.InternalServerError) as caught:
        patchbay.completion(model="openai/gpt-4o", messages=client.says("broken"), num_retries=1)
    assert len(provider.requests) == 2 and caught.value.num_retries == 1
    with pytest.raises(patchbay.Timeout):
        patchbay.completion(model="openai/gpt-4o", messages=client.says("hangs"), timeout=0.2, num_retries=0)


def test_a_fallback_takes_over(patchbay, provider):
    answer = patchbay.completion(
        model="openai/gpt-4o",
        messages=ASK,
        num_retries=0,
        fallbacks=["anthropic/claude-sonnet-4-20250514"],
        mock_testing_fallbacks=True,
    )
    assert answer.choices[0].message.content
    assert answer._hidden_params["custom_llm_provider"] == "anthropic"


def test_a_fallback_of_another_provider_is_asked_with_its_own_key(patchbay, provider):
    models = ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4-20250514"]
    with pytest.raises(patchbay.InternalServerError):
        patchbay.completion(
            model="openai/gpt-4o",
            messages=client.says("broken"),
            api_key="sk-mine",
            api_base=provider.url + "/mine",
            extra_headers={"x-mine": "yes"},
            num_retries=0,
            fallbacks=models,
        )
    first, same, other = provider.requests
    assert first.path == same.path == "/mine/chat/completions"
    assert first.headers["authorization"] == same.headers["authorization"] == "Bearer sk-mine"
    assert (other.path, other.headers["x-api-key"]) == ("/v1/messages", "sk-anthropic")
    assert "x-mine" not in other.headers and "sk-mine" not in str(other.headers)


def test_what_says_where_a_call_goes_does_not_go_there(patchbay, provider):
    patchbay.completion(
        model="openai/gpt-4o",
        messages=ASK,
        temperature=0.5,
        api_key="sk-mine",
        base_url=provider.url + "/other",
        organization="org-1",
        extra_headers={"x-mine": "yes"},
        timeout=30,
        metadata={"a": 1},
        some_new_parameter=[1, 2],
    )
    (asked,) = provider.requests
    assert asked.path == "/other/chat/completions"
    assert asked.headers["authorization"] == "Bearer sk-mine"
    assert asked.headers["openai-organization"] == "org-1"
    assert asked.headers["x-mine"] == "yes"
    assert asked.json == {"model": "gpt-4o", "messages": ASK, "temperature": 0.5, "some_new_parameter": [1, 2]}


def test_a_changed_key_is_used(patchbay, provider, monkeypatch):
    for key in ("sk-one", "sk-two"):
        monkeypatch.setenv("DEEPSEEK_API_KEY", key)
        patchbay.completion(model="deepseek/deepseek-chat", messages=ASK)
        assert provider.requests[-1].headers["authorization"] == f"Bearer {key}"


def test_settings_hold_for_calls_that_do_not_say(patchbay, provider):
    patchbay.api_base = provider.url + "/set"
    patchbay.openai_key = "sk-set"
    patchbay.model_alias_map = {"mine": "openai/gpt-4o-mini"}
    patchbay.completion(model="mine", messages=ASK)
    assert provider.requests[0].path == "/set/chat/completions"
    assert provider.requests[0].json["model"] == "gpt-4o-mini"
    patchbay.completion(model="openai/gpt-4o", messages=ASK, api_base=provider.url + "/own", api_key="sk-own")
    assert provider.requests[1].path == "/own/chat/completions"
    assert provider.requests[1].headers["authorization"] == "Bearer sk-own"
    del patchbay.openai_key


def test_mocks(patchbay, provider):
    answer = patchbay.completion(model="gpt-3.5-turbo", messages=ASK, mock_response="as was said")
    assert answer.choices[0].message.content == "as was said"
    assert (answer.model, answer.usage.prompt_tokens, answer.usage.completion_tokens) == ("gpt-3.5-turbo", 10, 20)
    pieces = patchbay.completion(model="gpt-3.5-turbo", messages=ASK, mock_response="a b c", stream=True)
    assert "".join(p.choices[0].delta.content or "" for p in pieces) == "a b c"
    with pytest.raises(patchbay.RateLimitError) as caught:
        patchbay.completion(model="openai/gpt-4o", messages=ASK, mock_response="litellm.RateLimitError")
    assert caught.value.llm_provider == "openai"
    with pytest.raises(patchbay.InternalServerError, match="mine"):
        patchbay.completion(model="openai/gpt-4o", messages=ASK, mock_response=KeyError("mine"))
    calls = [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    answer = patchbay.completion(model="openai/gpt-4o", messages=ASK, mock_tool_calls=calls, mock_response="")
    assert answer.choices[0].message.tool_calls[0].function.name == "f"
    assert provider.requests == []


def test_answers_are_objects_and_dictionaries(patchbay):
    answer = patchbay.completion(model="openai/gpt-4o", messages=ASK)
    dumped = answer.model_dump()
    assert dumped["choices"][0]["message"] == {
        "content": client.GREETING,
        "role": "assistant",
        "tool_calls": None,
        "function_call": None,
    }
    assert json.loads(answer.model_dump_json()) == dumped == answer.to_dict() == json.loads(answer.to_json())
    assert dict(answer)["model"] == answer.get("model") == answer["model"] == "gpt-4o-2024"
    assert "usage" in answer and "nothing" not in answer and answer.get("nothing", 7) == 7
    with pytest.raises(AttributeError):
        answer.nothing
    with pytest.raises(KeyError):
        answer["nothing"]
    again = pickle.loads(pickle.dumps(answer))
    assert again == answer and again.usage.total_tokens == 5
    assert "_hidden_params" not in dumped and answer._hidden_params["custom_llm_provider"] == "openai"
    # A message goes back into a conversation as it is.
    patchbay.completion(model="openai/gpt-4o", messages=[*ASK, answer.choices[0].message, ASK[0]])


def test_the_pieces_of_a_stream_make_its_answer(patchbay):
    pieces = list(
        patchbay.completion(
            model="openai/gpt-4o", messages=ASK, stream=True, mock_response="one two three", stream_options={"include_usage": True}
        )
    )
    assert pieces[-1].choices[0].delta.content is None and pieces[-1].usage.total_tokens == 30
    whole = patchbay.stream_chunk_builder(pieces)
    assert whole.choices[0].message.content == "one two three"
    assert (whole.object, whole.id, whole.usage.total_tokens) == ("chat.completion", pieces[0].id, 30)
    assert patchbay.stream_chunk_builder([]) is None


def test_tool_calls_and_thoughts_in_pieces(patchbay):
    def piece(delta, finish=None):
        return {"id": "c", "created": 1, "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    signed = {"type": "thinking", "thinking": "", "signature": "sig"}
    whole = patchbay.stream_chunk_builder(
        [
            piece({"role": "assistant", "reasoning_content": "let me "}),
            piece({"reasoning_content": "see", "thinking_blocks": [{"type": "thinking", "thinking": "let me see"}]}),
            piece({"thinking_blocks": [signed], "provider_specific_fields": {"thinking_blocks": [signed]}}),
            piece({"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "f", "arguments": '{"a"'}}]}),
            piece({"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}, {"index": 1, "id": "call_2", "function": {"name": "g"}}]}),
            piece({}, "tool_calls"),
        ]
    )
    message = whole.choices[0].message
    assert message.reasoning_content == "let me see"
    assert message.thinking_blocks == [{"type": "thinking", "thinking": "let me see", "signature": "sig"}]
    assert message.provider_specific_fields["thinking_blocks"] == message.thinking_blocks
    assert [(c.id, c.function.name, c.function.arguments) for c in message.tool_calls] == [
        ("call_1", "f", '{"a":1}'),
        ("call_2", "g", "{}"),
    ]
    assert whole.choices[0].finish_reason == "tool_calls" and message.content is None


def test_other_operations(patchbay, provider):
    vectors = patchbay.embedding(model="openai/text-embedding-3-small", input=["a", "b"])
    assert [v.embedding for v in vectors.data] == [[0.5, 1.0]] * 2 and vectors.usage.prompt_tokens == 2
    assert vectors.data[0]["embedding"] == [0.5, 1.0]
    sound = patchbay.speech(model="openai/tts-1", input="x", voice="alloy")
    assert sound.content == b"sound" and sound.content_type.startswith("audio/mpeg")
    answer = patchbay.anthropic_messages(model="anthropic/claude-sonnet-4-20250514", max_tokens=9, messages=ASK)
    assert answer["content"][0]["text"] == client.GREETING

    async def within_a_loop():
        return await patchbay.anthropic_messages(model="openai/gpt-4o", max_tokens=9, messages=ASK)

    assert asyncio.run(within_a_loop())["content"][0]["text"] == client.GREETING
    events = patchbay.anthropic_messages(model="openai/gpt-4o", max_tokens=9, messages=ASK, stream=True)
    assert [e["type"] for e in events][-1] == "message_stop"
    answer = patchbay.responses(model="anthropic/claude-sonnet-4-20250514", input="hello")
    assert answer.output[-1].content[0].text == client.GREETING
    answer = patchbay.generate_content(
        model="openai/gpt-4o", contents=[{"role": "user", "parts": [{"text": "hello"}]}], config={"max_output_tokens": 9}
    )
    assert answer.candidates[0].content.parts[0].text == client.GREETING
    assert 9 in (provider.requests[-1].json.get("max_tokens"), provider.requests[-1].json.get("max_completion_tokens"))
    pieces = list(patchbay.generate_content_stream(model="openai/gpt-4o", contents=[{"role": "user", "parts": [{"text": "hello"}]}]))
    assert "".join(p.candidates[0].content.parts[0].text for p in pieces if p.candidates[0].content.get("parts")) == client.GREETING

    async def ask():
        return await patchbay.aembedding("openai/text-embedding-3-small", input="a")

    assert asyncio.run(ask()).data[0].embedding == [0.5, 1.0]


@pytest.mark.parametrize("text", ['{"a": [1]}', ' {"a": [1]}', '{"a": [1]}\n', '"\\ud800"', "1"])
def test_what_the_engine_says_is_read_as_json_reads_it(patchbay, text):
    assert patchbay._engine.of_json(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", " ", "{", "1 2", '{"a": 1} x'])
def test_what_is_no_json_is_refused_as_json_refuses_it(patchbay, text):
    with pytest.raises(json.JSONDecodeError):
        patchbay._engine.of_json(text)
