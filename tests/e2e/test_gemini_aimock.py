"""Google's SDK through the gateway to a mock of OpenAI's and Anthropic's wire formats."""

import pytest
from google.genai import errors, types

from support import quickstart
from support.gateway import Gateway
from support.gemini import TOOL, client
from support.quickstart import ANSWER, ASK

QUESTION = ASK[0]["content"]
MODELS = ("gpt-4o", "claude")
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@pytest.fixture(scope="module")
def sdk(aimock, tmp_path_factory):
    running = Gateway(
        tmp_path_factory.mktemp("gemini"),
        quickstart.text(aimock.url),
        env=quickstart.ENVIRONMENT,
    )
    with client(running.url) as made:
        yield made
    assert running.stop() == 0


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
    assert made.name == "get_weather" and made.args["city"] == "Paris" and made.id


@pytest.mark.parametrize("model", MODELS)
def test_a_failure(sdk, model):
    with pytest.raises(errors.ClientError) as failed:
        sdk.models.generate_content(model=model, contents="fail:429")
    assert (failed.value.code, failed.value.status) == (429, "RESOURCE_EXHAUSTED")
