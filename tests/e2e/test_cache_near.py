"""The semantic cache: a question that means nearly the same gets the same answer, if all else is equal."""

import asyncio
import re

import anthropic
import openai
import pytest

from support import answers, canary
from support.gateway import Gateway, config, deployment
from support.metrics import scrape
from support.operations import MESSAGES, RESPONSES
from support.wire import ask

SIZE = 256  # dimensions


def embedding(text: str) -> list[float]:
    """A place for each word: texts are as near as they share words."""
    vector = [0.0] * SIZE
    for word in re.findall(r"[a-z]+", text.lower()):
        vector[sum(ord(c) * 31**i for i, c in enumerate(word)) % SIZE] += 1
    return vector


async def near(exchange):
    if not exchange.path.endswith("/embeddings"):
        return await answers.default(exchange)
    if "slowly" in exchange.json["input"]:
        await asyncio.sleep(30)
    if "broken" in exchange.json["input"]:
        return await exchange.answer(500, answers.openai_error("no"))
    await exchange.answer(200, answers.embedding_list(embedding(exchange.json["input"])))


def semantic(upstream, kind="local-semantic", **sections) -> dict:
    return config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("other", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("vectors", "openai/text-embedding-3-small", upstream.url + "/v1", canary.OPENAI),
        MESSAGES.deployment(upstream, "claude"),
        RESPONSES.deployment(upstream, "thinker"),
        litellm_settings={
            "cache": True,
            "cache_params": {
                "type": kind,
                "similarity_threshold": 0.8,
                "semantic_cache_embedding_model": "vectors",
            },
        },
        **sections,
    )


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["near"] = near
    running = Gateway(tmp_path_factory.mktemp("near"), semantic(upstream))
    yield running
    assert running.stop() == 0


@pytest.fixture(autouse=True)
def fresh(gateway, upstream):
    assert ask(gateway.port, {}, path="/cache/flushall").json == {"status": "success"}
    upstream.clear()


def turns(text: str, **more) -> dict:
    said = {"role": "user", "content": f"script:near {text}"}
    return {"model": "scripted", "messages": [said], **more}


FIRST = "how far away is the moon from the earth"
NEARLY = "how far away is the moon from our earth"
ELSE = "who wrote the tragedy of hamlet"


def asked(upstream, path: str) -> int:
    return sum(one.path.endswith(path) for one in upstream.requests)


def say(gateway, body, path="/v1/chat/completions", key=canary.MASTER):
    answer = ask(gateway.port, body, path=path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status == 200, answer.body
    return answer, answer.headers["x-patchbay-cache"].partition(";")[0]


def test_nearly_the_same_question_gets_the_same_answer(gateway, upstream):
    first, missed = say(gateway, turns(FIRST))
    second, found = say(gateway, turns(NEARLY))
    assert (missed, found) == ("miss", "hit")
    assert first.body == second.body
    assert asked(upstream, "/chat/completions") == 1
    assert asked(upstream, "/embeddings") == 2
    assert "x-litellm-semantic-similarity" not in first.headers
    assert 0.8 <= float(second.headers["x-litellm-semantic-similarity"]) < 1
    assert float(second.headers["x-litellm-response-cost"]) == 0
    # What is told is the key of the answer, so that it can be deleted.
    assert second.headers["x-litellm-cache-key"] == first.headers["x-litellm-cache-key"]
    key = second.headers["x-litellm-cache-key"]
    assert ask(gateway.port, {"keys": [key]}, path="/cache/delete").status == 200
    assert say(gateway, turns(NEARLY))[1] == "miss"


def test_the_very_same_question_needs_no_embedding(gateway, upstream):
    say(gateway, turns(FIRST))
    before = asked(upstream, "/embeddings")
    answer, found = say(gateway, turns(FIRST))
    assert found == "hit" and "x-litellm-semantic-similarity" not in answer.headers
    assert asked(upstream, "/embeddings") == before


def test_another_question_is_asked_of_the_provider(gateway, upstream):
    say(gateway, turns(FIRST))
    assert say(gateway, turns(ELSE))[1] == "miss"
    assert asked(upstream, "/chat/completions") == 2


def history(*texts) -> list:
    roles = ["user", "assistant"]
    return [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)]


TOOL = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {}}}


@pytest.mark.parametrize(
    "other",
    [
        {"model": "other"},
        {"temperature": 0.1},
        {"tools": [TOOL]},
        {"messages": [{"role": "system", "content": "Rhyme."}, *turns(NEARLY)["messages"]]},
        {"messages": [*history("Hi there", "Yes, hello"), *turns(NEARLY)["messages"]]},
        {"messages": [*turns(NEARLY)["messages"], {"role": "assistant", "content": "It is"}]},
    ],
    ids=["model", "parameter", "tools", "system", "history", "no-question"],
)
def test_what_differs_elsewhere_is_never_near(gateway, upstream, other):
    say(gateway, turns(FIRST))
    assert say(gateway, {**turns(NEARLY), **other})[1] == "miss"
    assert asked(upstream, "/chat/completions") == 2


def test_a_stream_finds_what_was_whole_and_the_other_way_round(gateway, upstream):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:
        whole = client.chat.completions.create(**turns(FIRST)).choices[0].message.content
        stream = client.chat.completions.create(**turns(NEARLY), stream=True)
        said = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
        assert said == whole
        again = list(client.chat.completions.create(**turns(ELSE), stream=True))
        assert len(again) > 2
        whole = client.chat.completions.create(**turns("who wrote this tragedy of hamlet"))
        assert whole.id == again[0].id
    assert asked(upstream, "/chat/completions") == 2


def test_every_api_has_it(gateway, upstream):
    with anthropic.Anthropic(
        base_url=f"http://127.0.0.1:{gateway.port}", api_key=canary.MASTER, max_retries=0
    ) as client:
        made = [
            client.messages.create(max_tokens=9, **{**turns(text), "model": "claude"})
            for text in (FIRST, NEARLY)
        ]
        assert made[0].id == made[1].id
    assert asked(upstream, "/messages") == 1


@pytest.mark.parametrize("trouble", ["slowly", "broken"])
def test_embeddings_that_fail_or_are_late_are_a_miss(gateway, upstream, trouble):
    answer, missed = say(gateway, turns(f"{trouble} {FIRST}"))
    assert missed == "miss" and answer.json["choices"][0]["message"]["content"]
    assert say(gateway, turns(f"{trouble} {FIRST}"))[1] == "hit", "the very same is found still"


def test_a_key_pays_for_embeddings_whose_model_it_may_not_ask(start, upstream, tmp_path):
    upstream.scripts["near"] = near
    gateway = start(
        semantic(upstream, general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db"}),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )
    made = ask(gateway.port, {"models": ["scripted"], "rpm_limit": 2}, path="/key/generate")
    key = made.json["key"]
    assert say(gateway, turns(FIRST), key=key)[1] == "miss"
    assert say(gateway, turns(NEARLY), key=key)[1] == "hit", "its rate is that of its own calls"
    body = {"model": "vectors", "input": "x"}
    refused = ask(
        gateway.port, body, path="/v1/embeddings", headers={"Authorization": f"Bearer {key}"}
    )
    assert refused.status in (401, 403)
    counted = [name for name in scrape(gateway) if "text-embedding-3-small" in str(name)]
    assert counted, "metrics know the embeddings"
