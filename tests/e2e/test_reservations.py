"""Clients that leave at every stage of a call: what the call had reserved is given back.

Budgets of the key, of the provider and of the deployment hold two such calls, and so do the parallel calls of the key
and the places at the deployment. Where one of six clients that left kept what it held, the calls behind them would be
refused or wait.
"""

import asyncio
import hashlib

import pytest

from support import answers, canary, paths
from support.books import check
from support.gateway import config, deployment, guardrail
from support.metrics import scrape
from support.process import eventually
from support.surfaces import Chat, Messages, Responses
from support.wire import Wire, ask, request

TOKENS = 4000
#: Dollars that a call reserves: its answer, and a little for the prompt.
ONE = TOKENS * 10e-6
TIMES = 6
SECOND_ATTEMPTS = "patchbay_deployment_second_attempts_total"
RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "status": "in_progress", "output": []}
RESPONSE_BEGUN = [
    {"type": "response.created", "sequence_number": 0, "response": RESPONSE},
    {"type": "response.output_text.delta", "sequence_number": 1, "item_id": "msg_1", "output_index": 0,
     "content_index": 0, "delta": "Hello"},
]
SURFACES = {surface.path: surface for surface in (Chat(), Messages(), Responses())}


@pytest.fixture
def scripts(upstream):
    """What the upstream does, by the script that a request names."""

    async def silent(exchange):
        await exchange.connection.gone.wait()
        exchange.keep = False

    async def begun(exchange):
        await exchange.start_stream()
        if answers.is_responses(exchange):
            for event in RESPONSE_BEGUN:
                await exchange.event(event, event["type"])
        else:
            await exchange.event(answers.piece("Hello"))
        await silent(exchange)

    async def flood(exchange):
        await exchange.start_stream()
        while not exchange.connection.gone.is_set():
            await exchange.event(answers.piece("", padding="x" * 2000))  # many bytes, and nothing to pay for
        exchange.keep = False

    async def half(exchange):
        await exchange.send(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{"id')
        await silent(exchange)

    async def broken(exchange):
        await exchange.answer(500, answers.openai_error("internal"))

    upstream.scripts |= {
        "silent": silent, "begun": begun, "flood": flood, "half": half, "broken": broken,
        "busy": answers.error(429, answers.openai_error("slow down"), [("retry-after", "30")]),
    }
    upstream.clear()
    return upstream


class Setup:
    def __init__(self, start, upstream, books, tmp_path, **sections):
        self.upstream, self.books = upstream, books
        settings = {
            "provider_budget_config": {"openai": {"budget_limit": 2.8 * ONE, "time_period": "1d"}},
            "disable_cooldowns": True,
        }
        one = deployment(
            "m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI,
            max_parallel_requests=2, max_budget=2.8 * ONE, budget_duration="1d",
        )
        settings |= sections.pop("router_settings", {})
        self.gateway = start(
            config(
                *sections.pop("entries", [one]),
                num_retries=3,
                router_settings=settings,
                general_settings={"database_url": books.url},
            )
            | sections,
            env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        )
        made = ask(
            self.gateway.port, {"max_budget": 2.8 * ONE, "max_parallel_requests": 2}, path="/key/generate"
        )
        assert made.status == 200, made.body
        self.key = made.json["key"]

    def bytes(self, path: str, script: str, stream: bool) -> bytes:
        surface = SURFACES[path]
        body = surface.body("text", f"script:{script}") | {"model": "m", "stream": stream}
        body |= {"max_output_tokens" if path.endswith("responses") else "max_tokens": TOKENS}
        return request(body, path=path, key=self.key)

    def under_way(self) -> int:
        return scrape(self.gateway)[("litellm_in_flight_requests", ())]

    def at_rest(self, stage: str = ""):
        """Nothing is under way, and two calls have room at once."""
        eventually(lambda: self.under_way() == 0, paths.deadline(10))
        self.upstream.scripts["gate"] = gate = Gate()
        wires = [Wire(self.gateway.port) for _ in range(2)]
        try:
            for wire in wires:
                wire.send(self.bytes("/v1/chat/completions", "gate", False))
            eventually(lambda: (stage, gate.waiting)[1] == 2, paths.deadline(10))
            self.upstream.call(gate.open())
            told = [wire.answer() for wire in wires]
            assert [answer.status for answer in told] == [200, 200], (stage, told)
        finally:
            for wire in wires:
                wire.socket.close()

    def end(self):
        """What the key has spent comes to rest at what its entries were charged."""
        owner = hashlib.sha256(self.key.encode()).hexdigest()
        charged = (
            "SELECT CAST(COALESCE(SUM(charge), 0) AS BIGINT) FROM entry WHERE key = "
            f"(SELECT id FROM identity WHERE text = '{owner}')"
        )

        def agree():
            told = ask(self.gateway.port, b"", "GET", path=f"/key/info?key={self.key}").json["info"]["spend"]
            ((entries,),) = self.books.query(charged)
            return entries > 0 and abs(told - entries / 1e9) < 1e-9

        eventually(agree, paths.deadline(10))
        assert self.gateway.stop() == 0
        assert "a request failed" not in self.gateway.output, "a client that leaves is no error"
        assert check(self.books)[0] == 0


class Gate:
    """Answers when it is opened."""

    def __init__(self):
        self.waiting = 0
        self.opened = asyncio.Event()

    async def open(self):
        self.opened.set()

    async def __call__(self, exchange):
        self.waiting += 1
        await self.opened.wait()
        await answers.default(exchange)


#: stage -> script, stream, how many of the request's bytes are sent (of 1), what the client sees before it leaves
STAGES = {
    "inside the head": ("silent", False, 0.1, None),
    "inside the body": ("silent", False, 0.9, None),
    "before the answer's head": ("silent", False, 1, "asked"),
    "before the stream's head": ("silent", True, 1, "asked"),
    "inside a whole answer": ("half", False, 1, "asked"),
    "after an event": ("begun", True, 1, b"Hello"),
    "while it reads nothing": ("flood", True, 1, "asked"),
    "between attempts": ("broken", True, 1, "asked"),
}


@pytest.mark.parametrize("path", SURFACES)
def test_who_leaves_leaves_nothing_reserved(start, scripts, books, tmp_path, path):
    setup = Setup(start, scripts, books, tmp_path)
    for stage in STAGES:
        leave(setup, scripts, path, stage)
        setup.at_rest(stage)
    setup.end()


def leave(setup, scripts, path: str, stage: str):
    script, stream, share, sees = STAGES[stage]
    data = setup.bytes(path, script, stream)
    for _ in range(TIMES):
        before = len(scripts.of(script))
        with Wire(setup.gateway.port) as wire:
            wire.send(data[: max(1, int(len(data) * share))])
            if sees == "asked":
                eventually(lambda n=before: len(scripts.of(script)) > n, paths.deadline(10))
            elif sees:
                wire.until(sees)
        eventually(lambda: setup.under_way() == 0, paths.deadline(10))


def test_who_waits_for_a_place_and_leaves(start, scripts, books, tmp_path):
    setup = Setup(start, scripts, books, tmp_path)
    scripts.scripts["gate"] = gate = Gate()
    holders = [Wire(setup.gateway.port) for _ in range(2)]
    body = {"model": "m", "max_tokens": 4, "messages": [{"role": "user", "content": "script:gate"}]}
    for wire in holders:
        wire.send(request(body))
    eventually(lambda: gate.waiting == 2, paths.deadline(10))
    for _ in range(TIMES):
        with Wire(setup.gateway.port) as wire:
            wire.send(setup.bytes("/v1/chat/completions", "silent", True))
            eventually(lambda: setup.under_way() == 3, paths.deadline(10))
        eventually(lambda: setup.under_way() == 2, paths.deadline(10))
    assert scripts.of("silent") == []
    scripts.call(gate.open())
    assert [wire.answer().status for wire in holders] == [200, 200]
    setup.at_rest()
    setup.end()


def test_who_leaves_while_a_guardrail_asks(start, scripts, books, tmp_path):
    asked = []

    async def hook(exchange):
        asked.append(exchange)
        await exchange.connection.gone.wait()
        exchange.keep = False

    scripts.scripts["hooked"] = answers.default
    before = scripts.scripts["default"]

    async def by_path(exchange):
        await (before if exchange.path.startswith("/v1/") else hook)(exchange)

    scripts.scripts["silent"] = by_path
    guard = guardrail(
        "hook", "pre_call", "generic_guardrail_api", api_base=scripts.url, api_key=canary.MISC
    )
    setup = Setup(start, scripts, books, tmp_path, guardrails=[guard])
    data = {"model": "m", "max_tokens": TOKENS, "guardrails": ["hook"]}
    data["messages"] = [{"role": "user", "content": "script:silent"}]
    for n in range(TIMES):
        with Wire(setup.gateway.port) as wire:
            wire.send(request(data, key=setup.key))
            eventually(lambda n=n: len(asked) > n, paths.deadline(10))
    setup.at_rest()
    setup.end()


def test_who_leaves_two_attempts_under_way(start, scripts, books, tmp_path):
    places = {"max_parallel_requests": 2, "max_budget": 6 * ONE}
    entries = [
        deployment("m", "openai/gpt-4o", scripts.url + "/v1", canary.OPENAI, **places) | {"model_info": {"id": name}}
        for name in "ab"
    ]
    routing = {"patchbay": {"groups": {"m": {"hedge": {"share": 1}}}}, "provider_budget_config": {}}
    setup = Setup(start, scripts, books, tmp_path, entries=entries, router_settings=routing)
    # They pay for the second attempts, and have none: what is stored is not asked for twice. Where they may have some
    # themselves, those of a slow moment leave less in the bucket than four times what the next one costs.
    small = {"model": "m", "stream": True, "store": True, "max_tokens": 4}
    small |= {"messages": [{"role": "user", "content": "script:default"}]}
    for _ in range(TIMES):
        for _ in range(60):
            assert ask(setup.gateway.port, small).status == 200
        before = len(scripts.of("silent"))
        with Wire(setup.gateway.port) as wire:
            wire.send(setup.bytes("/v1/chat/completions", "silent", True))
            eventually(lambda n=before: len(scripts.of("silent")) == n + 2, paths.deadline(10))
        eventually(lambda: setup.under_way() == 0, paths.deadline(10))
    assert len(scripts.of("silent")) == 2 * TIMES
    begun = [value for name, value in scrape(setup.gateway).items() if name[0] == SECOND_ATTEMPTS]
    assert sum(begun) == TIMES
    setup.at_rest()
    setup.end()
