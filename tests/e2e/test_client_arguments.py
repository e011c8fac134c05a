"""Arguments of LiteLLM's programs that mean something to the client library itself, not to a provider."""

import asyncio
from types import SimpleNamespace

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK
MODEL = "openai/gpt-4o"


class Refused(Exception):
    status_code = 429


@pytest.mark.parametrize(
    "mock, name, status",
    [
        (Exception("boom"), "InternalServerError", 500),
        (KeyError, "InternalServerError", 500),
        (Refused("boom"), "RateLimitError", 429),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_an_exception_is_played_as_a_failure_of_the_provider_s(patchbay, mock, name, status, stream):
    heard = []
    patchbay.failure_callback = [lambda kwargs, response, start, end: heard.append(type(kwargs["exception"]).__name__)]
    try:
        with pytest.raises(getattr(patchbay, name)) as raised:
            patchbay.completion(MODEL, ASK, mock_response=mock, stream=stream)
    finally:
        patchbay.failure_callback = []
    error = raised.value
    assert (error.status_code, error.llm_provider, error.model) == (status, "openai", "gpt-4o")
    assert str(error).startswith(f"litellm.{name}: ")
    assert heard == [name]


def test_an_exception_of_the_library_s_is_raised_as_it_is(patchbay):
    mine = patchbay.AuthenticationError(message="no", llm_provider="x", model="y")

    async def main():
        with pytest.raises(patchbay.AuthenticationError) as raised:
            await patchbay.acompletion(MODEL, ASK, mock_response=mine, stream=True)
        assert raised.value is mine

    asyncio.run(main())


def test_json_of_an_answer_is_a_dictionary(patchbay):
    answer = patchbay.completion(MODEL, ASK)
    assert answer.json()["choices"][0]["message"]["content"] == client.GREETING
    assert answer.choices[0].message.json()["role"] == "assistant"
    assert answer.json() == answer.model_dump()
    assert next(patchbay.completion(MODEL, ASK, stream=True)).json()["object"] == "chat.completion.chunk"
    assert isinstance(answer.usage.json(), str)  # pydantic's


def test_a_call_s_own_logger_is_told_before_and_after(patchbay):
    told = []

    def logger(facts):
        told.append((facts["log_event_type"], facts["model"], facts["messages"]))

    both = ["pre_api_call", "post_api_call"]
    patchbay.completion(MODEL, ASK, logger_fn=logger)
    list(patchbay.completion(MODEL, ASK, stream=True, logger_fn=logger))
    asyncio.run(patchbay.acompletion(MODEL, ASK, logger_fn=logger))
    with pytest.raises(patchbay.RateLimitError):
        patchbay.completion(MODEL, ASK, mock_response="litellm.RateLimitError", logger_fn=logger)
    assert [event for event, _, _ in told] == both * 4
    assert told[0][1:] == ("gpt-4o", ASK)
    patchbay.completion(MODEL, ASK)
    assert len(told) == 8


def test_a_rate_limit_has_litellm_s_code(patchbay):
    with pytest.raises(patchbay.RateLimitError) as raised:
        patchbay.completion(MODEL, ASK, mock_response="litellm.RateLimitError")
    assert (raised.value.code, raised.value.type) == ("429", "throttling_error")


def test_a_timeout_of_httpx_is_how_long_it_waits_for_words(patchbay):
    with pytest.raises(patchbay.Timeout) as raised:
        timeout = SimpleNamespace(connect=60.0, read=0.25, write=60.0, pool=None)
        patchbay.completion(MODEL, ASK, mock_timeout=True, timeout=timeout, num_retries=0)
    assert raised.value.status_code == 408
    from patchbay import _requests

    assert _requests.build({"timeout": timeout})["timeout"] == 0.25
    timeout.read = None
    assert _requests.build({"timeout": timeout})["timeout"] == 60.0


def test_a_function_gives_azure_s_token(patchbay, provider):
    at = {"api_base": provider.url, "api_version": "2024-10-21"}
    patchbay.completion("azure/mine", ASK, azure_ad_token_provider=lambda: "one", **at)
    assert provider.requests[-1].headers["authorization"] == "Bearer one"
    given = ["two"]
    params = {"model": "azure/mine", "azure_ad_token_provider": lambda: given[0], **at}
    router = patchbay.Router(model_list=[{"model_name": "a", "litellm_params": params}], num_retries=0)
    router.completion("a", ASK)
    assert provider.requests[-1].headers["authorization"] == "Bearer two"
    given[0] = "three"
    asyncio.run(router.acompletion("a", ASK))
    assert provider.requests[-1].headers["authorization"] == "Bearer three"
    assert callable(router.model_list[0]["litellm_params"]["azure_ad_token_provider"])


def test_a_router_has_parameters_for_calls_that_do_not_say_them(patchbay, provider):
    at = {"api_base": provider.url + "/v1", "api_key": "sk-router"}
    router = patchbay.Router(
        model_list=[
            {"model_name": "chat", "litellm_params": {"model": MODEL, **at}},
            {"model_name": "vectors", "litellm_params": {"model": "openai/text-embedding-3-small", **at}},
        ],
        default_litellm_params={"user": "u-1", "seed": 7},
        num_retries=0,
    )
    router.completion("chat", ASK, seed=8)
    assert (provider.requests[-1].json["user"], provider.requests[-1].json["seed"]) == ("u-1", 8)
    asyncio.run(router.acompletion(model="chat", messages=ASK, user=None))
    assert (provider.requests[-1].json["user"], provider.requests[-1].json["seed"]) == ("u-1", 7)
    router.embedding("vectors", "a")
    assert (provider.requests[-1].json["user"], provider.requests[-1].json["input"]) == ("u-1", "a")
    with pytest.raises(TypeError, match="2 arguments by place"):
        router.embedding("vectors", "a", "b")


#: What LiteLLM keeps for itself: keys and places of other services among it, which are no provider's to know.
OTHERS = {
    "dd_api_key": "sk-canary-dd", "dd_site": "x", "newrelic_api_key": "sk-canary-nr", "signoz_ingestion_key": "sk-canary-si",
    "signoz_ingestion_endpoint": "http://x", "wandb_api_key": "sk-canary-wb", "weave_project_id": "x", "langfuse_secret_key": "sk-canary-lf",
    "anthropic_identity_token": "sk-canary-at", "anthropic_identity_token_file": "/x", "token_exchange_endpoint": "http://x",
    "github_copilot_user_session": "x", "litellm_disabled_callbacks": ["x"], "timeout_by_service_tier": {"flex": 1}, "tag_regex": ["x"],
    "routing_strategy": "x", "tpd": 1, "use_chat_completions_api": True, "stream_timeout_by_service_tier": {"flex": 1},
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_provider_s_is_not_sent(patchbay, provider, name):
    for model in ("openai/gpt-4o", "anthropic/claude-sonnet-4-20250514"):
        patchbay.completion(model, ASK, **{name: OTHERS[name]})
        sent = provider.requests[-1]
        assert name not in sent.json and "canary" not in sent.body.decode() and "canary" not in str(sent.headers)


def test_marks_for_the_cache_are_set_where_the_call_says(patchbay, provider):
    messages = [{"role": "system", "content": "long"}, *ASK]
    points = [{"location": "message", "role": "system"}]
    patchbay.completion("anthropic/claude-sonnet-4-20250514", messages, cache_control_injection_points=points)
    sent = provider.requests[-1].json
    assert sent["system"][0]["cache_control"] == {"type": "ephemeral"} and "cache_control_injection_points" not in sent


@pytest.mark.parametrize("said", [{"model": "any", "deployment_id": "mine"}, {"model": "mine", "azure": True}])
def test_older_ways_to_name_a_deployment_of_azure_s(patchbay, provider, said):
    patchbay.completion(messages=ASK, api_base=provider.url, api_key="k", api_version="2024-02-01", **said)
    assert provider.requests[-1].path.startswith("/openai/deployments/mine/chat/completions")
    assert "deployment_id" not in provider.requests[-1].json


def test_many_at_once_are_told_and_counted_as_others(patchbay, provider):
    heard = []
    patchbay.success_callback = [lambda kwargs, answer, *_: heard.append(answer.choices[0].message.content)]
    patchbay.failure_callback = [lambda kwargs, *_: heard.append(type(kwargs["exception"]).__name__)]
    patchbay.post_call_rules = [lambda text: text != "refused"]
    patchbay.batch_completion("openai/gpt-4o", [ASK, ASK], mock_response="hi")
    patchbay.batch_completion_models(models=["openai/gpt-4o"], messages=ASK, mock_response="one")
    patchbay.batch_completion_models_all_responses(models=["openai/gpt-4o", "openai/gpt-4o-mini"], messages=ASK, mock_response="all")
    assert heard == ["hi", "hi", "one", "all", "all"]
    heard.clear()
    answers = patchbay.batch_completion("openai/gpt-4o", [client.says("limited")], num_retries=0)
    assert isinstance(answers[0], patchbay.RateLimitError)
    assert isinstance(patchbay.batch_completion("openai/gpt-4o", [ASK], mock_response="refused")[0], patchbay.APIResponseValidationError)
    assert heard == ["RateLimitError", "APIResponseValidationError"]
    patchbay.max_budget = 1e-9
    patchbay.batch_completion("openai/gpt-4o", [ASK], mock_response="hi")
    assert patchbay._current_cost > 0
    assert isinstance(patchbay.batch_completion("openai/gpt-4o", [ASK], mock_response="hi")[0], patchbay.BudgetExceededError)
    with pytest.raises(patchbay.BudgetExceededError):
        patchbay.batch_completion_models(models=["openai/gpt-4o"], messages=ASK, mock_response="hi")


def test_a_call_that_is_not_to_be_logged_is_told_to_nobody(patchbay):
    heard = []
    patchbay.success_callback = [lambda *_: heard.append("told")]
    patchbay.completion("openai/gpt-4o", ASK, mock_response="hi", **{"no-log": True})
    list(patchbay.completion("openai/gpt-4o", ASK, mock_response="hi", stream=True, **{"no-log": True}))
    assert not heard
    patchbay.completion("openai/gpt-4o", ASK, mock_response="hi", **{"no-log": False})
    assert heard == ["told"]


def test_a_message_of_nobody_s_is_the_model_s(patchbay, provider):
    patchbay.completion("openai/gpt-4o", [{"content": "x"}, *ASK, {"role": None, "content": "y"}])
    assert [one["role"] for one in provider.requests[-1].json["messages"]] == ["assistant", "user", "assistant"]


def test_which_failures_may_pass(patchbay):
    asked = (400, 401, 404, 408, 409, 422, 429, 500, 503)
    assert [status for status in asked if patchbay._should_retry(status)] == [408, 409, 429, 500, 503]
