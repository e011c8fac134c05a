"""What a provider's plugin leaves out of a request is named to the client; streams of pictures."""

import pytest

from support import canary, paths
from support.answers import streamed
from support.gateway import Gateway, config, deployment
from support.process import eventually
from support.records import Log
from support.responses import says
from support.wire import ask, sse

both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
CHAT = "/v1/chat/completions"
HI = [{"role": "user", "content": "script:default"}]


@pytest.fixture(scope="module")
def running(upstream, tmp_path_factory):
    base = upstream.url + "/v1"
    upstream.scripts["says"] = says
    log = Log(tmp_path_factory.mktemp("dropped-log"))
    made = [
        deployment("m", "openai/gpt-4o", base, canary.OPENAI),
        deployment("thinks", "openai/gpt-5", base, canary.OPENAI),
        deployment("compatible", "groq/llama-3", base, canary.OPENAI),
        deployment("draws", "openai/gpt-image-1", base, canary.OPENAI),
    ]
    gateway = Gateway(
        tmp_path_factory.mktemp("dropped"), config(*made, **log.sections), env=log.environment
    )
    yield gateway, log
    assert gateway.stop() == 0


def sent_and_dropped(running, upstream, path, body):
    gateway, _ = running
    upstream.clear()
    answer = ask(gateway.port, body, path=path)
    assert answer.status == 200, answer.body
    (request,) = upstream.requests
    return request.json, answer.headers.get("x-patchbay-dropped", "")


@both
def test_a_hint_of_another_api(running, upstream, stream):
    body = {"model": "m", "max_tokens": 9, "messages": HI, "top_k": 5, "stream": stream}
    sent, dropped = sent_and_dropped(running, upstream, "/v1/messages", body)
    assert "top_k" not in sent
    assert dropped == "top_k"


@both
def test_who_the_user_is(running, upstream, stream):
    body = {"model": "compatible", "messages": HI, "user": "u", "stream": stream}
    sent, dropped = sent_and_dropped(running, upstream, CHAT, body)
    assert "user" not in sent
    assert dropped == "user"


def test_what_is_dropped_because_it_was_asked_for(running, upstream):
    more = {"drop_params": True, "temperature": 0.2}
    sent, dropped = sent_and_dropped(
        running, upstream, CHAT, {"model": "thinks", "messages": HI, **more}
    )
    assert "temperature" not in sent
    assert dropped == "temperature"
    body = {"model": "thinks", "input": "script:says", **more}
    sent, dropped = sent_and_dropped(running, upstream, "/v1/responses", body)
    assert "temperature" not in sent
    assert dropped == "temperature"


def test_nothing_is_named_if_nothing_is_lost(running, upstream):
    body = {"model": "m", "messages": HI, "user": "u", "n": 1, "temperature": None}
    sent, dropped = sent_and_dropped(running, upstream, CHAT, body)
    assert sent["user"] == "u"
    assert dropped == ""


def test_a_stream_of_pictures(running, upstream):
    events = [
        (
            "image_generation.partial_image",
            {"type": "image_generation.partial_image", "b64_json": "eA=="},
        ),
        (
            "image_generation.completed",
            {
                "type": "image_generation.completed",
                "b64_json": "eA==",
                "usage": {"input_tokens": 10, "output_tokens": 272, "total_tokens": 282},
            },
        ),
    ]
    upstream.scripts["pictures"] = streamed(*events)
    gateway, log = running
    body = {"model": "draws", "prompt": "script:pictures", "stream": True, "partial_images": 1}
    answer = ask(gateway.port, body, path="/v1/images/generations")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.body.count(b"event: image_generation.") == 2
    assert len(sse(answer.body)) >= 2
    record = eventually(
        lambda: next((r for r in log.records() if r["model_group"] == "draws"), None),
        paths.deadline(10),
    )
    assert (record["prompt_tokens"], record["completion_tokens"]) == (10, 272)
