"""Seeded garbage from both sides: the process lives, every answer is well-formed, nothing stays behind.

PATCHBAY_E2E_GARBAGE (10000) is the number of requests; a tenth of it is the number of upstream answers.
PATCHBAY_E2E_SEED chooses another run.
"""

import asyncio
import json
import os
import random

import pytest

from support import answers, mutate, paths
from support.process import eventually
from support.wire import Ended, Recorded, ask, chat, request

pytestmark = [pytest.mark.load, pytest.mark.timeout(1800)]

COUNT = int(os.environ.get("PATCHBAY_E2E_GARBAGE", "10000"))
SEED = int(os.environ.get("PATCHBAY_E2E_SEED", "1"))
AT_ONCE = 48
TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
FULL = {
    "temperature": 0.5,
    "max_tokens": 10,
    "tools": TOOLS,
    "tool_choice": "auto",
    "stop": ["x"],
    "n": 1,
    "response_format": {"type": "json_object"},
    "user": "u",
    "metadata": {"a": "b"},
    "seed": 1,
}


def mutated_request(number: int) -> bytes:
    source = random.Random(f"{SEED} request {number}")
    body = chat(model=source.choice(["scripted", "scripted-claude"]), stream=source.random() < 0.5)
    if source.random() < 0.5:
        body.update(FULL)
    kind = source.randrange(4)
    if kind == 0:
        for _ in range(source.randint(1, 3)):
            body = mutate.json_value(source, body)
            if not isinstance(body, dict):
                break
        return request(body)
    if kind == 1:
        return request(mutate.raw(source, json.dumps(body).encode()))
    if kind == 2:
        return mutate.head(source, request(body))
    return mutate.raw(source, request(body))


async def exchange(port: int, data: bytes) -> tuple[bytes, bool]:
    """Sends, reads until an answer is whole or the peer has been quiet; then half-closes and reads to the end.

    Returns what came and whether it was cut short by our own half-close.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    half_closed = False
    try:
        writer.write(data)
        while True:
            try:
                piece = await asyncio.wait_for(
                    reader.read(65536), 0.25 if not half_closed else paths.deadline(15)
                )
            except TimeoutError:
                if half_closed:
                    raise AssertionError(f"hangs: {data[:300]!r}... got {got[:200]!r}") from None
                half_closed = True
                writer.write_eof()
                continue
            if not piece:
                break
            got += piece
    except ConnectionError:
        half_closed = True
    finally:
        writer.close()
    return got, half_closed


def check_answers(got: bytes, may_be_cut: bool) -> list[int]:
    """Every answer in `got`; fails on what is not HTTP, or not an error object, or not a completion."""
    recorded, statuses = Recorded(got), []
    while True:
        try:
            answer = recorded.answer()
        except Ended:
            return statuses
        statuses.append(answer.status)
        if not answer.complete:
            assert may_be_cut and not recorded.data, got[:500]
            return statuses
        kind = answer.headers.get("content-type", "")
        if answer.status >= 400:
            assert answer.error, got[:500]
        elif kind.startswith("text/event-stream"):
            for event in answer.events:
                assert event == "[DONE]" or isinstance(json.loads(event), dict), event
        elif kind.startswith("application/json"):
            assert answer.json, got[:500]


FAULTS = (AssertionError, ValueError, KeyError, TypeError, TimeoutError)


def all_of(count: int, work) -> dict[int, int]:
    """Runs work(number), which returns statuses, for every number: how often each status came.

    Fails with the first few of all faults, so that one of them does not hide the others.
    """
    numbers = iter(range(count))
    counts: dict[int, int] = {}
    faults: list[str] = []

    async def worker():
        for number in numbers:
            try:
                statuses = await work(number)
            except FAULTS as error:
                faults.append(f"{number}: {str(error) or repr(error)}")
                continue
            for status in statuses or [0]:
                counts[status] = counts.get(status, 0) + 1

    async def run():
        await asyncio.gather(*[worker() for _ in range(AT_ONCE)])

    asyncio.run(run())
    shown = "\n\n".join(fault[:2500] for fault in faults[:8])
    assert not faults, f"{len(faults)} of {count} (seed {SEED}):\n{shown}"
    print("answers by status (0: closed without one):", dict(sorted(counts.items())))
    return counts


def settled(gateway, files, memory):
    eventually(lambda: gateway.open_files() <= files + AT_ONCE + 5, paths.deadline(30))
    assert gateway.running()
    assert paths.SANITIZED or gateway.rss() < memory + (64 << 20)
    assert ask(gateway.port, chat()).status == 200


def test_mutated_requests(gateway):
    async def work(number):
        data = mutated_request(number)
        try:
            return check_answers(*await exchange(gateway.port, data))
        except FAULTS as error:
            raise AssertionError(f"{data[:800]!r}\n{error!r}") from error

    all_of(200, work)
    files, memory = gateway.open_files(), gateway.rss()
    counts = all_of(COUNT, work)
    assert counts.get(200, 0) > COUNT / 50 and counts.get(400, 0) > COUNT / 50
    settled(gateway, files, memory)


def honest_answer(model: str, stream: bool) -> bytes:
    """What a good upstream would send, as bytes of HTTP."""
    if stream:
        if model == "scripted-claude":
            events = [
                f"event: {name}\ndata: {json.dumps(value)}\n\n"
                for name, value in answers.message_events(["Hello", " there"])
            ]
        else:
            values = [answers.piece("Hello"), answers.piece(" there"), answers.piece(finish="stop")]
            events = [f"data: {json.dumps(value)}\n\n" for value in values] + ["data: [DONE]\n\n"]
        body = "".join(f"{len(event):x}\r\n{event}\r\n" for event in events) + "0\r\n\r\n"
        return (
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + body
        ).encode()
    body = json.dumps(answers.message() if model == "scripted-claude" else answers.completion())
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def mutated_answer(number: int, model: str, stream: bool) -> bytes:
    source = random.Random(f"{SEED} answer {number}")
    data = honest_answer(model, stream)
    kind = source.randrange(3)
    if kind == 0 and not stream:
        head, _, body = data.partition(b"\r\n\r\n")
        changed = json.dumps(mutate.json_value(source, json.loads(body))).encode()
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(changed)}\r\n\r\n".encode()
            + changed
        )
    if kind == 1:
        return mutate.head(source, data)
    return mutate.raw(source, data)


def test_mutated_upstream_answers(gateway, upstream):
    async def garbage(exchange_):
        model = "scripted-claude" if answers.is_messages(exchange_) else "scripted"
        stream = bool(exchange_.json.get("stream"))
        await exchange_.send(mutated_answer(exchange_.number, model, stream))
        exchange_.close()

    upstream.scripts["garbage"] = garbage

    async def work(number):
        body = chat(model=["scripted", "scripted-claude"][number % 2], stream=number % 4 >= 2)
        body["messages"][0]["content"] = f"script:garbage {number}"
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(request(body, headers={"Connection": "close"}))
        try:
            got = await asyncio.wait_for(reader.read(-1), paths.deadline(20))
            statuses = check_answers(got, False)
            assert len(statuses) == 1, got
            return statuses
        except FAULTS as error:
            sent = mutated_answer(number, body["model"], body["stream"])
            raise AssertionError(f"{sent[:1500]!r}\n{error!r}") from error
        finally:
            writer.close()

    all_of(100, work)
    files, memory = gateway.open_files(), gateway.rss()
    counts = all_of(max(COUNT // 10, 100), work)
    assert counts.get(200, 0) and any(status >= 500 for status in counts)
    settled(gateway, files, memory)
