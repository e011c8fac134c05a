"""aimock itself, asked without the gateway: a failure here is not the gateway's."""

import anthropic
import openai
import pytest

from support import canary
from support.quickstart import ANSWER, ASK

CLAUDE = "claude-sonnet-4-20250514"


@pytest.fixture
def claude(aimock):
    with anthropic.Anthropic(
        base_url=aimock.url, api_key=canary.ANTHROPIC, max_retries=0
    ) as client:
        yield client


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_anthropic_whole_and_streamed(claude):
    whole = claude.messages.create(model=CLAUDE, max_tokens=64, messages=ASK)
    assert whole.content[0].text == ANSWER
    assert (whole.usage.input_tokens, whole.usage.output_tokens) == (21, 14)
    with claude.messages.stream(model=CLAUDE, max_tokens=64, messages=ASK) as stream:
        assert stream.get_final_text() == ANSWER


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_anthropic_error(claude):
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long"):
        claude.messages.create(
            model=CLAUDE, max_tokens=64, messages=[{"role": "user", "content": "fail:too-long"}]
        )


def test_openai_whole_and_wrong_key(aimock):
    with openai.OpenAI(base_url=aimock.url + "/v1", api_key=canary.OPENAI, max_retries=0) as client:
        assert (
            client.chat.completions.create(model="gpt-4o", messages=ASK).choices[0].message.content
            == ANSWER
        )
    with openai.OpenAI(base_url=aimock.url + "/v1", api_key=canary.WRONG, max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError):
            client.chat.completions.create(model="gpt-4o", messages=ASK)
