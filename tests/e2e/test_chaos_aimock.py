"""Three aimock servers of three APIs that fail in a quarter of all attempts by luck: no client notices, and the
books agree with the servers' own journals.

Luck is aimock's and not seeded, so the test prints what it met. Streams are cut where they have said nothing yet: what
was told to a client cannot be asked of somebody else (docs/streams.md). A request that a kept connection loses at once,
before a byte of an answer, is sent once more within its attempt (BAY_HTTP_REPEATABLE), so servers that hang up so see
more requests than the books have attempts. test_chaos.py, whose upstream always says something first, holds the two
equal.
"""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import canary, paths
from support.aimock import Aimock
from support.books import check
from support.gateway import config, deployment
from support.surfaces import Chat, Messages, Responses
from support.wire import Wire, request

CALLS = 5000
CLIENTS = 48
#: One call in so many is a stream that each server cuts behind its first event when it is first asked for it.
CUT_EVERY = 16
SURFACES = (Chat(), Messages(), Responses())
#: name -> (model of the deployment, does aimock answer there with Anthropic's API)
LANES = {
    "red": ("openai/gpt-4o", False),
    "green": ("anthropic/claude-sonnet-4-5", True),
    "blue": ("openai_like/gpt-4o", False),
}
CHAOS = {"drop": 0.10, "malformed": 0.06, "disconnect": 0.06, "ratelimit": 0.02, "latency": 2}
TOPICS = 12
PROMPT, COMPLETION = 21, 14


def said(topic: int) -> str:
    """What is answered: other words for each topic, in many pieces, none of them twice."""
    return " ".join(f"{topic}-{word}" for word in range(40)) + "."


def text(number: int) -> str:
    cut = f" cut {number:05}" if number % CUT_EVERY == 0 else ""
    return f"topic {number % TOPICS:02}{cut}"


def fixtures(anthropic: bool) -> dict:
    usage = {"prompt_tokens": PROMPT, "completion_tokens": COMPLETION, "total_tokens": PROMPT + COMPLETION}
    if anthropic:
        usage = {"input_tokens": PROMPT, "output_tokens": COMPLETION}
    answers = [{"response": {"content": said(topic), "usage": usage}} for topic in range(TOPICS)]
    cut = [
        {"match": {"userMessage": text(n), "sequenceIndex": 0}, **answers[n % TOPICS], "truncateAfterChunks": 1}
        for n in range(0, CALLS, CUT_EVERY)
    ]
    whole = [{"match": {"userMessage": text(topic)[:8]}, **answers[topic]} for topic in range(TOPICS)]
    return {"fixtures": cut + whole}


@pytest.fixture
def lanes(tmp_path):
    servers = {}
    for name, (_, anthropic) in LANES.items():
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(fixtures(anthropic)))
        servers[name] = Aimock(file, CHAOS)
    yield servers
    for server in servers.values():
        server.stop()


def ask_all(port: int) -> list:
    """Every call on every surface, whole and streamed by turns; those that failed. A wrong text is an error."""

    def client(index):
        failures = []
        with Wire(port, paths.deadline(240)) as wire:
            for number in range(index, CALLS, CLIENTS):
                stream, topic = number % 2 == 0, number % TOPICS
                surface = SURFACES[(number // 2) % len(SURFACES)]
                body = surface.body("text", text(number)) | {"model": "m", "stream": stream}
                if stream and isinstance(surface, Chat):
                    body["stream_options"] = {"include_usage": True}
                wire.send(request(body, path=surface.path))
                answer = wire.answer()
                if answer.status != 200:
                    failures.append((number, answer.status, answer.body[:200]))
                    continue
                assert answer.complete, number
                told, usage, _ = surface.read(answer, stream)
                assert (told.text, told.end) == (said(topic), "stop"), (number, surface.name, stream)
                assert usage[:2] == (PROMPT, COMPLETION), (number, surface.name, stream, usage)
        return failures

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [failure for found in pool.map(client, range(CLIENTS)) for failure in found]


@pytest.mark.load
@pytest.mark.timeout(500)
def test_no_client_notices_and_the_books_agree_with_the_servers(start, books, lanes, tmp_path):
    entries = [
        deployment(
            "m", model, lanes[name].url + ("" if anthropic else "/v1"), canary.ANTHROPIC if anthropic else canary.OPENAI
        )
        for name, (model, anthropic) in LANES.items()
    ]
    gateway = start(
        config(
            *entries,
            num_retries=5,
            router_settings={"cooldown_time": 0.2},
            general_settings={"database_url": books.url},
        ),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        workers=2,
    )
    failures = ask_all(gateway.port)
    assert gateway.stop() == 0

    journals = [line for server in lanes.values() for line in server.journal()]
    faults = [line for line in journals if line["response"].get("chaosAction")]
    cut = [line for line in journals if line["response"].get("interrupted")]
    good = len(journals) - len(faults) - len(cut)
    silent = len(cut) + sum(line["response"]["chaosAction"] == "disconnect" for line in faults)
    ((attempts, prompt, completion),) = books.query(
        "SELECT COUNT(*), CAST(SUM(prompt) AS BIGINT), CAST(SUM(completion) AS BIGINT) FROM entry"
    )
    ((calls,),) = books.query("SELECT COUNT(DISTINCT client_call) FROM entry")
    share = (len(faults) + len(cut)) / len(journals)
    print(
        f"{books.kind}: {CALLS} calls, {len(failures)} failed; servers: {len(journals)} attempts, "
        f"{len(faults)} faults, "
        f"{len(cut)} cut, {silent} without a byte, {share:.1%} not good; books: {attempts} attempts of {calls} calls"
    )
    assert share > 0.22
    assert len(failures) <= CALLS / 1000, failures
    assert calls == CALLS
    assert len(journals) - silent <= attempts <= len(journals), "an entry for every attempt"
    assert (prompt, completion) == (good * PROMPT, good * COMPLETION), "usage is counted once"
    assert check(books)[0] == 0
