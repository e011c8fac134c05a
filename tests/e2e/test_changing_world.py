"""Configurations and a plugin's file change again and again under a load that uses everything at once: second
attempts, the response cache, budgets, clients that leave. Nobody sees it; afterwards nothing is held and the books
agree."""

import asyncio
import json
import os
import random

import httpx

from support import answers, canary, paths
from support.books import check
from support.gateway import LOADED_AGAIN, config, deployment
from support.metrics import scrape
from support.process import eventually
from support.versions import SHIPPED, build, versions_in
from support.wire import ask, chat

CLIENTS = 10
#: Changes of the configuration; the plugin's file changes with every second one.
CHANGES = int(os.environ.get("PATCHBAY_E2E_CHANGES", "12"))

#: strategy, deployments of the group, more of each
WORLDS = [
    ("p2c-ewma", "ab", {}),
    ("prefix-affinity", "bc", {"max_parallel_requests": 100}),
    ("least-busy", "ca", {"rpm": 100_000}),
    ("simple-shuffle", "a", {"weight": 3}),
    ("usage-based-routing-v2", "abc", {"tpm": 100_000_000, "max_budget": 1000}),
]


class World:
    def __init__(self, start, upstream, books, folder):
        self.upstream, self.books = upstream, books
        self.plugins = folder / "plugins"
        self.plugins.mkdir()
        self.versions = [build(folder / f"v{n}.so", n) for n in (1, 2, 3)]
        self.replace(0)
        state = {"PATCHBAY_STATE_DIR": str(folder / "state")}
        self.gateway = start(self.config(0), env=state, workers=2)
        made = ask(self.gateway.port, {"max_budget": 1000, "max_parallel_requests": 500}, path="/key/generate")
        self.key = made.json["key"]

    def config(self, number: int) -> dict:
        strategy, names, more = WORLDS[number % len(WORLDS)]
        address = self.upstream.url + "/v1"
        group = [
            deployment("m", "openai/gpt-4o", address, canary.OPENAI, **more) | {"model_info": {"id": name}}
            for name in names
        ]
        versioned = [
            deployment("v", "versioned/m", address, canary.MISC) | {"model_info": {"id": f"v{n}"}} for n in range(2)
        ]
        return config(
            *group,
            *versioned,
            router_settings={"routing_strategy": strategy, "num_retries": 2, "patchbay": {"hedge": {"share": 1}}},
            litellm_settings={"cache": True},
            general_settings={"database_url": self.books.url},
            plugins={"directories": [str(SHIPPED), str(self.plugins)]},
        )

    def replace(self, number: int):
        beside = self.plugins / "new"
        beside.write_bytes(self.versions[number % len(self.versions)].read_bytes())
        beside.chmod(0o644)
        beside.rename(self.plugins / "versioned.so")

    async def change(self, number: int):
        if number % 2:
            self.replace(number)
        at = self.gateway.reload(self.config(number))
        await asyncio.to_thread(self.gateway.wait_for, LOADED_AGAIN, paths.deadline(20), at)


async def uneven(exchange):
    """One in ten streams is silent for long, so that it is asked for twice."""
    if exchange.json.get("stream") and exchange.number % 10 == 0:
        await asyncio.sleep(0.15)
    await answers.default(exchange)


async def load(world, done) -> dict:
    seen = {"whole": 0, "streams": 0, "left": 0, "hits": 0, "wrong": []}
    headers = {"authorization": f"Bearer {world.key}"}
    limits = httpx.Limits(max_connections=CLIENTS * 2)

    async def client(http, index):
        draw = random.Random(index)
        while not done.is_set():
            model, stream = draw.choice("mmv"), draw.random() < 0.6
            # Few numbers, so that some are asked again and come from the cache.
            body = chat(f"uneven {draw.randrange(2000)}", model, stream=stream, max_tokens=50)
            async with http.stream("POST", "/v1/chat/completions", json=body) as answer:
                if answer.status_code != 200:
                    seen["wrong"].append((answer.status_code, (await answer.aread())[:300]))
                    continue
                seen["hits"] += answer.headers.get("x-patchbay-cache", "").startswith("hit")
                if stream and draw.random() < 0.1:
                    seen["left"] += 1
                    continue
                text = (await answer.aread()).decode()
            seen["streams" if stream else "whole"] += 1
            if model == "v" and len(versions_in(text)) != 1:
                seen["wrong"].append(("versions", text))
            elif model == "m" and said(text, stream) != "Hello from upstream":
                seen["wrong"].append(("text", text))

    async with httpx.AsyncClient(
        base_url=world.gateway.url, headers=headers, limits=limits, trust_env=False, timeout=30
    ) as http:
        await asyncio.gather(*(client(http, index) for index in range(CLIENTS)))
    return seen


def said(text: str, stream: bool) -> str:
    if not stream:
        return json.loads(text)["choices"][0]["message"]["content"]
    if not text.endswith("data: [DONE]\n\n"):
        return "cut off"
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])


def test_nobody_sees_a_change_and_nothing_is_left(start, upstream, books, tmp_path):
    upstream.scripts["uneven"] = uneven
    world = World(start, upstream, books, tmp_path)

    async def both():
        done = asyncio.Event()

        async def changes():
            try:
                for number in range(1, CHANGES + 1):
                    await world.change(number)
                    await asyncio.sleep(0.3)
            finally:
                done.set()

        seen, _ = await asyncio.gather(load(world, done), changes())
        return seen

    seen = asyncio.run(both())
    gateway = world.gateway
    eventually(lambda: scrape(gateway)[("litellm_in_flight_requests", ())] == 0, paths.deadline(10))
    figures = scrape(gateway)
    busy = {k: v for k, v in figures.items() if k[0] == "patchbay_deployment_tokens_in_flight" and v}
    assert not seen["wrong"], seen["wrong"][:3]
    assert seen["whole"] and seen["streams"] and seen["left"] and seen["hits"]
    assert not busy, "tokens of calls that are over"
    assert gateway.stop() == 0
    assert check(books)[0] == 0
    twice = "SELECT client_call, attempt FROM entry GROUP BY client_call, attempt HAVING COUNT(*) > 1"
    assert books.query(twice) == []
    ((second,),) = books.query("SELECT COUNT(*) FROM entry WHERE attempt = 2 OR (status = 499 AND charge = 0)")
    print(f"{books.kind}: {CHANGES} changes; {seen | {'wrong': len(seen['wrong'])}}, {second} second or lost attempts")
