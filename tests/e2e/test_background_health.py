"""Health checks in the background: who is asked, what /health and /metrics tell of it, and what routing makes of it."""

import asyncio
import time

import pytest

from support import answers, canary, paths
from support.gateway import command, config, deployment
from support.metrics import scrape
from support.process import eventually
from support.wire import ask, chat

HI = [{"role": "user", "content": "Hi"}]
ONCE = {"background_health_checks": True, "health_check_interval": 3600}
ROUTED = {
    "background_health_checks": True,
    "health_check_interval": 1,
    "enable_health_check_routing": True,
}


class Switched:
    """Deployments of one group whose upstreams a test breaks and mends."""

    def __init__(self, upstream, *names):
        self.upstream = upstream
        self.broken = {}
        for name in names:
            upstream.scripts[name] = self.script(name)

    def script(self, name):
        async def answer(exchange):
            status = self.broken.get(name)
            if status is None:
                return await answers.default(exchange)
            await answers.error(status, answers.openai_error("it is broken"))(exchange)

        return answer

    def asked(self, name, checks: bool) -> int:
        """How often it was asked, by checks or by clients."""
        return sum((x.json["messages"] == HI) == checks for x in self.upstream.of(name))


def entry(upstream, name, id, model=None, **info):
    made = deployment(name, model or f"openai/script:{id}", upstream.url + "/v1", canary.OPENAI)
    return made | {"model_info": {"id": id} | info}


def health(gateway, query=""):
    return ask(gateway.port, method="GET", path="/health" + query)


def told(gateway, query="") -> dict:
    """By id: "healthy", "unhealthy" or "unchecked", and the entry."""
    answer = health(gateway, query).json
    return {
        one["model_id"]: (kind, one)
        for kind in ("healthy", "unhealthy", "unchecked")
        for one in answer[kind + "_endpoints"]
    }


def kinds(gateway) -> dict:
    return {id: kind for id, (kind, _) in told(gateway).items()}


def of(samples, name, id, **labels) -> float | None:
    for (sample, given), value in samples.items():
        wanted = {"model_id": id} | labels
        if sample == name and wanted.items() <= dict(given).items():
            return value
    return None


def test_the_last_results_are_told_and_one_prober_asks_for_all_workers(start, upstream):
    switched = Switched(upstream, "left", "right")
    switched.broken["right"] = 401
    upstream.clear()
    gateway = start(
        config(
            entry(upstream, "pair", "left"),
            entry(upstream, "pair", "right"),
            entry(upstream, "open/*", "any", "openai/*"),
            general_settings=ONCE,
        ),
        workers=3,
    )
    wanted = {"left": "healthy", "right": "unhealthy", "any": "unchecked"}
    eventually(lambda: kinds(gateway) == wanted, paths.deadline(10))
    for _ in range(9):
        assert health(gateway).status == 200
    assert health(gateway, "?model_id=right").status == 503
    assert health(gateway, "?model=pair").status == 200
    assert len(upstream.requests) == 2, "a check each, and nothing for those who look"
    _, left = told(gateway)["left"]
    _, right = told(gateway)["right"]
    assert 0 <= left["checked_seconds_ago"] < paths.deadline(60)
    assert right["exception_status"] == 401 and "it is broken" in right["error"]
    samples = scrape(gateway)
    assert of(samples, "patchbay_deployment_healthy", "left") == 1
    assert of(samples, "patchbay_deployment_healthy", "right") == 0
    assert of(samples, "patchbay_deployment_healthy", "any") is None
    checks = "patchbay_deployment_health_checks_total"
    assert of(samples, checks, "right", result="failed") == 1
    assert of(samples, checks, "right", result="passed") == 0
    assert of(samples, "patchbay_deployment_health_check_age_seconds", "left") >= 0


def test_without_routing_checks_change_nothing_for_clients(start, upstream):
    switched = Switched(upstream, "alone", "other")
    switched.broken = {"alone": 429}
    gateway = start(
        config(
            entry(upstream, "pair", "alone"),
            entry(upstream, "pair", "other"),
            general_settings=ONCE,
        )
    )
    wanted = {"alone": "unhealthy", "other": "healthy"}
    eventually(lambda: kinds(gateway) == wanted, paths.deadline(10))
    assert of(scrape(gateway), "litellm_deployment_state", "alone") == 0
    switched.broken = {}
    upstream.clear()
    for _ in range(60):
        assert ask(gateway.port, chat(model="pair")).status == 200
    assert switched.asked("alone", checks=False) > 0


def test_who_fails_its_check_gets_no_calls_until_it_answers(start, upstream):
    switched = Switched(upstream, "left", "right")
    gateway = start(
        config(
            entry(upstream, "pair", "left"),
            entry(upstream, "pair", "right"),
            general_settings=ROUTED,
        )
    )
    switched.broken["left"] = 500
    eventually(lambda: kinds(gateway).get("left") == "unhealthy", paths.deadline(10))
    upstream.clear()
    for _ in range(40):
        assert ask(gateway.port, chat(model="pair")).status == 200
    assert switched.asked("left", checks=False) == 0
    answer = ask(gateway.port, chat(model="pair"), headers={"x-patchbay-explain": "1"})
    assert "left fails its health check" in answer.headers["x-patchbay-explain"]
    switched.broken.clear()
    eventually(lambda: kinds(gateway).get("left") == "healthy", paths.deadline(10))
    upstream.clear()
    for _ in range(60):
        assert ask(gateway.port, chat(model="pair")).status == 200
    assert switched.asked("left", checks=False) > 0
    gateway.wait_for(r"deployment left of pair fails its health check: ", 1)
    gateway.wait_for(r"deployment left of pair answers its health check again", 1)


def test_where_all_fail_their_checks_all_are_asked(start, upstream):
    switched = Switched(upstream, "left", "right")
    switched.broken = {"left": 500, "right": 401}
    gateway = start(
        config(
            entry(upstream, "pair", "left"),
            entry(upstream, "pair", "right"),
            general_settings=ROUTED,
        )
    )
    wanted = {"left": "unhealthy", "right": "unhealthy"}
    eventually(lambda: kinds(gateway) == wanted, paths.deadline(10))
    upstream.clear()
    for _ in range(20):
        assert ask(gateway.port, chat(model="pair")).status in (401, 500)
    asked = switched.asked("left", checks=False) + switched.asked("right", checks=False)
    assert asked == 20


def test_transient_errors_can_be_ignored(start, upstream):
    switched = Switched(upstream, "left", "right")
    switched.broken["left"] = 429
    gateway = start(
        config(
            entry(upstream, "pair", "left"),
            entry(upstream, "pair", "right"),
            general_settings=ROUTED | {"health_check_ignore_transient_errors": True},
        )
    )
    eventually(lambda: kinds(gateway).get("left") == "unhealthy", paths.deadline(10))
    explained = ask(gateway.port, chat(model="pair"), headers={"x-patchbay-explain": "1"})
    assert "health check" not in explained.headers["x-patchbay-explain"]


def test_a_reload_drops_what_is_gone_and_can_end_the_checks(start, upstream):
    Switched(upstream, "left", "right")
    both = [entry(upstream, "pair", "left"), entry(upstream, "pair", "right")]
    gateway = start(config(*both, general_settings=ONCE))
    wanted = {"left": "healthy", "right": "healthy"}
    eventually(lambda: kinds(gateway) == wanted, paths.deadline(10))
    at = gateway.reload(config(both[0], general_settings=ONCE))
    gateway.wait_for("configuration loaded again", paths.deadline(10), at)

    def only_left():
        return of(scrape(gateway), "patchbay_deployment_healthy", "right") is None

    eventually(only_left, paths.deadline(10))
    eventually(lambda: kinds(gateway) == {"left": "healthy"}, paths.deadline(10))
    at = gateway.reload(config(both[0]))
    gateway.wait_for("configuration loaded again", paths.deadline(10), at)
    healthy = "patchbay_deployment_healthy"
    eventually(lambda: of(scrape(gateway), healthy, "left") is None, paths.deadline(10))
    upstream.clear()
    assert kinds(gateway) == {"left": "healthy"}, "now each look asks"
    assert len(upstream.requests) == 1


def test_a_check_that_hangs_holds_up_neither_the_others_nor_the_end(start, upstream):
    Switched(upstream, "left")
    upstream.scripts["stuck"] = answers.hang
    gateway = start(
        config(
            *(entry(upstream, f"stuck-{n}", f"stuck-{n}", "openai/script:stuck") for n in range(3)),
            entry(upstream, "good", "left"),
            general_settings=ONCE | {"health_check_concurrency": 4},
        )
    )
    eventually(lambda: kinds(gateway).get("left") == "healthy", paths.deadline(10))
    eventually(lambda: len(upstream.of("stuck")) >= 3, paths.deadline(10))
    assert kinds(gateway)["stuck-0"] == "unchecked"
    begun = time.monotonic()
    assert gateway.stop() == 0
    assert time.monotonic() - begun < paths.deadline(5)


def test_no_more_than_so_many_are_asked_at_once(start, upstream):
    state = {"now": 0, "most": 0, "all": 0}

    async def counted(exchange):
        state["now"] += 1
        state["all"] += 1
        state["most"] = max(state["most"], state["now"])
        await asyncio.sleep(0.05)
        state["now"] -= 1
        await answers.default(exchange)

    upstream.scripts["counted"] = counted
    start(
        config(
            *(entry(upstream, "g", f"d{n}", "openai/script:counted") for n in range(9)),
            general_settings=ONCE | {"health_check_concurrency": 2},
        )
    )
    eventually(lambda: state["all"] == 9 and state["now"] == 0, paths.deadline(10))
    assert state["most"] == 2


def test_model_info_and_general_settings_say_who_is_asked_and_what_is_shown(start, upstream):
    Switched(upstream, "left", "right")
    gateway = start(
        config(
            entry(upstream, "pair", "left", health_check_max_tokens=7),
            entry(upstream, "pair", "right", disable_background_health_check=True),
            entry(upstream, "open/*", "any", "openai/*", health_check_model="openai/gpt-4o-mini"),
            entry(upstream, "others", "other", "openai/gpt-4o"),
            general_settings=ONCE
            | {
                "health_check_details": False,
                "background_health_check_model_groups": ["pair", "open/*"],
            },
        )
    )
    upstream.clear()
    wanted = {"left": "healthy", "any": "healthy", "right": "unchecked", "other": "unchecked"}
    eventually(lambda: kinds(gateway) == wanted, paths.deadline(10))
    _, left = told(gateway)["left"]
    assert set(left) == {"model", "model_id", "checked_seconds_ago"}


def test_a_wildcard_is_asked_for_the_model_that_it_names(start, upstream):
    upstream.clear()
    gateway = start(
        config(
            entry(upstream, "open/*", "any", "openai/*", health_check_model="openai/gpt-4o-mini"),
        )
    )
    assert kinds(gateway) == {"any": "healthy"}, "when somebody looks, too"
    assert [x.json for x in upstream.requests] == [
        {"model": "gpt-4o-mini", "messages": HI, "max_tokens": 16}
    ]


@pytest.mark.parametrize("setting", ["health_check_interval: 0", "health_check_concurrency: none"])
def test_what_means_nothing_is_an_error_at_its_place(tmp_path, setting):
    file = tmp_path / "config.yaml"
    file.write_text(f"general_settings:\n  {setting}\n")
    status, output = command("check", file)
    assert status != 0 and "config.yaml:2:" in output and "health_check" in output
