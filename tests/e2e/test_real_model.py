"""An unmodified OpenAI client asks a real model (SmolLM2 135M, by llama.cpp) through the gateway."""

import openai
import pytest

from support import canary, real_model
from support.gateway import Gateway, config, deployment

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]

QUESTION = [
    {"role": "user", "content": "What is the capital of France? Answer in one short sentence."}
]


@pytest.fixture(scope="module")
def model():
    if why := real_model.missing():
        pytest.skip(why)
    running = real_model.RealModel()
    yield running
    running.stop()


@pytest.fixture(scope="module", params=["openai", "hosted_vllm", "llamafile"])
def client(request, model, tmp_path_factory):
    """A client of a gateway that reaches the model by each of the usual names for a local server."""
    made = config(
        deployment(
            "smol", f"{request.param}/smollm2", model.url + "/v1", canary.OPENAI, timeout=300
        )
    )
    gateway = Gateway(tmp_path_factory.mktemp("real"), made)
    with openai.OpenAI(
        base_url=gateway.url, api_key=canary.MASTER, max_retries=0, timeout=300
    ) as client:
        yield client
    assert gateway.stop() == 0


def sensible(text: str):
    words = text.split()
    assert "paris" in text.lower(), text
    assert 1 <= len(words) <= 60, text


def test_the_model_answers_without_the_gateway(model):
    with openai.OpenAI(
        base_url=model.url + "/v1", api_key="none", max_retries=0, timeout=300
    ) as direct:
        answer = direct.chat.completions.create(
            model="smol", messages=QUESTION, max_tokens=40, temperature=0
        )
    sensible(answer.choices[0].message.content)


def test_whole_answer(client):
    answer = client.chat.completions.create(
        model="smol", messages=QUESTION, max_tokens=40, temperature=0
    )
    sensible(answer.choices[0].message.content)
    assert answer.usage.prompt_tokens > 5
    assert answer.usage.completion_tokens > 0
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_streamed_answer(client):
    pieces = list(
        client.chat.completions.create(
            model="smol",
            messages=QUESTION,
            max_tokens=40,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(p.choices[0].delta.content or "" for p in pieces if p.choices)
    sensible(text)
    assert len([p for p in pieces if p.choices and p.choices[0].delta.content]) > 1
    assert [p.choices[0].finish_reason for p in pieces if p.choices][-1] in ("stop", "length")
    assert [p.usage.completion_tokens > 0 for p in pieces if p.usage] == [True]
