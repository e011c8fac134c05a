"""Programs of LiteLLM's in which only the import was replaced: where they import from, and how they take answers and
failures apart, send them back and make their own."""

import copy
import importlib
import json
import pickle
import subprocess
import sys
from typing import List, Optional

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK

#: LiteLLM's module -> names that programs import from it.
IMPORTS = {
    "main": "ModelResponse acompletion completion stream_chunk_builder token_counter transcription",
    "utils": "CustomStreamWrapper ModelInfo ModelResponse check_valid_key get_optional_params trim_messages token_counter",
    "types.utils": "CallTypes CompletionTokensDetailsWrapper GenericStreamingChunk ModelResponseStream StandardLoggingPayload Usage",
    "types.llms.openai": "AllMessageValues ChatCompletionToolParam ChatCompletionUserMessage ResponsesAPIResponse",
    "types.router": "AllowedFailsPolicy Deployment LiteLLM_Params ModelInfo RetryPolicy Router RoutingStrategy",
    "types.completion": "ChatCompletionMessageParam",
    "router": "Deployment LiteLLM_Params RetryPolicy Router",
    "exceptions": "BlockedPiiEntityError GuardrailRaisedException LiteLLMUnknownProvider RateLimitError",
    "caching.caching": "Cache DualCache InMemoryCache",
    "caching.in_memory_cache": "InMemoryCache",
    "integrations.custom_logger": "CustomLogger",
    "litellm_core_utils.streaming_handler": "CustomStreamWrapper",
    "responses.main": "aresponses responses",
    "google_genai": "agenerate_content generate_content_stream",
    "litellm_core_utils.get_llm_provider_logic": "get_llm_provider",
    "litellm_core_utils.token_counter": "token_counter",
    "llms.custom_llm": "CustomLLM",
    "images.main": "image_generation",
    "rerank_api.main": "rerank",
    "secret_managers.main": "get_secret",
    "_logging": "_turn_on_debug verbose_logger",
}


@pytest.mark.parametrize("module", IMPORTS)
def test_names_are_where_litellm_has_them(patchbay, module):
    found = importlib.import_module(f"patchbay.{module}")
    for name in IMPORTS[module].split():
        assert getattr(found, name) is not None, name
        if hasattr(patchbay, name):
            assert getattr(found, name) is getattr(patchbay, name) or module == "exceptions"
    assert callable(patchbay.responses) and patchbay.CallTypes.acompletion == "acompletion"
    with pytest.raises(AttributeError):
        found.nobody_has_this
    with pytest.raises(ImportError):
        importlib.import_module("patchbay.llms.nobody_has_this")


def test_modules_are_there_without_being_imported():
    program = """if True:
        import patchbay
        assert patchbay.types.utils.ModelResponse is patchbay.ModelResponse
        assert patchbay.types.router.Deployment is patchbay.Deployment
        assert patchbay.types.llms.openai.AllMessageValues
        assert patchbay.litellm_core_utils.streaming_handler.CustomStreamWrapper is patchbay.CustomStreamWrapper
        assert patchbay.integrations.custom_logger.CustomLogger is patchbay.CustomLogger
        assert patchbay.caching.caching.Cache is patchbay.caching.Cache is patchbay.Cache
        assert patchbay.utils.trim_messages is patchbay.trim_messages
        for place in (patchbay, patchbay.types, patchbay.types.llms, patchbay.caching, patchbay.integrations):
            assert not hasattr(place, "nobody_has_this")
    """
    environment = {"PYTHONPATH": str(client.PACKAGE)}
    subprocess.run([sys.executable, "-W", "error", "-c", program], env=environment, check=True)


def test_libraries_that_import_litellm_get_the_package():
    program = """if True:
        import sys
        import patchbay
        patchbay.as_litellm()
        patchbay.as_litellm()
        import litellm, litellm.types.utils
        from litellm.types.llms.openai import AllMessageValues
        from litellm.types.router import Deployment
        from litellm.utils import ModelResponse
        assert litellm is patchbay and litellm.types.utils is patchbay.types.utils
        assert Deployment is patchbay.Deployment and ModelResponse is patchbay.ModelResponse
        assert patchbay.__spec__.name == "patchbay" and patchbay.types.router.__spec__.name == "patchbay.types.router"
        from patchbay.types.utils import Usage  # by its own name, too
        try:
            import litellm.nobody_has_this
        except ModuleNotFoundError as missing:
            assert missing.name == "litellm.nobody_has_this"
        else:
            raise AssertionError
        del sys.modules["litellm"]
        sys.modules["litellm"] = type(sys)("litellm")
        try:
            patchbay.as_litellm()
        except RuntimeError:
            pass
        else:
            raise AssertionError
    """
    environment = {"PYTHONPATH": str(client.PACKAGE)}
    subprocess.run([sys.executable, "-W", "error", "-c", program], env=environment, check=True)


@pytest.mark.parametrize("level, told", [("DEBUG", True), ("debug", True), ("INFO", False)])
def test_the_environment_turns_lines_on(level, told, tmp_path):
    program = """if True:
        import patchbay
        patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "x"}], mock_response="kestrel", api_key="sk-canary")
    """
    environment = {"PYTHONPATH": str(client.PACKAGE), "PATCHBAY_STATE_DIR": str(tmp_path), "LITELLM_LOG": level}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert ("kestrel" in done.stderr) is told and "canary" not in done.stderr


def test_what_is_no_class_here_says_so(patchbay):
    from patchbay.caching.redis_cache import RedisCache
    from patchbay.types.llms.openai import ChatCompletionToolParam

    with pytest.raises(NotImplementedError, match="patchbay.Cache"):
        RedisCache()
    assert ChatCompletionToolParam(type="function", function={"name": "f"}) == {"type": "function", "function": {"name": "f"}}


def asked(patchbay, messages=ASK, **arguments):
    return patchbay.completion("openai/gpt-4o", messages, **arguments)


def test_what_a_provider_did_not_say_is_there(patchbay):
    answer = asked(patchbay)
    message = answer.choices[0].message
    assert (answer.system_fingerprint, answer.choices[0].logprobs, message.provider_specific_fields) == (None, None, None)
    assert "provider_specific_fields" not in message.model_dump()
    piece = next(asked(patchbay, stream=True))
    delta = piece.choices[0].delta
    assert (piece.system_fingerprint, piece.provider_specific_fields) == (None, None)
    assert (delta.audio, delta.refusal, delta.provider_specific_fields) == (None, None, None)
    assert not hasattr(delta, "reasoning_content")  # as LiteLLM's, which programs ask with hasattr()


@pytest.mark.parametrize("form", [dict, lambda m: m.model_dump(), lambda m: m.json() and m.to_dict(), lambda m: m])
def test_an_answer_is_sent_back_without_what_it_does_not_say(patchbay, provider, form):
    message = asked(patchbay).choices[0].message
    asked(patchbay, [*ASK, form(message)])
    assert provider.requests[1].json["messages"][1] == {"role": "assistant", "content": client.GREETING}


def test_calls_of_tools_are_sent_back(patchbay, provider):
    called = patchbay.Message(
        tool_calls=[{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}]
    )
    assert called.tool_calls[0].function.arguments == '{"a": 1}'
    asked(patchbay, [*ASK, called.model_dump(), {"role": "tool", "tool_call_id": "call_1", "content": "5"}])
    sent = provider.requests[0].json["messages"][1]
    assert sent["tool_calls"][0]["function"] == {"name": "f", "arguments": '{"a": 1}'}
    assert "function_call" not in sent


def test_embeddings_are_dictionaries_with_attributes(patchbay):
    answer = patchbay.embedding("openai/text-embedding-3-small", ["a", "b"])
    first = answer.data[0]
    assert isinstance(first, dict) and first["embedding"] == first.embedding == [0.5, 1.0]
    assert json.loads(json.dumps(answer.data))[1]["index"] == answer.data[1].index == 1
    assert answer.model_dump()["data"][0] == {"object": "embedding", "index": 0, "embedding": [0.5, 1.0]}
    assert not hasattr(first, "nothing")
    for made in (copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):
        assert made.data == answer.data and made.data[0].embedding == [0.5, 1.0]
    patchbay.EmbeddingResponse().data.append(first)
    assert patchbay.EmbeddingResponse().data == []


@pytest.mark.parametrize(
    "name, model, served_by",
    [
        ("RateLimitError", "second", "first"),
        ("AuthenticationError", "second", "first"),
        ("InternalServerError", "second", "first"),
        ("ServiceUnavailableError", "second", "first"),
        ("APIConnectionError", "second", "first"),
        ("UnsupportedParamsError", "second", "first"),
        ("BadRequestError", "first", "second"),
        ("NotFoundError", "first", "second"),
        ("Timeout", "first", "second"),
        ("ContextWindowExceededError", "first", "second"),
    ],
)
def test_exceptions_take_litellm_s_arguments(patchbay, name, model, served_by):
    made = getattr(patchbay, name)("why", "first", "second")
    assert (made.message, str(made)) == (f"litellm.{name}: why",) * 2
    assert (made.model, made.llm_provider) == (model, served_by)
    for again in (copy.copy(made), pickle.loads(pickle.dumps(made))):
        assert (str(again), again.model, again.status_code) == (str(made), model, made.status_code)
    named = getattr(patchbay, name)(message="litellm.Other: why", model="m", llm_provider="p")
    assert (named.message, named.model, named.llm_provider) == ("litellm.Other: why", "m", "p")
    with pytest.raises(TypeError):
        getattr(patchbay, name)(*range(9))


def test_an_api_error_begins_with_its_status(patchbay):
    made = patchbay.APIError(418, "why", "p", "m")
    assert (made.status_code, str(made), made.llm_provider, made.model) == (418, "litellm.APIError: why", "p", "m")
    assert str(patchbay.BudgetExceededError(2, 1)) == "Budget has been exceeded! Current cost: 2, Max budget: 1"


def test_the_body_of_a_failure_is_the_provider_s(patchbay):
    with pytest.raises(patchbay.RateLimitError) as caught:
        asked(patchbay, client.says("limited"), num_retries=0)
    assert caught.value.body == {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}
    with pytest.raises(patchbay.BadRequestError) as refused:
        asked(patchbay, api_base="nonsense")
    assert refused.value.body["message"] in refused.value.message


def test_a_whole_stream_tells_its_usage_and_cost(patchbay):
    pieces = list(asked(patchbay, stream=True, mock_response="some words"))
    assert pieces[-1]._hidden_params["usage"]["completion_tokens"] == 20
    assert pieces[0]._hidden_params["response_cost"] == pieces[-1]._hidden_params["response_cost"] > 0
    assert copy.deepcopy(pieces[0])._hidden_params == pickle.loads(pickle.dumps(pieces[0]))._hidden_params == pieces[0]._hidden_params
    answer = patchbay.stream_chunk_builder(pieces)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (10, 20)
    assert patchbay.completion_cost(answer) > 0


def test_the_failure_of_a_mock_is_its_provider_s(patchbay):
    for model, name in (("openai/gpt-4o", "OpenAIException"), ("anthropic/claude-opus-4-8", "AnthropicException")):
        with pytest.raises(patchbay.RateLimitError, match=f"^litellm.RateLimitError: {name} - ") as caught:
            patchbay.completion(model, ASK, mock_response="litellm.RateLimitError")
        assert "Demo" not in str(caught.value) and caught.value.llm_provider == model.partition("/")[0]


def test_pieces_of_a_program_s_own_are_counted(patchbay):
    piece = patchbay.ModelResponseStream(model="gpt-4o", choices=[{"index": 0, "delta": {"content": "some words"}}])
    assert patchbay.stream_chunk_builder([piece]).usage.total_tokens == 0
    usage = patchbay.stream_chunk_builder([piece], messages=ASK).usage
    assert usage.prompt_tokens > 0 and usage.completion_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_schemas_of_classes_are_strict_as_openai_s_sdk_makes_them(patchbay, provider):
    pydantic = pytest.importorskip("pydantic")

    class Inner(pydantic.BaseModel):
        default: int

    class Outer(pydantic.BaseModel):
        maybe: Optional[str] = None
        many: List[Inner]
        one: Inner = pydantic.Field(description="the best")
        count: int = 5

    asked(patchbay, response_format=Outer)
    schema = provider.requests[0].json["response_format"]["json_schema"]["schema"]
    assert schema["required"] == ["maybe", "many", "one", "count"] and schema["additionalProperties"] is False
    assert "default" not in schema["properties"]["maybe"] and schema["properties"]["count"]["default"] == 5
    assert schema["properties"]["many"]["items"] == {"$ref": "#/$defs/Inner"}
    one = schema["properties"]["one"]
    assert "$ref" not in one and (one["description"], one["required"], one["additionalProperties"]) == ("the best", ["default"], False)


def test_a_router_takes_and_gives_deployments(patchbay, provider):
    from patchbay.types.router import Deployment, LiteLLM_Params, ModelInfo, RetryPolicy

    router = patchbay.Router(
        model_list=[Deployment(model_name="a", litellm_params=LiteLLM_Params(model="openai/gpt-4o"), model_info=ModelInfo(id="one"))],
        retry_policy=RetryPolicy(RateLimitErrorRetries=0),
        num_retries=2,
    )
    with pytest.raises(patchbay.RateLimitError):
        router.completion("a", client.says("limited"))
    assert len(provider.requests) == 1
    found = router.get_deployment("one")
    assert (found.model_name, found.litellm_params.model, found.model_info.id) == ("a", "openai/gpt-4o", "one")
    assert found["litellm_params"]["model"] == "openai/gpt-4o"
    router.add_deployment(Deployment(model_name="b", litellm_params=LiteLLM_Params(model="openai/gpt-4o-mini")))
    router.completion("b", ASK)
    assert provider.requests[1].json["model"] == "gpt-4o-mini"
    assert router.delete_deployment("one").model_name == "a" and router.get_model_names() == ["b"]


def test_settings_of_a_router_are_attributes(patchbay, provider):
    router = patchbay.Router(
        model_list=[{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}, "model_info": {"id": "one", "team": "t"}}],
        num_retries=1,
        retry_after=0,
    )
    assert (router.num_retries, router.timeout, router.fallbacks, router.routing_strategy) == (1, None, None, "simple-shuffle")
    router.num_retries = 0
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"))
    assert len(provider.requests) == 1 and router.settings["num_retries"] == 0
    assert router.get_model_info("one")["model_info"]["team"] == "t" and router.get_model_info("two") is None
    with pytest.raises(ValueError):
        router.routing_strategy = "nobody-knows-it"
    assert router.routing_strategy == "simple-shuffle"
    with pytest.raises(AttributeError):
        router.nobody_has_this


def test_the_map_of_models_is_changed_as_a_dictionary_is(patchbay):
    patchbay.model_cost.update({"mine-1": {"max_tokens": 6, "input_cost_per_token": 1.0, "output_cost_per_token": 2.0}})
    patchbay.model_cost.setdefault("mine-2", {"max_tokens": 7})
    assert patchbay.model_cost.setdefault("mine-1", {})["max_tokens"] == 6
    assert patchbay.get_model_info("mine-1")["input_cost_per_token"] == 1.0 and patchbay.get_max_tokens("mine-2") == 7


def test_secrets_come_from_the_environment(patchbay, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "s3")
    monkeypatch.setenv("MY_CHOICE", "True")
    assert patchbay.get_secret("MY_SECRET") == patchbay.get_secret_str("os.environ/MY_SECRET") == "s3"
    assert patchbay.get_secret("MY_CHOICE") is True and patchbay.get_secret_bool("MY_CHOICE") is True
    assert (patchbay.get_secret("NOT_THERE"), patchbay.get_secret_bool("MY_SECRET")) == (None, None)
    assert patchbay.get_secret("NOT_THERE", "d") == patchbay.get_secret_str("NOT_THERE", "d") == "d"
    assert {"temperature", "tools", "response_format"} <= set(patchbay.OPENAI_CHAT_COMPLETION_PARAMS)


def test_a_callback_is_told_of_failures_as_log_sinks_are(patchbay):
    told = []

    class Mine(patchbay.CustomLogger):
        def log_failure_event(self, kwargs, response_obj, start_time, end_time):
            told.append(kwargs["standard_logging_object"])

    patchbay.callbacks = [Mine()]
    with pytest.raises(patchbay.RateLimitError):
        asked(patchbay, client.says("limited"), num_retries=0, metadata={"tags": ["t"]})
    (one,) = told
    assert one["error_information"]["error_class"] == "RateLimitError" and one["error_information"]["error_code"] == "429"
    assert (one["model_group"], one["request_tags"]) == ("openai/gpt-4o", ["t"]) and one["response_time"] > 0


def test_keys_have_litellm_s_names(patchbay, provider):
    patchbay.togetherai_api_key = "sk-together"
    patchbay.completion("together_ai/m", ASK, api_base=provider.url + "/v1")
    assert provider.requests[0].headers["authorization"] == "Bearer sk-together"
    with pytest.raises(NotImplementedError, match="default_fallbacks"):
        patchbay.fallbacks = ["openai/gpt-4o"]
