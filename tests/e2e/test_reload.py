"""SIGHUP: a good configuration takes over without a lost request, a bad one changes nothing."""

import asyncio
import json
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
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
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
    gateway.wait_for(reason, paths.deadline(20), at)
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


def without_key(upstream):
    return named(upstream, "a", master_key=None)


@pytest.mark.parametrize(
    "cut, reason",
    [
        (lambda upstream: without_key(upstream), r"has a master key, this one has none"),
        (lambda upstream: "", r"has a master key, this one has none"),
        (
            lambda upstream: "general_settings: {master_key: %s}\n" % canary.MASTER,
            r"no model to serve",
        ),
        (
            lambda upstream: "model_lst: []\ngeneral_settings: {master_key: %s}\n" % canary.MASTER,
            r"did you mean `model_list`",
        ),
    ],
)
def test_a_file_that_is_cut_off_takes_no_lock_and_no_model_away(start, upstream, cut, reason):
    gateway = start(named(upstream, "a"))
    at = gateway.reload(cut(upstream))
    gateway.wait_for(reason, paths.deadline(10), at)
    gateway.wait_for(NOT_LOADED_AGAIN, paths.deadline(20), at)
    assert models(gateway, None) == 401
    assert models(gateway) == ["a"]
    assert ask(gateway.port, chat(model="a")).status == 200


def test_a_reload_does_not_take_away_the_last_guardrail_of_all_requests(start, upstream):
    def guarded(*names):
        made = named(upstream, "a")
        made["guardrails"] = [
            {
                "guardrail_name": name,
                "litellm_params": {
                    "guardrail": "content-filter",
                    "mode": "pre_call",
                    "default_on": True,
                    "blocked_words": [{"keyword": "swordfish", "action": "BLOCK"}],
                },
            }
            for name in names
        ]
        return made

    gateway = start(guarded("one", "two"))
    at = gateway.reload(guarded())
    gateway.wait_for(NOT_LOADED_AGAIN, paths.deadline(10), at)
    assert ask(gateway.port, chat("swordfish", model="a")).status == 400
    at = gateway.reload(guarded("one"))
    gateway.wait_for(r"every request passes the guardrail 'two' no more", paths.deadline(10), at)
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert ask(gateway.port, chat("swordfish", model="a")).status == 400


def test_a_sink_without_keys_is_named_in_the_metrics(start, upstream):
    made = named(upstream, "a")
    made["litellm_settings"] = {"success_callback": ["langfuse"]}
    gateway = start(made)
    assert ask(gateway.port, chat(model="a")).status == 200
    metrics = ask(gateway.port, method="GET", path="/metrics").body.decode()
    assert 'patchbay_log_sinks_left_out{callback_name="langfuse"} 1' in metrics
    assert "LANGFUSE_PUBLIC_KEY" in gateway.output


def test_json_logs_are_a_json_object_each(start, upstream):
    made = named(upstream, "a")
    made["litellm_settings"] = {"json_logs": True, "set_verbose": True}
    gateway = start(made)
    lines = [line for line in gateway.output.splitlines() if "listening on" in line]
    line = json.loads(lines[0])
    assert line["level"] == "INFO"
    assert "listening on" in line["message"]
    assert line["timestamp"]
