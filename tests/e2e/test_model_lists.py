"""The list of models in the words of the API that asks: OpenAI's, Anthropic's, Google's SDKs, unmodified."""

import anthropic
import httpx
import openai
import pytest
from google.genai import errors

from support import canary
from support.gateway import config, deployment
from support.gemini import client as gemini_client


@pytest.fixture
def gateway(start, upstream):
    address = upstream.url + "/v1"
    return start(
        config(
            deployment("chat", "openai/gpt-4o", address, canary.OPENAI),
            deployment("house/small", "openai/house", address, canary.OPENAI),
            deployment("vectors", "openai/text-embedding-3-small", address, canary.OPENAI),
            router_settings={"fallbacks": [{"chat": ["house/small"]}]},
        )
    )


NAMES = ["chat", "house/small", "vectors"]


def test_openais_sdk_lists_and_retrieves(gateway):
    client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0)
    assert [model.id for model in client.models.list()] == NAMES
    assert client.models.retrieve("house/small").id == "house/small"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody")


def test_anthropics_sdk_lists_and_retrieves(gateway):
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:
        listed = list(client.models.list())
        assert [model.id for model in listed] == NAMES
        assert {model.type for model in listed} == {"model"}
        assert listed[0].display_name == "chat" and listed[0].created_at.year == 2023
        assert client.models.retrieve("chat").id == "chat"
        with pytest.raises(anthropic.NotFoundError) as refused:
            client.models.retrieve("nobody")
    assert refused.value.body["type"] == "error"
    assert refused.value.body["error"]["type"] == "not_found_error"


def test_googles_sdk_lists_and_retrieves(gateway):
    client = gemini_client(gateway.url)
    listed = list(client.models.list(config={"query_base": True}))
    assert [model.name for model in listed] == ["models/" + name for name in NAMES]
    assert listed[0].input_token_limit == 128000
    assert listed[0].supported_actions == ["generateContent", "countTokens"]
    assert not listed[2].supported_actions
    assert client.models.get(model="chat").name == "models/chat"
    with pytest.raises(errors.ClientError) as refused:
        client.models.get(model="nobody")
    assert refused.value.code == 404 and refused.value.status == "NOT_FOUND"


def test_a_list_in_any_words_wants_a_key(gateway):
    for path, headers in (
        ("/v1/models", {}),
        ("/v1/models", {"anthropic-version": "2023-06-01"}),
        ("/v1beta/models", {}),
    ):
        assert httpx.get(gateway.url + path, headers=headers).status_code == 401


def test_fallbacks_and_abilities_are_told(gateway):
    ask = httpx.Client(base_url=gateway.url, headers={"Authorization": f"Bearer {canary.MASTER}"})
    listed = ask.get("/v1/models", params={"include_metadata": "true"}).json()["data"]
    assert [model["metadata"]["fallbacks"] for model in listed] == [["house/small"], [], []]
    info = {one["model_name"]: one["model_info"] for one in ask.get("/model/info").json()["data"]}
    assert info["chat"]["supports_vision"] and info["chat"]["key"] == "gpt-4o"
    assert "supports_vision" not in info["house/small"]
    groups = {one["model_group"]: one for one in ask.get("/model_group/info").json()["data"]}
    assert groups["chat"]["supports_function_calling"] is True
    assert groups["house/small"]["supports_function_calling"] is False
