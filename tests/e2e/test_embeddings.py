"""/v1/embeddings: what OpenAI's SDK asks and gets, and bytes that pass as they are."""

import base64
import json
import os
import random
import struct

import openai
import pytest

from support import answers, canary, paths
from support.answers import EMBEDDING_LIST, embedding_list, told_embeddings
from support.gateway import Gateway, config, deployment
from support.operations import EMBEDDINGS, SPEECH
from support.process import run
from support.records import Log, tokens, told
from support.wire import ask

VECTOR = [0.5, -0.25, 0.125]
MODELS = ("text-embedding-3-small", "lent")


def encoded(numbers) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


async def embed(exchange):
    """A vector for each input, in the encoding that is asked for."""
    asked = exchange.json
    inputs = asked["input"]
    many = isinstance(inputs, list) and inputs and isinstance(inputs[0], str | list)
    vector = VECTOR[: asked.get("dimensions", len(VECTOR))]
    vector = encoded(vector) if asked.get("encoding_format") == "base64" else vector
    found = [vector] * (len(inputs) if many else 1)
    await exchange.answer(200, embedding_list(*found))


@pytest.fixture(scope="module", params=["none", "process"])
def gateway(request, aimock, upstream, tmp_path_factory):
    """The model `m` is at the scripted upstream, others at aimock; the plugin once in a process of its own."""
    upstream.scripts["embed"] = embed
    made = config(
        EMBEDDINGS.deployment(upstream),
        EMBEDDINGS.deployment(upstream, "openai/slashed"),
        SPEECH.deployment(upstream, "voice"),
        *[deployment(name, EMBEDDINGS.model, aimock.url + "/v1", canary.OPENAI) for name in MODELS],
        plugins={"org.patchbay.openai": {"isolation": request.param}},
    )
    running = Gateway(tmp_path_factory.mktemp("embeddings"), made)
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("asked", ["plugs", ["plugs", "jacks"]], ids=["text", "texts"])
def test_the_sdk_with_aimock(client, model, asked):
    answer = client.embeddings.create(model=model, input=asked)
    assert [one.embedding for one in answer.data] == [VECTOR] * (2 if asked[0] == "plugs" else 1)
    assert [one.index for one in answer.data] == list(range(len(answer.data)))
    assert answer.model == model and answer.object == "list"


def test_the_sdk_s_errors_with_aimock(client):
    for asked, expected in (
        ("fail:429", openai.RateLimitError),
        ("fail:500", openai.InternalServerError),
        ("fail:404", openai.NotFoundError),
    ):
        with pytest.raises(expected):
            client.embeddings.create(model=MODELS[0], input=asked)
    with pytest.raises(openai.BadRequestError) as refused:
        client.embeddings.create(model="nobody", input="plugs")
    assert "nobody" in refused.value.message and refused.value.request_id


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("Hello", 1),
        (["a", "b", "c"], 3),
        ([1, 2, 3], 1),
        ([[1, 2], [3]], 2),
        ("", 1),
        (["", "\u20ac\ud83d"], 2),
    ],
    ids=["text", "texts", "tokens", "lists of tokens", "empty", "half a character"],
)
def test_every_kind_of_input_goes_as_it_is(gateway, upstream, asked, count):
    upstream.clear()
    answer = EMBEDDINGS.ask(gateway, "embed", input=asked)
    assert len(answer.json["data"]) == count
    assert upstream.requests[-1].json["input"] == asked


@pytest.mark.parametrize("form", [None, "float", "base64"])
def test_encodings_are_the_upstream_s_business(client, upstream, form):
    """The SDK asks for base64 by itself and decodes it."""
    more = {} if form is None else {"encoding_format": form}
    answer = client.embeddings.create(model="m", input="Hello", user="script:embed", **more)
    assert upstream.requests[-1].json["encoding_format"] == (form or "base64")
    found = answer.data[0].embedding
    assert found == (encoded(VECTOR) if form == "base64" else VECTOR)


def test_dimensions_are_handed_on(client, upstream):
    answer = client.embeddings.create(model="m", input="Hello", dimensions=2, user="script:embed")
    assert answer.data[0].embedding == VECTOR[:2]
    assert upstream.requests[-1].json["dimensions"] == 2


def test_an_answer_is_the_upstream_s_bytes_with_the_client_s_model(gateway):
    answer = EMBEDDINGS.ask(gateway)
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == told_embeddings(EMBEDDING_LIST, "m")


def test_a_large_answer_too(gateway, upstream):
    """100 vectors of 1,536 numbers, about 3 MB, as its upstream wrote them."""
    source = random.Random(7)
    vectors = [[source.uniform(-1, 1) for _ in range(1536)] for _ in range(100)]
    body = json.dumps(embedding_list(*vectors)).encode()

    async def large(exchange):
        await exchange.answer(200, body)

    upstream.scripts["large"] = large
    answer = EMBEDDINGS.ask(gateway, "large")
    assert answer.status == 200
    assert answer.body == told_embeddings(body, "m")


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/openai/deployments/m/embeddings?api-version=2024-10-21", "m"),
        ("/openai/deployments/openai/slashed/embeddings", "openai/slashed"),
        ("/engines/m/embeddings", "m"),
        ("/v1/engines/openai%2Fslashed/embeddings", "openai/slashed"),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_a_path_names_the_model(gateway, upstream, path, model, named):
    body = {"input": "Hello", **({"model": "nobody"} if named else {})}
    answer = ask(gateway.port, body, path=path)
    assert answer.status == 200
    assert answer.json["model"] == model
    assert upstream.requests[-1].json == {"model": "text-embedding-3-small", "input": "Hello"}


def test_the_azure_sdk_finds_its_path(gateway):
    with openai.AzureOpenAI(
        azure_endpoint=gateway.url, api_key=canary.MASTER, api_version="2024-10-21", max_retries=0
    ) as client:
        answer = client.embeddings.create(model="m", input="Hello", user="script:embed")
    assert answer.data[0].embedding == VECTOR and answer.model == "m"


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 7, "total_tokens": 7}, told(7, 0)),
        ({"prompt_tokens": 7}, told(7, 0)),
        ({"total_tokens": 7}, None),
        (None, told(0, 0)),
        ({"prompt_tokens": -1, "total_tokens": 99999999999999999999}, told(0, 0)),
    ],
    ids=["told", "no total", "only the total", "nothing", "absurd"],
)
def test_tokens_are_those_of_the_prompt(recorded, usage, expected):
    async def script(exchange):
        await exchange.answer(200, embedding_list(VECTOR, usage=usage))

    record = recorded(script, operation=EMBEDDINGS)
    if expected is None:
        assert record["total_tokens"] == 7
    else:
        assert tokens(record) == expected
    assert record["metadata"]["usage_estimated"] is False
    assert record["response"]["data"][0]["embedding"] == VECTOR
    assert record["response"]["model"] == "m"


def test_a_request_that_is_too_large_for_a_record_is_called_all_the_same(start, upstream, tmp_path):
    log = Log(tmp_path)
    gateway = start(config(EMBEDDINGS.deployment(upstream), **log.sections), env=log.environment)
    asked = ["word " * 1000] * 1000
    assert EMBEDDINGS.ask(gateway, input=asked, dimensions=5).status == 200
    assert upstream.requests[-1].json["input"] == asked
    (record,) = log.records()
    assert record["status"] == "success" and tokens(record) == told(7, 0)
    assert record["model_parameters"]["dimensions"] == 5
    assert "word word" not in json.dumps(record)


def test_the_node_sdk(gateway):
    env = {"PATH": os.environ["PATH"], "GATEWAY_URL": gateway.url, "GATEWAY_KEY": canary.MASTER}
    program = paths.E2E / "clients" / "embeddings.mjs"
    status, output = run([paths.node(), program], env, paths.NODE_DIR, 60)
    assert status == 0, output
    seen = json.loads(output.splitlines()[-1])
    assert seen["one"] == {"embedding": VECTOR, "model": "m", "usage": {"completion_tokens": 0} | answers.EMBEDDING_USAGE}
    assert seen["list"] == [VECTOR, VECTOR] and seen["float"] == VECTOR
    assert seen["aimock"] == VECTOR
    assert seen["unknown"] == {"name": "BadRequestError", "status": 400}
    assert seen["speech"] == {"type": "audio/mpeg", "size": len(answers.SPEECH)}
