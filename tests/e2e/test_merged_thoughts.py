"""`merge_reasoning_content_in_choices`: what a model thought, as text between <think> and </think>."""

import anthropic
import pytest

from support import answers, canary, messages
from support.answers import completion, piece, usage_piece
from support.gateway import config, deployment
from support.responses import openai_client, served

THOUGHT, SAID = "Two and two.", "Four."
MERGED = f"<think>{THOUGHT}</think>{SAID}"
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def thinks(exchange):
    """The thought and the word, in the words of whoever is asked; streamed in several pieces."""
    stream = exchange.json.get("stream")
    if answers.is_messages(exchange):
        blocks = [messages.THINKING | {"thinking": THOUGHT}, {"type": "text", "text": SAID}]
        if stream:
            return await answers.streamed(*messages.events(blocks))(exchange)
        return await exchange.answer(200, messages.message(blocks))
    if not stream:
        made = completion(SAID)
        made["choices"][0]["message"]["reasoning_content"] = THOUGHT
        return await exchange.answer(200, made)
    pieces = [piece(), piece(), piece(SAID[:2]), piece(SAID[2:])]
    pieces[0]["choices"][0]["delta"] = {"role": "assistant", "reasoning_content": THOUGHT[:4]}
    pieces[1]["choices"][0]["delta"] = {"reasoning_content": THOUGHT[4:]}
    await answers.streamed(*pieces, piece(finish="stop"), usage_piece())(exchange)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["thinks"] = thinks
    merge = {"merge_reasoning_content_in_choices": True}
    rows = (upstream.url + "/v1", canary.OPENAI)
    made = config(
        deployment("row", "deepseek/deepseek-reasoner", *rows, **merge, allowed_openai_params=["user"]),
        deployment("plain", "deepseek/deepseek-reasoner", *rows, allowed_openai_params=["user"]),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC, **merge),
        litellm_settings={"cache": True, "cache_params": {"type": "local"}},
    )
    yield from served(tmp_path_factory.mktemp("merged-thoughts"), made)


@pytest.fixture
def client(gateway):
    yield from openai_client(gateway)


def told(client, model, stream, **more):
    """The answer's content and thoughts."""
    body = {"model": model, "messages": [{"role": "user", "content": "2+2?"}], "user": "script:thinks"}
    if not stream:
        message = client.chat.completions.create(**body, extra_body=more).choices[0].message.model_dump()
        return message["content"], message.get("reasoning_content") or ""
    deltas = [
        choice.delta.model_dump()
        for chunk in client.chat.completions.create(**body, stream=True, extra_body=more)
        for choice in chunk.choices
    ]
    return tuple("".join(d.get(name) or "" for d in deltas) for name in ("content", "reasoning_content"))


@both
@pytest.mark.parametrize("model", ["row", "claude"])
def test_thoughts_stand_before_what_is_said(client, upstream, model, stream):
    assert told(client, model, stream) == (MERGED, "")
    assert "merge_reasoning_content_in_choices" not in upstream.requests[-1].json


@both
def test_a_request_asks_for_it_or_not(client, stream):
    """Also behind one that asked otherwise and whose answer is kept."""
    merge = "merge_reasoning_content_in_choices"
    assert told(client, "plain", stream) == (SAID, THOUGHT)
    assert told(client, "plain", stream, **{merge: True}) == (MERGED, "")
    assert told(client, "row", stream, **{merge: False}) == (SAID, THOUGHT)


def test_it_is_true_or_false(gateway, client):
    from openai import BadRequestError

    with pytest.raises(BadRequestError, match="merge_reasoning_content_in_choices"):
        told(client, "plain", False, merge_reasoning_content_in_choices="yes")


def test_who_speaks_the_messages_api_has_blocks_for_thoughts(gateway):
    speaks = anthropic.Anthropic(api_key=canary.MASTER, base_url=gateway.url, max_retries=0)
    said = speaks.messages.create(
        model="row",
        max_tokens=99,
        messages=[{"role": "user", "content": "2+2?"}],
        metadata={"user_id": "script:thinks"},
    )
    assert [block.type for block in said.content] == ["thinking", "text"]
    assert said.content[1].text == SAID
