"""Google's SDK through the gateway to a mock of three wire formats, OpenAI's, Anthropic's and Google's."""

import openai
import pytest
from google.genai import errors, types

from support import canary, quickstart
from support.gateway import Gateway
from support.gemini import TOOL, client
from support.quickstart import ANSWER, ASK

QUESTION = ASK[0]["content"]
MODELS = ("gpt-4o", "claude", "gemini")
GEMINI = """\
  - model_name: gemini
    litellm_params:
      model: gemini/gemini-2.5-flash
      api_key: os.environ/GEMINI_API_KEY
      api_base: {url}/v1beta
"""
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@pytest.fixture(scope="module")
def gateway(aimock, tmp_path_factory):
    made = quickstart.text(aimock.url)
    made = made.replace("model_list:\n", "model_list:\n" + GEMINI.format(url=aimock.url))
    running = Gateway(tmp_path_factory.mktemp("gemini"), made, env=quickstart.ENVIRONMENT)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def sdk(gateway):
    with client(gateway.url) as made:
        yield made


@both
@pytest.mark.parametrize("model", MODELS)
def test_an_answer(sdk, stream, model):
    if stream:
        found = list(sdk.models.generate_content_stream(model=model, contents=QUESTION))
    else:
        found = [sdk.models.generate_content(model=model, contents=QUESTION)]
    assert "".join(one.text or "" for one in found) == ANSWER
    assert found[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert found[-1].usage_metadata.total_token_count > 0


@both
@pytest.mark.parametrize("model", MODELS)
def test_a_call(sdk, stream, model):
    asked = {
        "model": model,
        "contents": "How is the weather in Paris?",
        "config": types.GenerateContentConfig(tools=[TOOL]),
    }
    if stream:
        found = list(sdk.models.generate_content_stream(**asked))
    else:
        found = [sdk.models.generate_content(**asked)]
    parts = [part for one in found for part in one.candidates[0].content.parts]
    (made,) = [part.function_call for part in parts if part.function_call]
    assert made.name == "get_weather" and made.args["city"] == "Paris"
    assert made.id or model == "gemini"  # whose own upstream gives none


@pytest.mark.parametrize("model", MODELS)
def test_a_failure(sdk, model):
    with pytest.raises(errors.ClientError) as failed:
        sdk.models.generate_content(model=model, contents="fail:429")
    assert (failed.value.code, failed.value.status) == (429, "RESOURCE_EXHAUSTED")


@pytest.fixture(scope="module")
def chat(gateway):
    with openai.OpenAI(api_key=canary.MASTER, base_url=gateway.url + "/v1", max_retries=0) as made:
        yield made.chat.completions


@both
def test_chat_of_a_gemini_model(chat, stream):
    asked = {"model": "gemini", "messages": quickstart.ASK}
    if not stream:
        found = chat.create(**asked)
        assert found.choices[0].message.content == ANSWER
        assert found.choices[0].finish_reason == "stop"
        return
    chunks = list(chat.create(**asked, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == ANSWER
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_a_call_of_a_gemini_model(chat):
    found = chat.create(model="gemini", messages=quickstart.WEATHER, tools=quickstart.TOOLS)
    (call,) = found.choices[0].message.tool_calls
    assert call.function.name == "get_weather" and "Paris" in call.function.arguments
    assert found.choices[0].finish_reason == "tool_calls" and call.id


def test_a_failure_of_a_gemini_model(chat):
    with pytest.raises(openai.RateLimitError):
        chat.create(model="gemini", messages=[{"role": "user", "content": "fail:429"}])
