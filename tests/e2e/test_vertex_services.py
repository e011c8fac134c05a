"""Google's services beside Vertex AI, by OpenAI's SDK and at the gateway's routes."""

import base64

import openai
import pytest

from support import answers, canary
from support.gateway import Gateway, config, deployment
from support.records import Log
from support.wire import ask

RANKING = "/v1/projects/p/locations/global/rankingConfigs/default_ranking_config:rank"
GEMINI = "/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash-tts:generateContent"


async def speaks(exchange):
    sound = base64.b64encode(answers.SPEECH).decode()
    if exchange.path != GEMINI:
        return await exchange.answer(200, {"audioContent": sound})
    blob = {"mimeType": "audio/L16;codec=pcm;rate=24000", "data": sound}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 50, "totalTokenCount": 60}
    candidates = [{"content": {"parts": [{"inlineData": blob}]}, "finishReason": "STOP"}]
    await exchange.answer(200, {"candidates": candidates, "usageMetadata": usage})


async def ranks(exchange):
    await exchange.answer(200, {"records": [{"id": "0"}, {"id": "2", "score": 0.25}, {"id": "1", "score": 0.75}]})


async def refuses(exchange):
    said = {"code": 403, "message": "Permission denied on resource project.", "status": "PERMISSION_DENIED"}
    await exchange.answer(403, {"error": said})


async def silent(exchange):
    await exchange.answer(200, {})


def models(upstream) -> list[dict]:
    names = {"chirp": "chirp", "gemini": "gemini-2.5-flash-tts", "ranks": "semantic-ranker-default-004"}
    return [
        deployment(name, "vertex_ai/" + model, upstream.url, "ya29.x", vertex_project="p")
        for name, model in names.items()
    ]


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts.update(speaks=speaks, ranks=ranks, refuses=refuses, silent=silent)
    running = Gateway(tmp_path_factory.mktemp("vertex"), config(*models(upstream)))
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as made:
        yield made


def test_a_voice_of_text_to_speech_speaks(client, upstream):
    answer = client.audio.speech.create(
        model="chirp", voice="echo", input="script:speaks", response_format="mp3", speed=1.5
    )
    assert answer.read() == answers.SPEECH
    assert answer.response.headers["content-type"] == "audio/mpeg"
    sent = upstream.requests[-1]
    assert sent.path == "/v1/text:synthesize"
    assert sent.headers["authorization"] == "Bearer ya29.x"
    assert sent.headers["x-goog-user-project"] == "p"
    assert sent.json == {
        "input": {"text": "script:speaks"},
        "voice": {"name": "en-US-Studio-M", "languageCode": "en-US"},
        "audioConfig": {"audioEncoding": "MP3", "speakingRate": 1.5},
    }


def test_google_s_own_words_go_to_text_to_speech(gateway, upstream):
    voice = {"languageCode": "de-DE", "name": "de-DE-Chirp3-HD-Leda"}
    asked = {"model": "chirp", "input": "<speak>script:speaks</speak>", "voice": voice, "audioConfig": {"pitch": 2}}
    answer = ask(gateway.port, asked, path="/v1/audio/speech")
    assert (answer.status, answer.body) == (200, answers.SPEECH)
    assert upstream.requests[-1].json == {
        "input": {"ssml": asked["input"]},
        "voice": voice,
        "audioConfig": {"pitch": 2, "audioEncoding": "LINEAR16"},
    }


def test_a_model_of_gemini_s_speaks(client, upstream):
    answer = client.audio.speech.create(
        model="gemini", voice="alloy", input="script:speaks", response_format="pcm"
    )
    assert answer.read() == answers.SPEECH
    assert answer.response.headers["content-type"] == "audio/pcm"
    sent = upstream.requests[-1]
    assert sent.path == GEMINI
    voice = sent.json["generationConfig"]["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"]
    assert voice == {"voiceName": "Kore"}


def test_a_speech_costs_by_its_characters_or_by_gemini_s_tokens(start, gateway, upstream, tmp_path):
    log = Log(tmp_path)
    counts = start(config(*models(upstream), **log.sections), env=log.environment)
    for number, model in enumerate(("chirp", "gemini"), 1):
        asked = {"model": model, "input": "script:speaks", "voice": "alloy"}
        assert ask(counts.port, asked, path="/v1/audio/speech").status == 200
        log.records(number)
    costs = {record["model_group"]: round(record["response_cost"] * 1e9) for record in log.records(2)}
    assert costs == {"chirp": len("script:speaks") * 30_000, "gemini": 10 * 500 + 50 * 10_000}


def test_speech_that_cannot_be(client, upstream):
    upstream.clear()
    for model, wanted in (("chirp", "aac"), ("gemini", "mp3")):
        with pytest.raises(openai.BadRequestError, match="response_format"):
            client.audio.speech.create(model=model, voice="alloy", input="Hi", response_format=wanted)
    assert not upstream.requests
    with pytest.raises(openai.PermissionDeniedError, match="Permission denied on resource"):
        client.audio.speech.create(model="chirp", voice="alloy", input="script:refuses")
    for model in ("chirp", "gemini"):
        with pytest.raises(openai.InternalServerError, match="no sound"):
            client.audio.speech.create(model=model, voice="alloy", input="script:silent")


def rank(gateway, query, **more):
    documents = ["Rome", {"title": "France", "text": "Paris"}, "Oslo lies in the north"]
    return ask(gateway.port, {"model": "ranks", "query": query, "documents": documents, **more}, path="/v1/rerank")


def test_a_ranking(gateway, upstream):
    answer = rank(gateway, "script:ranks", top_n=3)
    assert answer.status == 200, answer.body
    assert [(x["index"], x["relevance_score"]) for x in answer.json["results"]] == [(1, 0.75), (2, 0.25), (0, 0)]
    assert not any("document" in x for x in answer.json["results"])
    assert answer.json["meta"]["billed_units"] == {"search_units": 1}
    assert float(answer.headers["x-litellm-response-cost"]) == 0.001
    sent = upstream.requests[-1]
    assert sent.path == RANKING
    assert sent.headers["x-goog-user-project"] == "p"
    assert sent.json == {
        "model": "semantic-ranker-default-004",
        "query": "script:ranks",
        "records": [
            {"id": "0", "title": "Rome", "content": "Rome"},
            {"id": "1", "title": "France", "content": "Paris"},
            {"id": "2", "title": "Oslo lies in", "content": "Oslo lies in the north"},
        ],
        "topN": 3,
        "ignoreRecordDetailsInResponse": True,
    }


def test_a_ranking_with_its_documents(gateway):
    answer = rank(gateway, "script:ranks", return_documents=True, max_tokens_per_doc=9)
    assert answer.headers["x-patchbay-dropped"] == "max_tokens_per_doc"
    told = [x["document"] for x in answer.json["results"]]
    assert told == [{"title": "France", "text": "Paris"}, {"text": "Oslo lies in the north"}, {"text": "Rome"}]


def test_a_ranking_that_cannot_be(gateway, upstream):
    refused = rank(gateway, "script:refuses")
    assert refused.status == 403 and "Permission denied on resource" in refused.json["error"]["message"]
    assert rank(gateway, "script:silent").status == 500
    upstream.clear()
    bad = rank(gateway, "q", documents=["a", 1])
    assert (bad.status, bad.json["error"]["param"]) == (400, "documents[1]")
    assert not upstream.requests
