"""The Python client library's Router: LiteLLM's, over the gateway's; its list and settings change while it runs."""

import asyncio

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK


def entry(name: str, model: str = "openai/gpt-4o", **info) -> dict:
    return {"model_name": name, "litellm_params": {"model": model, "api_key": "sk-router"}, **({"model_info": info} if info else {})}


def test_router(patchbay, provider):
    at = {"api_base": provider.url + "/v1", "api_key": "sk-router"}
    router = patchbay.Router(
        model_list=[
            {"model_name": "fast", "litellm_params": {"model": "openai/gpt-4o-mini", **at}},
            {"model_name": "sure", "litellm_params": {"model": "openai/gpt-4o", **at}},
        ],
        num_retries=0,
        fallbacks=[{"fast": ["sure"]}],
    )
    assert sorted(router.get_model_names()) == ["fast", "sure"]
    assert router.completion(model="fast", messages=ASK).choices[0].message.content == client.GREETING
    assert provider.requests[0].json["model"] == "gpt-4o-mini"
    answer = router.completion(model="fast", messages=ASK, mock_testing_fallbacks=True)
    assert answer._hidden_params["model_group"] == "sure"
    assert "".join(c.choices[0].delta.content or "" for c in router.completion("fast", ASK, stream=True)) == client.GREETING
    assert router.completion(model="fast", messages=ASK, mock_response="mocked").choices[0].message.content == "mocked"
    assert asyncio.run(router.acompletion(model="sure", messages=ASK)).usage.total_tokens == 5
    with pytest.raises(patchbay.BadRequestError, match="Invalid model name"):
        router.completion(model="openai/gpt-4o", messages=ASK)
    router.discard()
    with pytest.raises(ValueError, match="litellm_params"):
        patchbay.Router(model_list=[{"model_name": "fast"}])


def test_entries_have_ids_and_can_be_found_by_them(patchbay):
    router = patchbay.Router(model_list=[entry("a"), entry("a"), entry("b", id="mine")])
    ids = router.get_model_ids()
    assert len(set(ids)) == 3 and ids[2] == "mine" and router.get_model_ids("b") == ["mine"]
    assert router.get_deployment("mine")["model_name"] == "b" and router.get_deployment("other") is None
    answer = router.completion("b", ASK)
    assert answer._hidden_params["model_id"] == "mine"
    again = patchbay.Router(model_list=[entry("a"), entry("a")])
    assert again.get_model_ids() == ids[:2]
    router.discard()


def test_the_list_changes_while_it_runs(patchbay, provider):
    router = patchbay.Router(model_list=[entry("a")])
    stream = router.completion("a", ASK, stream=True)
    first = next(stream)
    router.add_deployment(entry("b", "openai/gpt-4o-mini", id="b-1"))
    assert router.completion("b", ASK)._hidden_params["model_id"] == "b-1"
    router.upsert_deployment(entry("b", "openai/gpt-4.1", id="b-1"))
    router.completion("b", ASK)
    assert provider.requests[-1].json["model"] == "gpt-4.1" and len(router.get_model_list("b")) == 1
    assert router.delete_deployment("b-1")["model_name"] == "b" and router.delete_deployment("b-1") is None
    with pytest.raises(patchbay.BadRequestError):
        router.completion("b", ASK)
    # The stream ends in the world that it began in.
    assert "".join(p.choices[0].delta.content or "" for p in [first, *stream]) == client.GREETING
    with pytest.raises(ValueError, match="litellm_params"):
        router.set_model_list([{"model_name": "c"}])
    assert router.get_model_names() == ["a"]


def test_settings_change_while_it_runs(patchbay, provider):
    router = patchbay.Router(model_list=[entry("a")], num_retries=2, disable_cooldowns=True)
    router.update_settings(num_retries=0)
    assert router.get_settings() == {"num_retries": 0, "disable_cooldowns": True}
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"))
    assert len(provider.requests) == 1


def test_a_deployment_that_failed_rests_until_reset(patchbay, provider):
    async def limited_for_one(exchange):
        await (client.limited if exchange.json["model"] == "bad" else client.default)(exchange)

    def asked_bad(times: int) -> bool:
        """Is it asked, in so many calls?"""
        provider.clear()
        for _ in range(times):
            try:
                router.completion("a", client.says("limited-for-one"))
            except patchbay.RateLimitError:
                return True
        return False

    provider.scripts["limited-for-one"] = limited_for_one
    models = [entry("a", "openai/bad"), entry("a", "openai/good")]
    router = patchbay.Router(model_list=models, num_retries=0, allowed_fails=0, cooldown_time=60)
    assert asked_bad(40)
    assert not asked_bad(40)
    router.reset()
    assert asked_bad(40)


def test_the_fastest_of_several_answers(patchbay, provider):
    async def slow_for_one(exchange):
        await (client.hangs if exchange.json["model"] == "slow" else client.default)(exchange)

    provider.scripts["slow-for-one"] = slow_for_one
    router = patchbay.Router(model_list=[entry("slow", "openai/slow"), entry("quick", "openai/quick")], num_retries=0)
    ask = client.says("slow-for-one")
    answer = asyncio.run(router.abatch_completion_fastest_response("slow, quick", ask))
    assert answer.model == "quick-2024"
    (slow,) = [one for one in provider.requests if one.json["model"] == "slow"]
    provider.call(slow.connection.gone.wait())
    with pytest.raises(patchbay.RateLimitError):
        asyncio.run(router.abatch_completion_fastest_response("slow, quick", client.says("limited")))
    lists = asyncio.run(router.abatch_completion(["quick", "slow"], [ASK, ASK, ASK]))
    assert [len(one) for one in lists] == [2, 2, 2]


def test_the_quickest_model_answers_and_the_others_are_left(patchbay, provider):
    async def slow_for_one(exchange):
        await (client.hangs if exchange.json["model"] == "slow" else client.default)(exchange)

    provider.scripts["slow-for-one"] = slow_for_one
    answer = patchbay.batch_completion_models(
        models=["openai/slow", "nobody-knows-it", "openai/quick"], messages=client.says("slow-for-one"), num_retries=0
    )
    assert answer.model == "quick-2024"
    (slow,) = [one for one in provider.requests if one.json["model"] == "slow"]
    provider.call(slow.connection.gone.wait())
    with pytest.raises(patchbay.RateLimitError):
        patchbay.batch_completion_models(models=["openai/a", "openai/b"], messages=client.says("limited"), num_retries=0)
    answers = patchbay.batch_completion_models_all_responses(models=["openai/a", "nobody-knows-it", "openai/b"], messages=ASK)
    assert [one.model for one in answers] == ["a-2024", "b-2024"]
    deployments = [{"model": "openai/a", "temperature": 0.1}, {"model": "openai/b", "temperature": 0.2}]
    provider.clear()
    patchbay.batch_completion_models_all_responses(deployments=deployments, messages=ASK)
    assert {(one.json["model"], one.json["temperature"]) for one in provider.requests} == {("a", 0.1), ("b", 0.2)}
    with pytest.raises(ValueError, match="must name some"):
        patchbay.batch_completion_models(models=[], messages=ASK)
    with pytest.raises(patchbay.BadRequestError, match="answers whole"):
        patchbay.batch_completion_models(models=["openai/a"], messages=ASK, stream=True)


def test_a_configuration_file_is_not_changed_by_a_program(patchbay, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o}\n")
    router = patchbay.Router.from_config(str(file))
    assert router.completion("a", ASK).choices[0].message.content == client.GREETING
    with pytest.raises(NotImplementedError, match="changing the file"):
        router.add_deployment(entry("b"))


def test_methods_that_are_not_there_say_why(patchbay):
    router = patchbay.Router(model_list=[entry("a")])
    with pytest.raises(NotImplementedError, match=r"Router.get_model_group_usage\(\) is LiteLLM's"):
        router.get_model_group_usage("a")
    with pytest.raises(NotImplementedError, match="no such operation yet"):
        router.transcription(model="a", file=b"")
    with pytest.raises(AttributeError, match="no_such_method"):
        router.no_such_method


def test_what_is_known_of_a_name(patchbay):
    first = entry("a") | {"model_info": {"id": "one", "access_groups": ["birds"]}}
    first["litellm_params"] = {"model": "openai/gpt-4o", "rpm": 5}
    second = {"model_name": "a", "litellm_params": {"model": "anthropic/claude-sonnet-4-5-20250929", "rpm": 7}}
    own = {"model_name": "b", "litellm_params": {"model": "openai/mine"}, "model_info": {"max_input_tokens": 9, "mode": "chat"}}
    router = patchbay.Router(model_list=[first, second, own])
    info = router.get_model_group_info("a")
    assert (info.model_group, info.providers, info.mode, info.rpm, info.tpm) == ("a", ["openai", "anthropic"], "chat", 12, None)
    assert info.max_input_tokens == patchbay.get_model_info("anthropic/claude-sonnet-4-5-20250929")["max_input_tokens"] > 128000
    assert info.supports_vision and not info.supports_audio_output
    assert router.get_model_group_info("b").max_input_tokens == 9
    assert router.get_model_group_info("nobody") is None
    assert router.has_model_id("one") and not router.has_model_id("two")
    assert [one["litellm_params"]["rpm"] for one in router.get_model_group("one")] == [5, 7]
    assert router.get_deployment_by_model_group_name("b")["litellm_params"]["model"] == "openai/mine"
    assert [router.resolve_model_name_from_model_id(one) for one in ("one", "b", "openai/mine", "x")] == ["a", "b", "b", None]
    assert router.get_model_access_groups() == {"birds": ["a"]}


def test_the_deployment_that_a_call_would_go_to(patchbay, provider):
    router = patchbay.Router(
        model_list=[
            entry("a", id="one") | {"litellm_params": {"model": "openai/gpt-4o", "weight": 0}},
            entry("a", id="two") | {"litellm_params": {"model": "openai/gpt-4o-mini", "weight": 1}},
            entry("v", "openai/text-embedding-3-small", id="vectors", mode="embedding"),
        ],
        model_group_alias={"other": "a"},
        allowed_fails=0,
        num_retries=0,
    )
    assert {router.get_available_deployment(model="a", messages=ASK)["model_info"]["id"] for _ in range(20)} == {"two"}
    assert router.get_available_deployment("other")["model_name"] == "a"
    assert router.get_available_deployment("one")["litellm_params"]["model"] == "openai/gpt-4o"
    assert router.get_available_deployment("v", input=["x"])["model_info"]["id"] == "vectors"
    assert asyncio.run(router.async_get_available_deployment(model="a", request_kwargs={}))["model_info"]["id"] == "two"
    with pytest.raises(patchbay.BadRequestError, match="Invalid model name"):
        router.get_available_deployment("nobody")
    assert not provider.requests
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"))  # now "two" rests
    assert {router.get_available_deployment(model="a")["model_info"]["id"] for _ in range(20)} == {"one"}
    router.discard()


def test_where_nobody_is_free_that_is_said(patchbay, provider):
    router = patchbay.Router(
        model_list=[{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o", "rpm": 1}}], routing_strategy="usage-based-routing-v2"
    )
    router.completion("a", ASK)
    with pytest.raises(patchbay.types.router.RouterRateLimitError, match="[Nn]o deployments available"):
        router.get_available_deployment("a")
    router.discard()


def test_what_the_list_says(patchbay):
    first = {"model": "openai/gpt-4o", "api_key": "sk-canary-1", "api_base": "http://b"}
    model_list = [{"model_name": "a", "litellm_params": first, "model_info": {"id": "one", "max_tokens": 5}}, entry("b")]
    router = patchbay.Router(model_list=model_list, model_group_alias={"al": "a", "hidden": {"model": "b", "hidden": True}})
    assert [one["model_name"] for one in router.get_model_list()] == ["al", "hidden", "a", "b"]
    assert [one["model_info"]["id"] for one in router.get_model_list("al")] == ["one"] and router.get_model_list("nobody") == []
    assert router.get_model_list_from_model_alias("al")[0]["model_name"] == "al"
    assert router.get_all_deployments("a")[0]["model_info"]["id"] == "one" and router.get_all_deployments("al") == []
    assert len(router.get_model_ids()) == 2 and router.get_model_ids("b") == [router.generate_model_id("b", entry("b")["litellm_params"])]
    assert router.is_recognized_model("al") and router.is_recognized_model("one") and not router.is_recognized_model("c")
    assert router.get_deployment_credentials("one") == {"api_key": "sk-canary-1", "api_base": "http://b"}
    assert router.get_deployment_credentials("nobody") is None and router.get_deployment_credentials_with_provider("nobody") is None
    assert router.get_deployment_credentials_with_provider("a")["custom_llm_provider"] == "openai"
    assert router.get_deployment_model_info("one", "gpt-4o")["max_tokens"] == 5
    assert router.get_deployment_model_info("one", "gpt-4o")["max_input_tokens"] == 128000
    assert router.get_router_model_info(router.get_deployment("one"), received_model_name="a")["input_cost_per_token"] == 2.5e-06
    shown = router.print_deployment(router.model_list[0])
    assert shown["litellm_params"]["api_key"] == "sk**********" and shown["litellm_params"]["model"] == "openai/gpt-4o"
    router.discard()
