"""What frameworks over LiteLLM's SDK (aider, CrewAI, LangChain, camel-ai, magentic, Holmes, ...) import, touch and rely on,
played with the Python package in LiteLLM's place."""

import ast
import asyncio
import base64
import importlib
import json
import pathlib
import pickle
import struct
import typing

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK

#: LiteLLM's module -> names that these frameworks import from it.
IMPORTS = {
    "types.utils": "ModelResponseBase ImageObject",
    "types.router": "GenericLiteLLMParams RouterErrors",
    "types.llms.openai": "ChatCompletionAnnotation ErrorEvent OutputTextDeltaEvent ResponseCompletedEvent ResponseFailedEvent",
    "types.llms.vertex_ai": "PartType",
    "types.caching": "LiteLLMCacheType",
    "caching.caching": "LiteLLMCacheType",
    "_logging": "ALL_LOGGERS _disable_debugging _enable_debugging _turn_on_debug _turn_on_json handler print_verbose verbose_logger",
    "litellm_core_utils.get_model_cost_map": "get_model_cost_map",
    "litellm_core_utils.token_counter": "get_image_dimensions",
    "main": "responses_api_bridge_check",
    "utils": "get_api_base load_credentials_from_list validate_and_fix_thinking_param",
    "cost_calculator": "get_response_cost_from_hidden_params",
    "exceptions": "AzureOpenAIError PaymentRequiredError RouterRateLimitError",
}


def asked(patchbay, messages=ASK, **arguments):
    return patchbay.completion(model="openai/gpt-4o", messages=messages, **arguments)


@pytest.mark.parametrize("module", IMPORTS)
def test_names_are_where_they_import_them_from(patchbay, module):
    found = importlib.import_module(f"patchbay.{module}")
    for name in IMPORTS[module].split():
        assert getattr(found, name) is not None, name


def test_constants_can_be_set(patchbay):
    constants = importlib.import_module("patchbay.constants")
    constants.MAX_CALLBACKS = 1000
    assert patchbay.constants.MAX_CALLBACKS == 1000


def test_a_failure_s_class_is_the_one_that_was_imported(run_python):
    """Also where `openai` comes later: as a key of a table, as `type(error) is ...`, and derived from."""
    run_python("""
        import patchbay
        known = {patchbay.RateLimitError: "limited", patchbay.InternalServerError: "broken"}
        class Own(patchbay.RateLimitError):
            pass
        def failed(name):
            try:
                patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "x"}], mock_response=f"litellm.{name}")
            except patchbay.PatchbayError as error:
                return error
        before = failed("RateLimitError")
        assert known[type(before)] == "limited"
        import openai
        after = failed("RateLimitError")
        assert known[type(after)] == "limited" and type(failed("InternalServerError")) is patchbay.InternalServerError
        assert isinstance(after, openai.RateLimitError) and isinstance(before, openai.RateLimitError)
        assert issubclass(Own, openai.RateLimitError) and issubclass(patchbay.Timeout, openai.APITimeoutError)
        assert issubclass(patchbay.ContextWindowExceededError, openai.BadRequestError)
        assert not issubclass(patchbay.RateLimitError, openai.BadRequestError)
    """)


def test_what_was_imported_after_openai_is_its_class_at_once(run_python):
    run_python("""
        import openai, patchbay
        assert issubclass(patchbay.NotFoundError, openai.NotFoundError)
        assert issubclass(patchbay.ServiceUnavailableError, openai.APIStatusError)
    """)


def test_a_failure_survives_being_sent_to_another_process(patchbay):
    with pytest.raises(patchbay.RateLimitError) as caught:
        asked(patchbay, client.says("limited"), num_retries=0)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is patchbay.RateLimitError and again.response.status_code == 429
    assert again.litellm_response_headers == caught.value.headers

    spent = pickle.loads(pickle.dumps(patchbay.BudgetExceededError(2, 1)))
    assert (spent.current_cost, spent.max_budget) == (2, 1)


def test_pieces_have_what_openai_s_sdk_asks_them_for(patchbay):
    """Its ChatCompletionStreamState, into which magentic puts them."""
    for piece in asked(patchbay, stream=True):
        assert piece.moderation is piece.obfuscation is piece.service_tier is piece.system_fingerprint is None


def test_a_stream_says_whose_it_is(patchbay):
    stream = asked(patchbay, stream=True)
    assert stream.completion_stream and stream.custom_llm_provider == "openai"
    assert "".join(piece.choices[0].delta.content or "" for piece in stream.completion_stream) == client.GREETING


def test_what_a_model_has_spoken_has_attributes(patchbay):
    audio = {"id": "a", "data": "AAAA", "transcript": "hi", "expires_at": 1}
    message = patchbay.Message(content=None, audio=audio)
    assert (message.audio.data, message.audio["transcript"]) == ("AAAA", "hi")
    assert message.model_dump()["audio"] == audio
    assert isinstance(message.audio, patchbay.types.utils.ChatCompletionAudioResponse)


def test_headers_have_the_provider_s_names(patchbay):
    answer = asked(patchbay)
    told = answer._hidden_params["additional_headers"]
    name = next(name for name in told if name.startswith("llm_provider-"))
    assert answer._response_headers[name.removeprefix("llm_provider-")] == answer._response_headers[name] == told[name]


def test_a_usage_takes_counts_beside_its_details(patchbay):
    usage = patchbay.Usage(prompt_tokens=9, completion_tokens=8, total_tokens=17, reasoning_tokens=7, cache_read_input_tokens=4)
    assert usage.completion_tokens_details.reasoning_tokens == 7 and usage.prompt_tokens_details.cached_tokens == 4
    assert "reasoning_tokens" not in usage.model_dump()


def test_pydantic_writes_answers_where_anything_may_stand(patchbay):
    pydantic = pytest.importorskip("pydantic")

    class Note(pydantic.BaseModel):
        what: object = None

    answer = asked(patchbay)
    assert json.loads(Note(what=answer.usage).model_dump_json())["what"]["total_tokens"] == answer.usage.total_tokens
    assert Note(what=[answer]).model_dump()["what"][0]["choices"][0]["finish_reason"] == "stop"


def test_events_of_a_response_have_classes(patchbay):
    events = list(patchbay.responses("hi", "openai/gpt-4o", mock_response="some words", stream=True))
    openai_s = importlib.import_module("patchbay.types.llms.openai")
    deltas = [one for one in events if isinstance(one, openai_s.OutputTextDeltaEvent)]
    assert "".join(one.delta for one in deltas) == "some words"
    assert isinstance(events[-1], openai_s.ResponseCompletedEvent)
    assert isinstance(events[-1].response, patchbay.ResponsesAPIResponse)
    schema = patchbay._responses.wrapped({"type": "object", "properties": {"a": {"type": ["string", "null"]}, "b": {"type": {}}}})
    assert schema.properties.a.type == ["string", "null"]


def test_functions_of_one_call_are_told_of_it(patchbay):
    heard = []

    class Logger(patchbay.CustomLogger):
        def log_success_event(self, kwargs, response_obj, start_time, end_time):
            heard.append("object")

    def note(kwargs, *_):
        heard.append(kwargs["model"])

    asked(patchbay, success_callback=[note], failure_callback=[note], callbacks=[Logger()])
    asked(patchbay)
    assert heard == ["gpt-4o", "object"]
    with pytest.raises(patchbay.RateLimitError):
        asked(patchbay, client.says("limited"), num_retries=0, failure_callback=[note])
    assert heard == ["gpt-4o", "object", "gpt-4o"]


def test_lists_of_awaited_calls(patchbay):
    heard = []

    async def note(kwargs, *_):
        heard.append(kwargs["call_type"])

    patchbay._async_success_callback = [note]
    patchbay._async_failure_callback.append(note)
    asyncio.run(patchbay.acompletion("openai/gpt-4o", ASK))
    with pytest.raises(patchbay.RateLimitError):
        asyncio.run(patchbay.acompletion("openai/gpt-4o", client.says("limited"), num_retries=0))
    asked(patchbay)
    assert heard == ["acompletion"] * 2


def test_the_manager_of_callbacks(patchbay):
    manager, heard = patchbay.logging_callback_manager, []
    manager.add_litellm_success_callback(heard.append)
    note = patchbay.CustomLogger()
    for _ in range(2):
        manager.add_litellm_callback(note)
    assert patchbay.callbacks == [note] and manager.get_custom_loggers_for_type(patchbay.CustomLogger) == [note]
    manager.remove_callbacks_by_type(patchbay.callbacks, patchbay.CustomLogger)
    assert patchbay.callbacks == []
    manager._reset_all_callbacks()
    assert patchbay.success_callback == []


def test_a_record_of_a_call_is_json(patchbay):
    heard = []

    class Logger(patchbay.CustomLogger):
        def log_success_event(self, kwargs, response_obj, start_time, end_time):
            heard.append((kwargs, start_time, end_time))

        log_failure_event = log_success_event

    patchbay.callbacks = [Logger()]
    asked(patchbay, api_key="sk-canary", temperature=0.5)
    list(asked(patchbay, stream=True))
    with pytest.raises(patchbay.RateLimitError):
        asked(patchbay, client.says("limited"), num_retries=0)
    for kwargs, start, end in heard:
        assert start <= kwargs["completion_start_time"] <= end
        assert "sk-canary" not in json.dumps(kwargs["standard_logging_object"])
    records = [json.loads(json.dumps(kwargs["standard_logging_object"])) for kwargs, *_ in heard]
    assert [one["response"] and one["response"]["choices"][0]["message"]["content"] for one in records] == [client.GREETING] * 2 + [None]
    assert records[0]["model_parameters"] == {"temperature": 0.5}
    assert "RateLimitError" in heard[2][0]["traceback_exception"]


def test_what_frameworks_set_before_anything_else(patchbay):
    """Google's ADK, PR-Agent and others: what has no meaning here is taken."""
    for name, value in {
        "add_function_to_prompt": True,
        "drop_params": True,
        "modify_params": True,
        "suppress_debug_info": True,
        "suppress_debug_messages": True,
        "telemetry": False,
        "use_client": True,
    }.items():
        setattr(patchbay, name, value)
    assert asked(patchbay).choices[0].message.content == client.GREETING


def test_lines_are_turned_off(patchbay, caplog):
    patchbay._turn_on_debug()
    asked(patchbay)
    assert caplog.records
    caplog.clear()
    patchbay._logging._disable_debugging()
    asked(patchbay)
    assert not caplog.records
    patchbay._logging._enable_debugging()


def picture(width: int, height: int) -> str:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\x00\x00\x00"
    return "data:image/png;base64," + base64.b64encode(head).decode()


@pytest.mark.parametrize(
    "width, height, tokens", [(1, 1, 255), (512, 512, 255), (513, 512, 425), (1024, 1024, 765), (4096, 8192, 1105), (100, 9000, 765)]
)
def test_pictures_count_by_their_size(patchbay, width, height, tokens):
    """As LiteLLM 1.110.2 counts them."""

    def counted(**image):
        content = [{"type": "image_url", "image_url": image}]
        return patchbay.token_counter("gpt-4o", messages=[{"role": "user", "content": content}]) - patchbay.token_counter(
            "gpt-4o", messages=[{"role": "user", "content": []}]
        )

    assert patchbay.utils.get_image_dimensions(picture(width, height)) == (width, height)
    assert counted(url=picture(width, height)) == tokens
    assert counted(url=picture(width, height), detail="low") == counted(url="https://nobody/x.png") == 85


def test_sizes_of_other_pictures(patchbay):
    jpeg = b"\xff\xd8\xff\xe0\x00\x10" + b"JFIF".ljust(14, b"\0") + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 3, 7) + b"\0" * 9
    gif = b"GIF89a" + struct.pack("<HH", 7, 3)
    webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (6).to_bytes(3, "little") + (2).to_bytes(3, "little")
    for data in (jpeg, gif, webp):
        assert patchbay.utils.get_image_dimensions(base64.b64encode(data).decode()) == (7, 3)
    for cut in ("", "!", base64.b64encode(jpeg[:8]).decode(), base64.b64encode(b"\x89PNG").decode()):
        with pytest.raises(ValueError):
            patchbay.utils.get_image_dimensions(cut)


def test_prices_of_a_model_are_numbers(patchbay):
    info = patchbay.get_model_info("dall-e-3")
    assert (info["input_cost_per_token"], info["output_cost_per_token"]) == (0, 0)
    vectors = patchbay.get_model_info("text-embedding-3-small")
    assert vectors["max_tokens"] == vectors["max_input_tokens"] and vectors["output_vector_size"] is None
    assert patchbay.utils.get_model_cost_map()["gpt-4o"]["max_input_tokens"] == 128000


def test_a_member_of_the_map_of_models_is_set(patchbay):
    patchbay.model_cost["gpt-4.1-nano"]["input_cost_per_token"] = 0.5
    patchbay.model_cost["gpt-4.1-nano"].update(max_input_tokens=77)
    assert patchbay.cost_per_token("gpt-4.1-nano", prompt_tokens=2, completion_tokens=0) == (1, 0)
    assert patchbay.get_model_info("gpt-4.1-nano")["max_input_tokens"] == 77
    del patchbay.models._registered["gpt-4.1-nano"]
    patchbay.models._facts.cache_clear()


def test_a_claude_that_the_table_does_not_have_can_what_all_can(patchbay):
    assert "claude-sonnet-4-20250514" not in patchbay.model_cost
    assert patchbay.supports_function_calling("anthropic/claude-sonnet-4-20250514")
    assert patchbay.supports_function_calling("claude-sonnet-4-20250514")
    assert not patchbay.supports_audio_output("claude-sonnet-4-20250514")
    assert not patchbay.supports_function_calling("nobody-knows-it")


def test_servers_of_one_s_own_need_no_key(patchbay, monkeypatch):
    for name in ("OLLAMA_API_BASE", "OLLAMA_API_KEY", "LM_STUDIO_API_KEY", "HOSTED_VLLM_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for model in ("lm_studio/x", "hosted_vllm/x", "litellm_proxy/x"):
        assert patchbay.validate_environment(model) == {"keys_in_environment": True, "missing_keys": []}
    assert patchbay.validate_environment("ollama/llama3")["missing_keys"] == ["OLLAMA_API_BASE"]
    assert patchbay.validate_environment("ollama_chat/llama3", api_base="http://here")["keys_in_environment"]


def test_speech_is_read_as_httpx_s_answers_are(patchbay, tmp_path):
    spoken = patchbay.speech("openai/tts-1", "hi", "alloy")
    spoken.stream_to_file(tmp_path / "a.mp3")
    assert (tmp_path / "a.mp3").read_bytes() == spoken.content == b"".join(spoken.iter_bytes(3))

    async def awaited():
        return await spoken.aread(), [piece async for piece in spoken.aiter_bytes()]

    assert asyncio.run(awaited()) == (spoken.content, [spoken.content])


def test_what_a_gateway_charged(patchbay):
    told = patchbay.get_response_cost_from_hidden_params
    assert told({"additional_headers": {"llm_provider-x-litellm-response-cost": "0.5"}}) == 0.5
    assert told({}) is None and told({"additional_headers": {"llm_provider-x-litellm-response-cost": "x"}}) is None


def test_a_budget_of_thoughts_has_anthropic_s_name(patchbay):
    mend = patchbay.utils.validate_and_fix_thinking_param
    assert mend({"type": "enabled", "budgetTokens": 5}) == {"type": "enabled", "budget_tokens": 5} and mend(None) is None


def test_a_vector_may_be_mocked(patchbay, provider):
    for answer in (
        patchbay.embedding("openai/text-embedding-3-small", ["a"], mock_response=[0.5, 1.0]),
        asyncio.run(patchbay.aembedding(model="openai/text-embedding-3-small", input="a", mock_response=[0.5, 1.0])),
    ):
        assert answer.data[0]["embedding"] == [0.5, 1.0] and answer.usage.total_tokens == 10
        assert answer.model == "openai/text-embedding-3-small"
    assert provider.requests == []


def declared(patchbay):
    """What type checkers see of the package: (names that it exports, names of variables, names that it imports)."""
    tree = ast.parse(pathlib.Path(patchbay.__file__).read_text())
    (block,) = (one for one in tree.body if isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING")
    (exported,) = (ast.literal_eval(one.value) for one in block.body if isinstance(one, ast.Assign))
    variables = {one.target.id for one in block.body if isinstance(one, ast.AnnAssign)}
    imports = [one for one in tree.body + block.body if isinstance(one, ast.ImportFrom) and one.level == 1 and one.module]
    imported = {alias.name for one in imports for alias in one.names if not alias.name.startswith("_")}
    return exported, variables, imported


def test_type_checkers_see_what_there_is(patchbay):
    exported, variables, imported = declared(patchbay)
    assert {*exported} - {"exceptions"} == imported and all(hasattr(patchbay, name) for name in exported)
    settings = {**patchbay._settings.DEFAULTS, **patchbay._settings._OF_THE_ENGINE}
    assert variables == {name for name in settings if name[0] != "_"} | {*patchbay._settings._KEYS}
    hints = {kind: typing.get_type_hints(kind) for kind in (patchbay.ModelResponse, patchbay.Choices, patchbay.Message)}
    assert typing.get_args(hints[patchbay.ModelResponse]["choices"]) == (patchbay.Choices,)
    assert hints[patchbay.Choices]["message"] is patchbay.Message
    assert hints[patchbay.Message]["content"] == (str | None)


def test_a_client_of_openai_s_says_where_and_as_whom(patchbay, provider):
    openai = pytest.importorskip("openai")
    address = f"{provider.url}/elsewhere"
    given = openai.OpenAI(api_key="sk-client", base_url=address + "/", default_headers={"x-team": "birds"})
    asked(patchbay, client=given)
    asyncio.run(patchbay.acompletion("gpt-4o", ASK, client=openai.AsyncOpenAI(api_key="sk-client", base_url=address)))
    asked(patchbay, client=given, api_key="sk-call", extra_headers={"x-team": "fish"})
    one, two, three = provider.requests
    assert {r.path for r in provider.requests} == {"/elsewhere/chat/completions"}
    assert one.headers["authorization"] == two.headers["authorization"] == "Bearer sk-client"
    assert three.headers["authorization"] == "Bearer sk-call"
    assert (one.headers["x-team"], three.headers["x-team"]) == ("birds", "fish")

    provider.clear()
    cloud = openai.AzureOpenAI(api_key="sk-cloud", azure_endpoint=provider.url, api_version="2024-10-21")
    patchbay.completion("azure/mine", ASK, client=cloud)
    (request,) = provider.requests
    assert request.path == "/openai/deployments/mine/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == "sk-cloud"

    class Other:
        base_url = "http://127.0.0.1:1"

    provider.clear()
    asked(patchbay, client=Other())
    assert len(provider.requests) == 1


def test_a_provider_s_key_holds_for_bare_names(patchbay, provider):
    patchbay.openai_key = "sk-canary-own"
    patchbay.completion("gpt-4o", ASK)
    patchbay.completion("anthropic/claude-opus-4-8", ASK)
    assert provider.requests[0].headers["authorization"] == "Bearer sk-canary-own"
    assert "sk-canary-own" not in str(provider.requests[1].headers)


def test_a_router_has_openai_s_names(patchbay):
    entry = {"model_name": "fast", "litellm_params": {"model": "openai/gpt-4o", "mock_response": "hi"}}
    router = patchbay.Router(model_list=[entry])
    assert router.chat.completions.create(model="fast", messages=ASK).choices[0].message.content == "hi"
    assert router.deployment_names == ["openai/gpt-4o"]
