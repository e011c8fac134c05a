"""Settings of the Python client library: callbacks and log sinks, the response cache, rules, budgets, what is refused."""

import asyncio
import json
import logging
import socket

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK
COST = 3 * 2.5e-6 + 2 * 10e-6  # of client.chat_answer, by gpt-4o's prices


def test_a_function_is_told_of_the_call(patchbay):
    heard = []
    patchbay.success_callback = [lambda *facts: heard.append(facts)]
    answer = patchbay.completion(
        model="openai/gpt-4o", messages=ASK, temperature=0.5, user="ann", metadata={"hello": "world"}
    )
    ((kwargs, told, start, end),) = heard
    assert told is answer and start <= end
    assert kwargs["messages"] == ASK and kwargs["user"] == "ann"
    assert kwargs["optional_params"]["temperature"] == 0.5
    assert kwargs["litellm_params"]["metadata"] == {"hello": "world"}
    assert kwargs["litellm_params"]["api_base"].endswith("/v1")
    assert kwargs["response_cost"] == pytest.approx(COST)
    assert (kwargs["call_type"], kwargs["custom_llm_provider"], kwargs["cache_hit"]) == ("completion", "openai", False)
    payload = kwargs["standard_logging_object"]
    assert (payload["status"], payload["total_tokens"]) == ("success", 5)
    assert payload["response_cost"] == pytest.approx(COST)


def test_a_function_is_told_of_a_stream_when_it_ends(patchbay):
    heard = []
    patchbay.success_callback = [lambda kwargs, answer, *_: heard.append((kwargs, answer))]
    stream = patchbay.completion(model="openai/gpt-4o", messages=ASK, stream=True)
    assert next(stream) and not heard
    list(stream)
    ((kwargs, answer),) = heard
    assert answer.choices[0].message.content == client.GREETING
    assert kwargs["complete_streaming_response"] is answer and kwargs["stream"]


def test_an_object_hears_of_each_step(patchbay):
    heard = []

    class Logger(patchbay.CustomLogger):
        def log_pre_api_call(self, model, messages, kwargs):
            heard.append(("pre", model, kwargs["log_event_type"]))

        def log_post_api_call(self, kwargs, response_obj, start_time, end_time):
            heard.append("post")

        def log_stream_event(self, kwargs, response_obj, start_time, end_time):
            heard.append(response_obj.choices[0].delta.content)

        def log_success_event(self, kwargs, response_obj, start_time, end_time):
            heard.append("success")

        async def async_log_failure_event(self, kwargs, response_obj, start_time, end_time):
            heard.append(kwargs["exception"].status_code)

    patchbay.callbacks = [Logger()]
    list(patchbay.completion(model="openai/gpt-4o", messages=ASK, stream=True))
    assert heard[0] == ("pre", "gpt-4o", "pre_api_call")
    assert "".join(one or "" for one in heard[1:-2]) == client.GREETING and heard[-2:] == ["post", "success"]
    heard.clear()
    with pytest.raises(patchbay.RateLimitError):
        asyncio.run(patchbay.acompletion("openai/gpt-4o", client.says("limited"), num_retries=0))
    assert heard == [("pre", "gpt-4o", "pre_api_call"), 429]


def test_a_coroutine_hears_of_awaited_calls_alone(patchbay):
    heard = []

    async def hear(kwargs, answer, start, end):
        heard.append(kwargs["call_type"])

    patchbay.success_callback = [hear]
    asyncio.run(patchbay.acompletion("openai/gpt-4o", ASK))
    with pytest.warns(UserWarning, match="awaited calls alone"):
        patchbay.completion("openai/gpt-4o", ASK)
    assert heard == ["acompletion"]


def test_log_sinks_get_records_by_their_name(run_python, tmp_path):
    run_python(
        f"""
        import patchbay

        patchbay.callback_settings = {{"file": {{"url": "file://{tmp_path}/calls.jsonl"}}}}
        patchbay.success_callback = ["file"]
        patchbay.completion("openai/gpt-4o", {ASK}, metadata={{"tags": ["birds"]}})
        patchbay.callbacks = ["file"]
        try:
            patchbay.completion("openai/gpt-4o", {client.says("limited")}, num_retries=0)
        except patchbay.RateLimitError:
            pass
        """
    )
    records = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]
    assert [one["status"] for one in records] == ["success", "failure"]
    assert records[0]["model"] == "openai/gpt-4o" and records[0]["response_cost"] == pytest.approx(COST)
    assert "sk-openai" not in json.dumps(records)


def test_a_sink_that_is_not_there_is_warned_of(patchbay):
    patchbay.success_callback = ["no-such-sink"]
    with pytest.warns(UserWarning, match="no loaded plugin has the log sink 'no-such-sink'"):
        patchbay.completion("openai/gpt-4o", ASK)


def test_a_cached_answer_says_so(patchbay, provider):
    heard = []
    patchbay.success_callback = [lambda kwargs, *_: heard.append((kwargs["cache_hit"], kwargs["response_cost"]))]
    patchbay.cache = patchbay.Cache()
    first, second = (patchbay.completion("openai/gpt-4o", ASK, seed=1) for _ in range(2))
    assert len(provider.requests) == 1 and first == second
    assert (first._hidden_params["cache_hit"], second._hidden_params["cache_hit"]) == (False, True)
    assert first._hidden_params["cache_key"] == second._hidden_params["cache_key"]
    assert heard == [(False, pytest.approx(COST)), (True, 0)]
    patchbay.cache.flush_cache()
    patchbay.completion("openai/gpt-4o", ASK, seed=1)
    assert len(provider.requests) == 2


def test_many_of_the_same_at_once_ask_once(patchbay, provider):
    patchbay.enable_cache()

    async def ask():
        return await asyncio.gather(*(patchbay.acompletion("openai/gpt-4o", ASK, seed=2) for _ in range(20)))

    answers = asyncio.run(ask())
    assert {one.choices[0].message.content for one in answers} == {client.GREETING}
    assert len(provider.requests) == 1


def test_what_a_cache_cannot_do_is_refused(patchbay):
    with pytest.raises(NotImplementedError, match="there are local, redis"):
        patchbay.Cache(type="gcs")
    with pytest.raises(NotImplementedError, match="similarity_threshold"):
        patchbay.Cache(similarity_threshold=0.8)
    cache = patchbay.Cache()
    with pytest.raises(NotImplementedError, match="get_cache_key"):
        cache.get_cache_key = lambda **_: "key"
    assert not hasattr(cache, "no_such_thing")


def test_a_cache_that_cannot_be_had_is_warned_of(patchbay, provider):
    models = [{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}}]
    with pytest.warns(UserWarning, match="the response cache is left out"):
        router = patchbay.Router(model_list=models, cache_responses=True, cache_kwargs={"type": "disk"})
    for _ in range(2):
        router.completion("a", ASK)
    assert len(provider.requests) == 2


def test_a_cache_at_a_server_that_is_away_is_none(patchbay, provider):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and never listens
        patchbay.cache = patchbay.Cache(type="redis", host="127.0.0.1", port=nobody.getsockname()[1])
        answers = [patchbay.completion("openai/gpt-4o", ASK, seed=3) for _ in range(2)]
    assert [one.choices[0].message.content for one in answers] == [client.GREETING] * 2


def test_calls_under_way_end_in_the_engine_they_began_in(patchbay):
    stream = patchbay.completion("openai/gpt-4o", ASK, stream=True)
    first = next(stream)
    patchbay.enable_cache()
    patchbay.completion("openai/gpt-4o", ASK)
    patchbay.disable_cache()
    pieces = [first, *stream]
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == client.GREETING


def test_a_budget_is_spent(patchbay, provider):
    patchbay.max_budget = COST * 1.5
    for _ in range(2):
        patchbay.completion("openai/gpt-4o", ASK)
    assert patchbay._current_cost == pytest.approx(2 * COST)
    with pytest.raises(patchbay.BudgetExceededError, match="Budget has been exceeded") as caught:
        patchbay.completion("openai/gpt-4o", ASK)
    assert (caught.value.current_cost, caught.value.max_budget) == (pytest.approx(2 * COST), COST * 1.5)
    assert len(provider.requests) == 2
    patchbay._current_cost = 0
    list(patchbay.completion("openai/gpt-4o", ASK, stream=True))
    assert patchbay._current_cost > 0


def test_rules_judge_texts(patchbay, provider):
    patchbay.pre_call_rules = [lambda text: "secret" not in text]
    with pytest.raises(patchbay.APIResponseValidationError):
        patchbay.completion("openai/gpt-4o", [{"role": "user", "content": [{"type": "text", "text": "a secret"}]}])
    assert provider.requests == []
    patchbay.post_call_rules = [lambda text: {"decision": text != client.GREETING, "message": "no greetings"}]
    with pytest.raises(patchbay.APIResponseValidationError, match="no greetings"):
        patchbay.completion("openai/gpt-4o", ASK)
    with pytest.raises(patchbay.APIResponseValidationError, match="no greetings"):
        list(patchbay.completion("openai/gpt-4o", ASK, stream=True))


@pytest.mark.parametrize("name", ["client_session", "global_prompt_manager", "context_window_fallbacks"])
def test_a_setting_that_nobody_reads_is_refused(patchbay, name):
    with pytest.raises(NotImplementedError, match=f"patchbay.{name} is LiteLLM's and has no effect here"):
        setattr(patchbay, name, [1])
    setattr(patchbay, name, None)


def test_a_larger_model_takes_over(patchbay, provider):
    async def too_long_for_one(exchange):
        await (client.too_long if exchange.json["model"] == "gpt-4o" else client.default)(exchange)

    provider.scripts["too-long-for-one"] = too_long_for_one
    arguments = {"context_window_fallback_dict": {"openai/gpt-4o": "openai/gpt-4.1"}, "num_retries": 0}
    ask = client.says("too-long-for-one")
    assert patchbay.completion("openai/gpt-4o", ask, **arguments).choices[0].message.content == client.GREETING
    answer = asyncio.run(patchbay.acompletion("openai/gpt-4o", ask, **arguments))
    assert answer.choices[0].message.content == client.GREETING
    assert [one.json["model"] for one in provider.requests] == ["gpt-4o", "gpt-4.1"] * 2
    with pytest.raises(patchbay.ContextWindowExceededError):
        patchbay.completion("openai/gpt-4o", ask, context_window_fallback_dict={"other": "openai/gpt-4.1"})


def test_what_is_asked_is_said_without_keys(patchbay, caplog):
    patchbay.set_verbose = True
    with caplog.at_level(logging.DEBUG, "patchbay"):
        patchbay.completion("openai/gpt-4o", ASK, api_key="sk-mine", extra_headers={"x-token": "sk-mine"}, max_tokens=7)
    said = caplog.text
    assert "chat.completions: asked with" in said and "'max_tokens': 7" in said and client.GREETING in said
    assert "sk-mine" not in said


def test_discounts_and_margins_are_in_what_a_call_costs(patchbay, provider):
    usual = patchbay.completion("openai/gpt-4o", ASK)._hidden_params["response_cost"]
    patchbay.cost_discount_config = {"openai": 0.5}
    assert patchbay.completion("openai/gpt-4o", ASK)._hidden_params["response_cost"] == pytest.approx(usual / 2)
    patchbay.cost_discount_config = {}
    patchbay.cost_margin_config = {"global": 1.0}
    assert patchbay.completion("openai/gpt-4o", ASK)._hidden_params["response_cost"] == pytest.approx(usual * 2)
    patchbay.cost_margin_config = {}
    assert patchbay.completion("openai/gpt-4o", ASK)._hidden_params["response_cost"] == usual


def test_models_without_prices_can_be_refused(patchbay, provider):
    assert patchbay.completion("openai/nobody-has-a-price-for-it", ASK)
    patchbay.block_requests_for_models_without_pricing = True
    with pytest.raises(patchbay.BadRequestError):
        patchbay.completion("openai/nobody-has-a-price-for-it", ASK)
    assert len(provider.requests) == 1
    assert patchbay.completion("openai/gpt-4o", ASK)


@pytest.mark.parametrize("name", ["log_raw_request_response", "ssl_certificate", "max_tokens", "s3_callback_params", "output_parse_pii", "allowed_fails"])
def test_settings_that_were_taken_in_silence_are_refused(patchbay, name):
    assert getattr(patchbay, name) is None
    with pytest.raises(NotImplementedError, match=name):
        setattr(patchbay, name, {"a": 1})


@pytest.mark.parametrize("provider_name, key", [("xai", "xai_key"), ("nebius", "nebius_key"), ("meta_llama", "llama_api_key")])
def test_keys_of_more_providers(patchbay, provider, provider_name, key):
    assert getattr(patchbay, key) is None
    setattr(patchbay, key, "sk-own")
    try:
        patchbay.completion(f"{provider_name}/m", ASK, api_base=provider.url + "/v1")
    finally:
        setattr(patchbay, key, None)
    assert provider.requests[-1].headers["authorization"] == "Bearer sk-own"
