"""One measurement of one Python client library, in a process of its own: client_subject.py LIBRARY WHAT BASE COUNT

LIBRARY is patchbay, litellm or liter_llm; WHAT is `load` (the import and the first call), `calls` (COUNT calls one after
the other) or `streams` (COUNT streamed calls at once). BASE is the address of patchbay_bench_upstream. Prints a JSON
object; tests/bench/clients.py starts this and says what the figures mean.
"""

import asyncio
import gc
import importlib
import json
import os
import resource
import sys
import time

ASK = [{"role": "user", "content": "How far off is the light of a lighthouse seen?"}]
EVENTS = 32
#: Between two events of a stream; all streams are open before the first of them ends.
SPACING_US = 100_000


class LiteLlm:
    """LiteLLM, and what has its names."""

    def __init__(self, name, base):
        self.library = importlib.import_module(name)
        self.base = base
        self.library.suppress_debug_info = True

    def mock(self):
        return self.library.completion(model="openai/gpt-4o", messages=ASK, mock_response="a mile")

    def prepare(self):
        """What one call needs that all share."""

    async def ask(self):
        whole = await self.library.acompletion(
            model="openai/gpt-4o", messages=ASK, api_key="sk-bench", api_base=self.base + "/v1"
        )
        return str(whole.choices[0].message.content)

    async def stream(self, path):
        pieces = await self.library.acompletion(
            model="openai/gpt-4o", messages=ASK, api_key="sk-bench", api_base=self.base + path, stream=True
        )
        async for piece in pieces:
            yield piece.choices[0].delta.content


class LiterLlm:
    """liter-llm: a client for each address, which all calls share. It has no mocks."""

    mock = None

    def __init__(self, name, base):
        self.library = importlib.import_module(name)
        self.options = importlib.import_module(name + ".options")
        self.base = base
        self.clients = {}

    def prepare(self):
        ask = self.library.Message.from_user({"content": ASK[0]["content"]})
        self.request = self.options.ChatCompletionRequest(model="openai/gpt-4o", messages=[ask])

    def client(self, path):
        if path not in self.clients:
            self.clients[path] = self.library.create_client("sk-bench", base_url=self.base + path)
        return self.clients[path]

    async def ask(self):
        whole = await self.library.chat(self.client("/v1"), self.request)
        return str(whole.choices[0].message.content)

    async def stream(self, path):
        async for piece in self.library.chat_stream(self.client(path), self.request):
            yield piece.choices[0].delta.content if piece.choices else None


def memory_kb():
    """Resident: what has been touched of the process's memory and of its libraries."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def made(name, base):
    return (LiterLlm if name == "liter_llm" else LiteLlm)(name, base)


def load(name, base, _):
    before, begin = memory_kb(), time.perf_counter()
    subject = made(name, base)
    imported = time.perf_counter() - begin
    after = memory_kb()
    subject.prepare()
    asyncio.run(subject.ask())
    return {
        "import_ms": imported * 1e3,
        "import_kb": after - before,
        "first_ms": (time.perf_counter() - begin) * 1e3,
        "first_kb": memory_kb() - before,
    }


def calls(name, base, count):
    """Microseconds of the quickest of ten rounds, with the processor's time of the whole process beside it."""
    subject = made(name, base)
    subject.prepare()
    facts = {"mock_us": None}
    if subject.mock:
        subject.mock()
        facts["mock_us"] = min(_mocks(subject, count) for _ in range(10))

    async def asked():
        await subject.ask()
        begin = cpu()
        for _ in range(count):
            assert "lighthouse" in await subject.ask()
        return (cpu() - begin) / count * 1e6

    facts["call_cpu_us"] = asyncio.run(asked())
    return facts


def _mocks(subject, count):
    begin = time.perf_counter()
    for _ in range(count):
        subject.mock()
    return (time.perf_counter() - begin) / count * 1e6


def streams(name, base, count):
    """Processor's time and memory of a stream, of which all are open at once, each delivered whole."""
    subject = made(name, base)
    subject.prepare()
    path = f"/events/{EVENTS}/{SPACING_US}/v1"
    opened = 0
    all_open = None
    resident = []

    async def read():
        nonlocal opened
        texts = 0
        async for text in subject.stream(path):
            texts += bool(text)
            if texts == 1:
                opened += 1
                if opened == count:
                    resident.append(memory_kb())
                    all_open.set()
            # Nobody ends before all have begun, whatever the library takes for it.
            if texts == EVENTS // 2:
                await all_open.wait()
        assert texts == EVENTS, texts

    async def warm():
        """What the first of a few calls brings along is nobody's."""
        nonlocal opened, all_open
        for _ in range(2):
            all_open, opened = asyncio.Event(), count - 1
            await read()
        resident.clear()

    async def all_of_them():
        nonlocal opened, all_open
        await warm()
        gc.collect()
        all_open, opened = asyncio.Event(), 0
        before, begin, clock = memory_kb(), cpu(), time.perf_counter()
        await asyncio.gather(*(read() for _ in range(count)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "stream_cpu_us": (cpu() - begin) / count * 1e6,
            "stream_kb": (resident[0] - before) / count,
            "stream_peak_kb": (peak - before) / count,
            "seconds": time.perf_counter() - clock,
        }

    return asyncio.run(all_of_them())


def main():
    _, name, what, base, count = sys.argv
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    facts = {"load": load, "calls": calls, "streams": streams}[what](name, base, int(count))
    print(json.dumps(facts))
    sys.stdout.flush()
    os._exit(0)


main()
