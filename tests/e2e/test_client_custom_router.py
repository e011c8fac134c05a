"""Routers of the Python client library with providers that the program has in Python."""

import asyncio

import pytest

from support import client
from support.custom_provider import provider_in_python, text_of

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK


@pytest.fixture
def mine(patchbay):
    handler = provider_in_python(patchbay)
    patchbay.custom_provider_map = [{"provider": "mine", "custom_handler": handler}]
    return handler


def entry(name: str, model: str, **params) -> dict:
    return {"model_name": name, "litellm_params": {"model": model, **params}}


def test_a_router_of_both_kinds(patchbay, mine, provider):
    router = patchbay.Router(
        model_list=[
            entry("a", "mine/fails500"),
            entry("b", "openai/gpt-4o", api_key="sk-b"),
            entry("c", "mine/m", temperature=0.3, api_key="mine", input_cost_per_token=0.5),
        ],
        fallbacks=[{"a": ["b"]}, {"b": ["c"]}],
        model_group_alias={"sea": "c"},
        num_retries=0,
    )
    assert sorted(router.get_model_names()) == ["a", "b", "c"]
    assert router.completion("a", ASK).choices[0].message.content == client.GREETING
    answer = router.completion("b", client.says("broken"))
    assert answer.choices[0].message.content == "m says hi"
    known = answer._hidden_params
    assert (known["model_group"], known["model_id"], known["response_cost"]) == ("c", router.get_model_ids("c")[0], 10.0)
    assert mine.asked[-1]["optional_params"] == {"temperature": 0.3} and mine.asked[-1]["api_key"] == "mine"
    assert router.completion("sea", ASK, temperature=0.9)._hidden_params["model_group"] == "c"
    assert mine.asked[-1]["optional_params"] == {"temperature": 0.9}
    assert router.completion(router.get_model_ids("c")[0], ASK).model == "m"
    assert text_of(router.completion("c", ASK, stream=True)) == "Hello"
    assert len(router.embedding("c", input=["x"]).data) == 1

    async def ask():
        one = await router.acompletion("a", ASK)
        stream = await router.acompletion("b", client.says("broken"), stream=True)
        return one, "".join([piece.choices[0].delta.content or "" async for piece in stream])

    one, text = asyncio.run(ask())
    assert one.choices[0].message.content == client.GREETING and text == "Hello"
    with pytest.raises(patchbay.BadRequestError, match="Invalid model name"):
        router.completion("d", ASK)
    router.add_deployment(entry("d", "mine/d"))
    assert router.completion("d", ASK).choices[0].message.content == "d says hi"
    router.discard()


def test_the_order_of_a_router_s_fallbacks(patchbay, mine, provider):
    router = patchbay.Router(
        model_list=[entry("a", "openai/gpt-4o"), entry("b", "openai/gpt-4o-mini"), entry("c", "mine/fails500"), entry("d", "deepseek/chat")],
        fallbacks=[{"a": ["b", "c", "d"]}],
        num_retries=0,
    )
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"))
    assert [one.json["model"] for one in provider.requests] == ["gpt-4o", "gpt-4o-mini", "chat"]
    assert len(mine.asked) == 1
    provider.clear()
    with pytest.raises(patchbay.InternalServerError):
        router.completion("a", client.says("broken"), fallbacks=["c", "b"])
    assert [one.json["model"] for one in provider.requests] == ["gpt-4o", "gpt-4o-mini"] and len(mine.asked) == 2
    router.discard()


def test_a_router_s_lists_by_failure(patchbay, mine, provider):
    router = patchbay.Router(
        model_list=[entry("a", "openai/gpt-4o"), entry("long", "mine/long"), entry("other", "mine/other")],
        context_window_fallbacks=[{"a": ["long"]}],
        default_fallbacks=["other"],
        num_retries=0,
    )
    assert router.completion("a", client.says("too-long")).model == "long"
    assert router.completion("a", client.says("broken")).model == "other"
    router.discard()


def test_deployments_of_one_name_are_tried_in_turn(patchbay, mine):
    router = patchbay.Router(model_list=[entry("a", "mine/fails503"), entry("a", "mine/good"), entry("b", "mine/x", weight=0),
                                         entry("b", "mine/y", weight=1)], num_retries=1)  # fmt: skip
    assert {router.completion("a", ASK).model for _ in range(20)} == {"good"}
    assert 20 <= len(mine.asked) <= 40
    assert {router.completion("b", ASK).model for _ in range(20)} == {"y"}
    with pytest.raises(patchbay.ServiceUnavailableError):
        for _ in range(64):
            router.completion("a", ASK, num_retries=0)
    router.discard()


@pytest.mark.parametrize(
    "models, settings, words",
    [
        ([entry("a", "mine/m"), entry("a", "openai/gpt-4o")], {}, "'a' has deployments of a provider in Python beside others"),
        ([entry("a", "mine/m", rpm=3)], {}, "'a': rpm: a provider in Python has no such limit"),
        ([entry("*", "mine/*")], {}, "has no wildcards"),
        ([entry("a", "mine/m"), entry("a", "mine/n")], {"routing_strategy": "least-busy"}, "by simple-shuffle alone"),
    ],
)
def test_what_a_router_cannot_do_is_refused(patchbay, mine, models, settings, words):
    with pytest.raises(ValueError, match=words.replace("*", r"\*")):
        patchbay.Router(model_list=models, **settings)
