"""Gemini's countTokens: at a provider that counts, and at one that cannot."""

import pytest
from google.genai import errors

from support.gateway import config
from support.gemini import body, call, client
from support.operations import CHAT, MESSAGES


@pytest.fixture
def gateway(start, upstream):
    async def counts(exchange):
        await exchange.answer(200, {"input_tokens": 14})

    upstream.scripts["counts"] = counts
    return start(config(CHAT.deployment(upstream), MESSAGES.deployment(upstream, "claude")))


@pytest.fixture
def sdk(gateway):
    with client(gateway.url) as made:
        yield made


def test_counting_tokens(gateway, sdk, upstream):
    counted = sdk.models.count_tokens(model="claude", contents="Hello script:counts")
    assert counted.total_tokens == 14
    sent = upstream.requests[-1]
    assert sent.path == "/v1/messages/count_tokens"
    assert sent.json["messages"][0]["content"] == [{"type": "text", "text": "Hello script:counts"}]
    whole = {"generateContentRequest": {**body("counts"), "systemInstruction": {"parts": [{"text": "Be."}]}}}
    assert call(gateway, whole, "countTokens", "claude").json == {"totalTokens": 14}
    assert upstream.requests[-1].json["system"] == [{"type": "text", "text": "Be."}]


def test_who_cannot_count_says_so(sdk, upstream):
    upstream.clear()
    with pytest.raises(errors.ClientError, match="token counting") as refused:
        sdk.models.count_tokens(model="m", contents="Hello")
    assert refused.value.code == 400 and upstream.requests == []
