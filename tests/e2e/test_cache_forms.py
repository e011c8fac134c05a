"""The response cache: whole answers and streams of every API are served by one entry."""

import anthropic
import openai
import pytest

from support import answers, canary, messages, responses
from support.cached import cached, fresh, state
from support.gateway import Gateway
from support.wire import ask


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    running = Gateway(tmp_path_factory.mktemp("cache-forms"), cached(upstream))
    yield running
    assert running.stop() == 0


@pytest.mark.parametrize("first", [False, True], ids=["whole-first", "stream-first"])
def test_openais_sdk_gets_both_forms_from_one_entry(gateway, upstream, first):
    fresh(gateway)
    upstream.clear()
    asked = {"model": "scripted", "messages": [{"role": "user", "content": "script:default"}]}
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:

        def whole():
            answer = client.chat.completions.create(**asked)
            usage = (answer.usage.prompt_tokens, answer.usage.completion_tokens)
            choice = answer.choices[0]
            return answer.id, choice.message.content, choice.finish_reason, usage

        def stream():
            chunks = list(
                client.chat.completions.create(
                    **asked, stream=True, stream_options={"include_usage": True}
                )
            )
            said = [choice for chunk in chunks for choice in chunk.choices]
            text = "".join(choice.delta.content or "" for choice in said)
            usage = chunks[-1].usage
            return (
                chunks[0].id,
                text,
                said[-1].finish_reason,
                (usage.prompt_tokens, usage.completion_tokens),
            )

        ways = [stream, whole] if first else [whole, stream]
        found = [way() for way in (*ways, *ways)]
    assert found == [("chatcmpl-up1", "Hello from upstream", "stop", (11, 4))] * 4
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("first", [False, True], ids=["whole-first", "stream-first"])
@pytest.mark.parametrize("model", ["claude", "scripted"], ids=["bytes-through", "translated"])
def test_anthropics_sdk_gets_both_forms_from_one_entry(gateway, upstream, model, first):
    fresh(gateway)
    upstream.clear()
    upstream.scripts["says"] = messages.says if model == "claude" else answers.default
    with anthropic.Anthropic(
        base_url=gateway.url, api_key=canary.MASTER, max_retries=0
    ) as client:
        asked = messages.asking(model=model)

        def whole():
            return client.messages.create(**asked)

        def stream():
            with client.messages.stream(**asked) as events:
                return events.get_final_message()

        ways = [stream, whole] if first else [whole, stream]
        found = [way() for way in (*ways, *ways)]
    assert len(upstream.requests) == 1
    said = [messages.dumped(answer.content) for answer in found]
    assert said == [said[0]] * 4
    assert model != "claude" or said[0] == messages.SAID
    assert {answer.stop_reason for answer in found} == {found[0].stop_reason}
    assert {(answer.usage.input_tokens, answer.usage.output_tokens) for answer in found} == {(11, 4)}


@pytest.mark.parametrize("first", [False, True], ids=["whole-first", "stream-first"])
def test_the_responses_api_gets_both_forms_from_one_entry(gateway, upstream, first):
    fresh(gateway)
    upstream.clear()
    upstream.scripts["says"] = responses.says
    with openai.OpenAI(
        base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0
    ) as client:
        asked = responses.asking(model="thinker")

        def whole():
            return client.responses.create(**asked)

        def stream():
            with client.responses.stream(**asked) as events:
                return events.get_final_response()

        ways = [stream, whole] if first else [whole, stream]
        found = [way() for way in (*ways, *ways)]
    assert len(upstream.requests) == 1
    assert [answer.output_text for answer in found] == ["I look."] * 4
    assert [answer.status for answer in found] == ["completed"] * 4


ASKED = {"parts": [{"text": "script:default"}], "role": "user"}
FORMS = {
    "gemini": (
        "/v1beta/models/scripted:generateContent",
        "/v1beta/models/scripted:streamGenerateContent?alt=sse",
        {"contents": [ASKED]},
    ),
    "bedrock": (
        "/bedrock/model/scripted/converse",
        "/bedrock/model/scripted/converse-stream",
        {"messages": [{"role": "user", "content": [{"text": "script:default"}]}]},
    ),
    "completions": ("/v1/completions", None, {"model": "scripted", "prompt": "script:default"}),
}


@pytest.mark.parametrize("first", [False, True], ids=["whole-first", "stream-first"])
@pytest.mark.parametrize("api", FORMS)
def test_other_apis_get_both_forms_from_one_entry(gateway, upstream, api, first):
    fresh(gateway)
    upstream.clear()
    whole, stream, body = FORMS[api]

    def ask_for(streamed):
        if stream:
            return ask(gateway.port, body, path=stream if streamed else whole)
        return ask(gateway.port, {**body, "stream": streamed}, path=whole)

    found = {streamed: ask_for(streamed) for streamed in (first, not first)}
    again = {streamed: ask_for(streamed) for streamed in (first, not first)}
    assert [state(found[first]), state(found[not first])] == ["miss", "hit"]
    assert {state(answer) for answer in again.values()} == {"hit"}
    assert b"Hello from upstream" in found[False].body
    assert b"upstream" in found[True].body and b"Hello" in found[True].body
    assert len(upstream.requests) == 1
