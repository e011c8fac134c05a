"""Providers that fail three times in ten, in every way they have: no client notices.

Seeded: the same number of a call fails in the same way at the same attempt.
"""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import answers, canary, paths
from support.gateway import config, deployment
from support.records import Log
from support.surfaces import Chat, Messages, Responses
from support.wire import Wire, request

CALLS = 5000
CLIENTS = 24
NAMES = ("red", "green", "blue")
SURFACES = (Chat(), Messages(), Responses())


async def broken(exchange):
    await exchange.answer(500, answers.openai_error("internal"))


async def overloaded(exchange):
    await exchange.answer(503, answers.openai_error("overloaded"))


async def limited(exchange):
    error = answers.openai_error("slow down", "rate_limit_error", "rate_limit_exceeded")
    await exchange.answer(429, error, [("retry-after", "1")])


async def garbled(exchange):
    """Half of an answer, or of the first event."""
    if not exchange.json.get("stream"):
        return await exchange.answer(200, b'{"id":"chatcmpl-1","choices":[{"mess')
    await exchange.start_stream()
    await exchange.chunk(b'data: {"id":"chatcmpl-1","choi\n\n')
    await exchange.finish()


async def cut_early(exchange):
    """A stream that ends behind events that say nothing; a whole answer that ends inside its body."""
    if exchange.json.get("stream"):
        await exchange.start_stream()
        role = answers.piece()
        role["choices"][0]["delta"] = {"role": "assistant", "content": ""}
        await exchange.event(role)
    else:
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{")
    exchange.cut()


FAULTS = [broken] * 8 + [overloaded] * 6 + [garbled] * 6 + [cut_early] * 8 + [limited] * 2


class Provider:
    """Fails with the seed's will; counts what it was asked and what it answered."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.attempts = {}
        self.good = 0
        self.failed = 0

    async def __call__(self, exchange):
        number = exchange.number
        attempt = self.attempts[number] = self.attempts.get(number, 0) + 1
        luck = random.Random(f"{number} {attempt}")
        if luck.random() < 0.3:
            self.failed += 1
            return await luck.choice(FAULTS)(exchange)
        self.good += 1
        words = [f"{number}:", " one", " two", " three"]
        if not exchange.json.get("stream"):
            return await exchange.answer(200, answers.completion("".join(words)))
        await exchange.start_stream()
        for word in words:
            await exchange.event(answers.piece(word))
        await exchange.event(answers.piece(finish="stop"))
        await exchange.event(answers.usage_piece())
        await exchange.event("[DONE]")
        await exchange.finish()
        await asyncio.sleep(0)


@pytest.mark.load
@pytest.mark.timeout(400)
def test_a_third_of_all_attempts_fails_and_no_client_notices(start, upstream, tmp_path):
    provider = Provider(7)
    upstream.scripts["chaos"] = provider
    log = Log(tmp_path)
    settings = {"cooldown_time": 0.2, "disable_cooldowns": False}
    gateway = start(
        config(
            *(
                deployment("m", f"openai_like/{name}", upstream.url + "/v1", canary.OPENAI)
                for name in NAMES
            ),
            num_retries=5,
            router_settings=settings,
            **log.sections,
        ),
        env=log.environment,
        workers=2,
    )

    def client(index):
        failures = []
        with Wire(gateway.port, paths.deadline(240)) as wire:
            for number in range(index, CALLS, CLIENTS):
                stream = number % 2 == 0
                surface = SURFACES[number % len(SURFACES)]
                body = surface.body("text", f"script:chaos {number}") | {"model": "m", "stream": stream}
                if stream and isinstance(surface, Chat):
                    body["stream_options"] = {"include_usage": True}
                wire.send(request(body, path=surface.path))
                answer = wire.answer()
                if answer.status != 200:
                    failures.append((number, answer.status, answer.body[:200]))
                    continue
                assert answer.complete
                said, _, _ = surface.read(answer, stream)
                assert (said.text, said.end) == (f"{number}: one two three", "stop"), number
        return failures

    with ThreadPoolExecutor(CLIENTS) as pool:
        failures = [failure for found in pool.map(client, range(CLIENTS)) for failure in found]
    assert len(failures) <= CALLS / 1000, failures
    assert provider.failed > 0.25 * (provider.failed + provider.good)

    records = log.records(CALLS)
    assert len(records) == CALLS
    assert len({record["id"] for record in records}) == CALLS
    attempts = [len(record["metadata"].get("attempts") or [None]) for record in records]
    assert sum(attempts) == provider.failed + provider.good, "an entry for every attempt"
    total = sum(record["total_tokens"] for record in records)
    assert total == provider.good * answers.USAGE["total_tokens"], "usage is counted once"
