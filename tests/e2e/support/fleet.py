"""Gateways that share limits and budgets by Redis, and clients that use them up."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from . import canary, paths
from .answers import USAGE, completion
from .books import PostgresBooks
from .gateway import config, deployment
from .metrics import scrape
from .process import eventually
from .redis import Cut
from .stalls import Stalls
from .wire import ask, chat

DOLLAR = 1_000_000_000
TOKENS = 400
COST = 11 * 2500 + TOKENS * 10000  # gpt-4o, nano-dollars
BEFORE_CUT = 3 * DOLLAR // (10 * COST) + 1  # calls
MOST = 400 * 2500 + TOKENS * 10000  # that a call can cost: a token for each byte of its text


class Fleet:
    """Gateways with one store and one Redis; `cuts` of them reach it by a way of their own that can be cut."""

    def __init__(self, start, upstream, postgres, redis, folder, size, cuts=0):
        self.asked = 0
        self.parted = threading.Event()

        # Who is to be cut off is so before all is spent.
        async def dear(exchange):
            self.asked += 1
            while cuts and self.asked > BEFORE_CUT and not self.parted.is_set():
                await asyncio.sleep(0.01)
            usage = {**USAGE, "completion_tokens": TOKENS, "total_tokens": 11 + TOKENS}
            await exchange.answer(200, completion() | {"usage": usage})

        upstream.scripts["dear"] = dear
        self.store = PostgresBooks(postgres)
        self.redis = redis
        self.ways = [Cut(redis.port) for _ in range(cuts)]
        self.gateways = [
            start(
                config(
                    deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
                    general_settings={"database_url": self.store.url},
                    router_settings={
                        "redis_host": "127.0.0.1",
                        "redis_port": self.ways[n].port if n < cuts else redis.port,
                    },
                ),
                env={"PATCHBAY_STATE_DIR": str(folder / f"state{n}")},
            )
            for n in range(size)
        ]
        for gateway in self.gateways:
            eventually(
                lambda g=gateway: value(g, "patchbay_lease_gateways") == size, paths.deadline(40)
            )

    def manage(self, path, body):
        answer = httpx.post(
            self.gateways[0].url + path,
            json=body,
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def key(self, **fields) -> str:
        key = self.manage("/key/generate", fields)["key"]
        for gateway in self.gateways:  # each has it, and the others are heard of
            answer = call(gateway, key, max_tokens=1, model="nobody")
            assert answer.status == 400, (answer.status, answer.body)
        return key

    def cut(self):
        for way in self.ways:
            way.cut()
        self.parted.set()

    def mend(self):
        for way in self.ways:
            way.mend()

    def stop(self):
        for way in self.ways:
            way.close()

    def spent(self) -> int:
        """What the key owes; all gateways have ended."""
        for gateway in self.gateways:
            assert gateway.stop() == 0
        ((spent,),) = self.store.query("SELECT posted FROM account WHERE book = 12 AND house = 0")
        return spent


def value(gateway, name) -> float | None:
    return scrape(gateway).get((name, ()))


def call(gateway, key, script="dear", model="scripted", **more):
    headers = {"Authorization": f"Bearer {key}"}
    return ask(gateway.port, chat(script, model, **more), headers=headers)


class Clients:
    """Clients of one gateway that call until its budget is used up, or they are ended."""

    def __init__(self, gateway, key, clients, **more):
        self.gateway, self.key, self.more = gateway, key, more
        self.served = self.waited = self.in_a_row = 0
        self.wrong = []
        self.ending = threading.Event()
        self.lock = threading.Lock()
        self.pool = ThreadPoolExecutor(clients)
        self.all = [self.pool.submit(self.run) for _ in range(clients)]

    def run(self):
        while not self.ending.is_set():
            answer = call(self.gateway, self.key, **self.more)
            with self.lock:
                if answer.status == 200:
                    self.served += 1
                    self.in_a_row = 0
                elif answer.status == 429:
                    self.waited += 1
                    self.in_a_row += 1
                else:
                    if answer.status != 422 or answer.error["type"] != "budget_exceeded":
                        self.wrong.append((answer.status, answer.body))
                    return

    def done(self):
        for one in self.all:
            one.result()
        assert self.wrong == [], self.wrong[:3]

    def end(self):
        self.ending.set()
        self.done()


class Steady:
    """One client that calls as fast as it is answered: how long each call took of what time the machine had for it."""

    def __init__(self, gateway, key):
        self.took, self.wrong = [], []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(gateway, key))
        self.thread.start()

    def run(self, gateway, key):
        with Stalls() as stalls:
            while not self.ending.is_set():
                begun = time.monotonic()
                answer = call(gateway, key, max_tokens=TOKENS)
                self.took.append(stalls.net(begun))
                if answer.status != 200:
                    self.wrong.append((answer.status, answer.body))

    def end(self):
        self.ending.set()
        self.thread.join()
