"""LiteLLM's quick start, served by Patchbay, used by OpenAI's Python SDK; aimock is every provider."""

import asyncio
import json

import openai
import pytest

from support import canary, quickstart
from support.gateway import Gateway
from support.quickstart import ANSWER, ASK, MODELS, TOOLS, WEATHER


@pytest.fixture(scope="module")
def gateway(aimock, tmp_path_factory):
    running = Gateway(
        tmp_path_factory.mktemp("quickstart"),
        quickstart.text(aimock.url),
        env=quickstart.ENVIRONMENT,
    )
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


@pytest.mark.parametrize("model", MODELS)
def test_whole_answer(client, model):
    answer = client.chat.completions.create(model=model, messages=ASK)
    assert answer.choices[0].message.content == ANSWER
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].finish_reason == "stop"
    assert (
        answer.usage.prompt_tokens,
        answer.usage.completion_tokens,
        answer.usage.total_tokens,
    ) == (21, 14, 35)
    assert answer.object == "chat.completion" and answer.id


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("with_usage", [False, True])
def test_streamed_answer(client, model, with_usage):
    more = {"stream_options": {"include_usage": True}} if with_usage else {}
    pieces = list(client.chat.completions.create(model=model, messages=ASK, stream=True, **more))
    assert "".join(p.choices[0].delta.content or "" for p in pieces if p.choices) == ANSWER
    assert [p.choices[0].finish_reason for p in pieces if p.choices][-1] == "stop"
    assert len({p.id for p in pieces}) == 1
    used = [p.usage for p in pieces if p.usage]
    if with_usage:
        assert [(u.prompt_tokens, u.completion_tokens, u.total_tokens) for u in used] == [
            (21, 14, 35)
        ]
        assert pieces[-1].choices == []
    else:
        assert used == []
        assert all(p.choices for p in pieces)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_tool_call_round_trip(client, model, stream):
    messages = list(WEATHER)
    calls = ask_for_calls(client, model, messages, stream)
    assert [call["function"]["name"] for call in calls] == ["get_weather"]
    assert json.loads(calls[0]["function"]["arguments"]) == {"city": "Paris"}
    assert calls[0]["id"]

    messages.append({"role": "assistant", "content": None, "tool_calls": calls})
    messages.append({"role": "tool", "tool_call_id": calls[0]["id"], "content": '{"sky": "clear"}'})
    answer = client.chat.completions.create(
        model=model, messages=messages, tools=TOOLS, stream=stream
    )
    if stream:
        said = "".join(p.choices[0].delta.content or "" for p in answer if p.choices)
    else:
        said = answer.choices[0].message.content
    assert said == "It is sunny in Paris."


def ask_for_calls(client, model, messages, stream) -> list[dict]:
    answer = client.chat.completions.create(
        model=model, messages=messages, tools=TOOLS, stream=stream
    )
    if not stream:
        assert answer.choices[0].finish_reason == "tool_calls"
        return [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function.name, "arguments": call.function.arguments},
            }
            for call in answer.choices[0].message.tool_calls
        ]
    calls, finish = {}, None
    for part in answer:
        for choice in part.choices:
            finish = choice.finish_reason or finish
            for delta in choice.delta.tool_calls or []:
                call = calls.setdefault(
                    delta.index,
                    {"id": None, "type": "function", "function": {"name": "", "arguments": ""}},
                )
                call["id"] = delta.id or call["id"]
                call["function"]["name"] += delta.function.name or ""
                call["function"]["arguments"] += delta.function.arguments or ""
    assert finish == "tool_calls"
    return list(calls.values())


def test_stream_helper_of_the_sdk(client):
    with client.chat.completions.stream(model="claude", messages=WEATHER, tools=TOOLS) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.name == "get_weather"


def test_async_client(gateway):
    async def ask():
        async with openai.AsyncOpenAI(
            base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0
        ) as client:

            async def one(model):
                stream = await client.chat.completions.create(
                    model=model, messages=ASK, stream=True
                )
                return "".join(
                    [p.choices[0].delta.content or "" async for p in stream if p.choices]
                )

            return await asyncio.gather(*[one(model) for model in MODELS * 5])

    assert asyncio.run(ask()) == [ANSWER] * 15


def test_azure_client(gateway):
    with openai.AzureOpenAI(
        azure_endpoint=gateway.url, api_key=canary.MASTER, api_version="2024-10-21", max_retries=0
    ) as client:
        assert (
            client.chat.completions.create(model="claude", messages=ASK).choices[0].message.content
            == ANSWER
        )


def test_provider_gets_its_own_model_and_key_and_not_the_clients(aimock, client):
    before = len(aimock.journal())
    client.chat.completions.create(model="gpt-4o", messages=ASK, temperature=0.25, seed=7)
    client.chat.completions.create(model="claude", messages=ASK)
    client.chat.completions.create(model="deepseek", messages=ASK)
    first, second, third = aimock.journal()[before:]
    assert first["path"] == "/v1/chat/completions" and first["body"]["model"] == "gpt-4o"
    assert first["body"]["temperature"] == 0.25 and first["body"]["seed"] == 7
    assert second["path"] == "/v1/messages"
    assert second["headers"]["anthropic-version"]
    assert "authorization" not in second["headers"]
    assert third["path"] == "/v1/chat/completions" and third["body"]["model"] == "deepseek-chat"


def test_models_list(client):
    listed = client.models.list()
    assert [model.id for model in listed] == list(MODELS)
    assert all(model.object == "model" for model in listed)
