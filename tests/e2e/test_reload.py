"""SIGHUP: a good configuration takes over without a lost request, a bad one changes nothing."""

import asyncio
import signal

import httpx
import pytest

from conftest import scripted_config
from support import canary, paths
from support.answers import completion, piece
from support.gateway import LOADED_AGAIN, NOT_LOADED_AGAIN, config, deployment
from support.process import eventually
from support.wire import Wire, ask, chat, request


def models(gateway, key=canary.MASTER):
    answer = ask(gateway.port, method="GET", path="/v1/models", key=key)
    return [model["id"] for model in answer.json["data"]] if answer.status == 200 else answer.status


def named(upstream, *names, **more):
    return config(
        *[deployment(name, "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI) for name in names],
        **more,
    )


def test_good_configuration_takes_over(start, upstream):
    gateway = start(named(upstream, "a"))
    assert models(gateway) == ["a"]
    at = gateway.reload(named(upstream, "b", "c"))
    eventually(lambda: models(gateway) == ["b", "c"], paths.deadline(10))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(5), at)
    assert ask(gateway.port, chat(model="b")).status == 200
    assert ask(gateway.port, chat(model="a")).status == 400


def test_master_key_changes_with_the_configuration(start, upstream):
    gateway = start(named(upstream, "a"))
    gateway.reload(named(upstream, "a", master_key=canary.OTHER_MASTER))
    eventually(lambda: models(gateway, canary.OTHER_MASTER) == ["a"], paths.deadline(10))
    assert models(gateway) == 401


@pytest.mark.parametrize(
    "bad, reason",
    [
        ("model_list: [\n", r"config\.yaml:\d+:\d+"),
        ("model_list:\n  - model_name: b\n", r"config\.yaml:\d+:\d+.*litellm_params"),
        (
            "model_list:\n  - model_name: b\n    litellm_params:\n      model: no-such-provider/x\n",
            r"no-such-provider",
        ),
        (None, r"config\.yaml"),
    ],
)
def test_bad_configuration_keeps_the_old(start, upstream, bad, reason):
    gateway = start(named(upstream, "a"))
    if bad is None:
        gateway.file.unlink()
        at = gateway.mark()
        gateway.signal(signal.SIGHUP)
    else:
        at = gateway.reload(bad)
    gateway.wait_for(NOT_LOADED_AGAIN, paths.deadline(10), at)
    gateway.wait_for(reason, paths.deadline(1), at)
    assert models(gateway) == ["a"]
    assert ask(gateway.port, chat(model="a")).status == 200
    gateway.reload(named(upstream, "good-again"))
    eventually(lambda: models(gateway) == ["good-again"], paths.deadline(10))


def test_a_stream_ends_in_the_world_it_began_in(start, upstream):
    turns = asyncio.Queue()

    async def across(exchange):
        await exchange.start_stream()
        await exchange.event(piece("before"))
        await turns.get()
        await exchange.event(piece("after"))
        await exchange.event("[DONE]")
        await exchange.finish()

    upstream.scripts["across"] = across
    gateway = start(named(upstream, "a"))
    with Wire(gateway.port) as wire:
        wire.send(request(chat("across", model="a", stream=True)))
        wire.until(b"before")
        gateway.reload(named(upstream, "b"))
        eventually(lambda: models(gateway) == ["b"], paths.deadline(10))
        upstream.loop.call_soon_threadsafe(turns.put_nowait, None)
        wire.until(b"after")
        wire.until(b"[DONE]")


def test_no_request_is_lost_during_20_reloads(start, upstream):
    async def short(exchange):
        await asyncio.sleep(0.005)
        await exchange.answer(200, completion())

    upstream.scripts["short"] = short
    gateway = start(scripted_config(upstream), workers=2)
    done = asyncio.Event()
    statuses: list = []
    headers = {"authorization": f"Bearer {canary.MASTER}"}

    async def client():
        async with httpx.AsyncClient(
            base_url=gateway.url, headers=headers, trust_env=False, timeout=30
        ) as http:
            while not done.is_set():
                for stream in (False, True):
                    answer = await http.post(
                        "/v1/chat/completions",
                        json=chat("default" if stream else "short", stream=stream),
                    )
                    whole = (
                        answer.text.endswith("data: [DONE]\n\n")
                        if stream
                        else answer.json()["choices"]
                    )
                    statuses.append(answer.status_code if whole else "cut")

    async def reloads():
        try:
            for number in range(20):
                names = [f"extra-{number}"]
                made = scripted_config(upstream)
                made["model_list"] += named(upstream, *names)["model_list"]
                gateway.reload(made)
                await asyncio.to_thread(
                    eventually, lambda n=names: set(n) <= set(models(gateway)), paths.deadline(10)
                )
        finally:
            done.set()

    async def all_of_it():
        await asyncio.gather(reloads(), *[client() for _ in range(8)])

    asyncio.run(all_of_it())
    assert len(statuses) > 50
    assert set(statuses) == {200}


def test_reloads_do_not_pile_up_memory_or_descriptors(start, upstream):
    gateway = start(scripted_config(upstream))

    def again(number):
        name = f"m{number}"
        gateway.reload(named(upstream, name))
        eventually(lambda: models(gateway) == [name], paths.deadline(10))
        assert ask(gateway.port, chat(model=name)).status == 200

    for number in range(5):
        again(number)
    files, memory = gateway.open_files(), gateway.rss()
    for number in range(5, 40):
        again(number)
    assert gateway.open_files() <= files + 5
    assert paths.SANITIZED or gateway.rss() < memory + (16 << 20)
