"""Many streams at once: an upstream and a client, each a process of its own, that agree on every stream's text.

    python -m support.load upstream                      prints `ready: URL`, serves until terminated
    python -m support.load client URL STREAMS SECONDS    prints one JSON object

The text of a stream follows from its seed, so the client knows what the upstream sent.
"""

import asyncio
import json
import random
import signal
import sys
import time

from . import answers, canary

ALPHABET = 'abcdefghijklmnopqrstuvwxyz \n"\\/\u00e9\u4e2d\U0001f50c\u2028\t'


def texts(seed: int) -> list[str]:
    """The pieces of the stream with this seed: 20 to 60, one in ten of them long."""
    source = random.Random(seed)
    return [
        "".join(source.choices(ALPHABET, k=source.choice([1, 3, 8, 8, 8, 8, 20, 20, 50, 2000])))
        for _ in range(source.randint(20, 60))
    ]


async def stream(exchange):
    """Sends the stream of the request's seed, unevenly: bursts, pauses, events cut anywhere."""
    seed = exchange.number
    source = random.Random(f"pace {seed}")
    said = texts(seed)
    if answers.is_messages(exchange):
        events = [
            f"event: {name}\ndata: {json.dumps(value)}\n\n"
            for name, value in answers.message_events(said)
        ]
    else:
        values = [answers.piece(text) for text in said] + [answers.piece(finish="stop")]
        events = [f"data: {json.dumps(value)}\n\n" for value in values] + ["data: [DONE]\n\n"]
    await exchange.start_stream()
    rest = b""
    for event in events:
        rest += event.encode()
        if source.random() < 0.8:
            cut = source.randint(1, len(rest))
            await exchange.chunk(rest[:cut])
            rest = rest[cut:]
            await asyncio.sleep(source.choice([0, 0, 0.02, 0.05, 0.2]))
    if rest:
        await exchange.chunk(rest)
    await exchange.finish()


def upstream():
    from .upstream import Upstream

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    server = Upstream({"default": answers.default, "load": stream})
    print("ready:", server.url, flush=True)
    signal.sigwait({signal.SIGTERM})


async def one(reader, writer, model: str, seed: int) -> str | None:
    """Asks for one stream on a kept-alive connection; what is wrong with it, or None."""
    body = json.dumps(
        {
            "model": model,
            "stream": True,
            "messages": [{"role": "user", "content": f"script:load {seed}"}],
        }
    ).encode()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
        % (canary.MASTER.encode(), len(body), body)
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return f"seed {seed}: {head[:60]!r}"
    data = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        data += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    events = [event.removeprefix("data: ") for event in data.decode().split("\n\n")[:-1]]
    if not events or events[-1] != "[DONE]":
        return f"seed {seed}: ends with {events[-1:]}"
    got = [json.loads(event) for event in events[:-1]]
    if any("error" in value for value in got):
        return f"seed {seed}: {got[-1]}"
    said = [value["choices"][0]["delta"].get("content") or "" for value in got if value["choices"]]
    if "".join(said) != "".join(texts(seed)):
        return f"seed {seed}: other text"
    if [value["choices"][0]["finish_reason"] for value in got if value["choices"]][-1] != "stop":
        return f"seed {seed}: no finish reason"
    return None


async def client(port: int, streams: int, seconds: float) -> dict:
    until = time.monotonic() + seconds
    wrong: list[str] = []
    finished = 0

    async def worker(number: int):
        nonlocal finished
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        source = random.Random(number)
        while time.monotonic() < until:
            seed = source.randrange(1 << 30)
            model = "scripted-claude" if number % 3 == 0 else "scripted"
            try:
                problem = await asyncio.wait_for(one(reader, writer, model, seed), 120)
            except (
                asyncio.IncompleteReadError,
                ConnectionError,
                TimeoutError,
                ValueError,
                KeyError,
            ) as error:
                problem = f"seed {seed}: {error!r}"
            if problem:
                wrong.append(problem)
                break
            finished += 1
        writer.close()

    await asyncio.gather(*[worker(number) for number in range(streams)])
    return {"finished": finished, "wrong": wrong[:20], "wrong_count": len(wrong)}


if __name__ == "__main__":
    if sys.argv[1] == "upstream":
        upstream()
    else:
        address = sys.argv[2].rsplit(":", 1)[1]
        print(json.dumps(asyncio.run(client(int(address), int(sys.argv[3]), float(sys.argv[4])))))
