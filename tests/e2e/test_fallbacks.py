"""Where a call goes when a model fails it: other deployments, other groups, and who rests meanwhile."""

import time

import pytest

from support import answers, canary, paths
from support.gateway import command, config, deployment
from support.wire import ask, chat


def model(upstream, name, wire_model=None, **params):
    """A deployment whose upstream sees `wire_model`, by which scripts tell deployments apart."""
    made = deployment(
        name, f"openai/{wire_model or name}", upstream.url + "/v1", canary.OPENAI, **params
    )
    made["model_info"] = {"id": f"id-{wire_model or name}"}
    return made


def failing(status, *names, headers=(), kind="server_error", code=None, text="down"):
    """A script that fails for these models of the provider's and answers for all others."""

    async def script(exchange):
        if exchange.json["model"] in names:
            await exchange.answer(status, answers.openai_error(text, kind, code), headers)
        else:
            await answers.default(exchange)

    return script


@pytest.mark.parametrize("stream", [False, True])
def test_a_group_falls_back_to_another(start, upstream, stream):
    upstream.scripts["a-down"] = failing(500, "a")
    gateway = start(
        config(
            model(upstream, "a"),
            model(upstream, "b"),
            num_retries=1,
            router_settings={"fallbacks": [{"a": ["b"]}]},
        )
    )
    answer = ask(gateway.port, chat("a-down", "a", stream=stream))
    assert answer.status == 200
    headers = answer.headers
    assert "x-patchbay-explain" not in headers
    assert headers["x-litellm-attempted-fallbacks"] == "1"
    assert headers["x-litellm-attempted-retries"] == "0"
    assert headers["x-litellm-model-group"] == "b"
    assert headers["x-litellm-model-id"] == "id-b"
    if not stream:
        assert answer.json["model"] == "gpt-4o-2024-08-06", "who answered is named"


def test_without_a_fallback_the_client_is_told_what_was_tried(start, upstream):
    upstream.scripts["both-down"] = failing(503, "a", "b")
    gateway = start(
        config(
            model(upstream, "a"),
            model(upstream, "b"),
            router_settings={"fallbacks": [{"a": ["b"]}]},
        )
    )
    answer = ask(gateway.port, chat("both-down", "a"))
    assert answer.status == 503
    message = answer.error["message"]
    assert "Received Model Group=a\nAvailable Model Group Fallbacks=['b']" in message
    assert "Error doing the fallback: down" in message


@pytest.mark.parametrize(
    "kind,code,target",
    [
        ("invalid_request_error", "context_length_exceeded", "long"),
        ("invalid_request_error", "content_policy_violation", "lax"),
        ("invalid_request_error", "something_else", "plain"),
    ],
)
def test_each_failure_has_its_fallbacks(start, upstream, kind, code, target):
    upstream.scripts["refused"] = failing(400, "a", kind=kind, code=code)
    gateway = start(
        config(
            *(model(upstream, name) for name in ("a", "plain", "long", "lax")),
            litellm_settings={
                "fallbacks": [{"a": ["plain"]}],
                "context_window_fallbacks": [{"a": ["long"]}],
                "content_policy_fallbacks": [{"a": ["lax"]}],
            },
        )
    )
    answer = ask(gateway.port, chat("refused", "a"))
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == target


def test_an_answer_without_its_content_falls_back(start, upstream):
    async def filtered(exchange):
        answer = answers.completion("")
        if exchange.json["model"] == "a":
            answer["choices"][0]["finish_reason"] = "content_filter"
        else:
            answer["choices"][0]["message"]["content"] = "said"
        await exchange.answer(200, answer)

    upstream.scripts["filtered"] = filtered
    entries = [model(upstream, "a"), model(upstream, "b")]
    settings = {"content_policy_fallbacks": [{"a": ["b"]}]}
    gateway = start(config(*entries, router_settings=settings))
    answer = ask(gateway.port, chat("filtered", "a"))
    assert answer.json["choices"][0]["message"]["content"] == "said"
    assert answer.headers["x-litellm-model-group"] == "b"
    without = start(config(*entries))
    answer = ask(without.port, chat("filtered", "a"))
    assert answer.status == 200
    assert answer.json["choices"][0]["finish_reason"] == "content_filter"


def test_default_fallbacks_are_for_all_and_for_names_that_nobody_has(start, upstream):
    upstream.scripts["a-down"] = failing(500, "a")
    gateway = start(
        config(
            model(upstream, "a"),
            model(upstream, "b"),
            litellm_settings={"default_fallbacks": ["b"]},
        )
    )
    for name in ("a", "never-heard-of"):
        answer = ask(gateway.port, chat("a-down", name))
        assert answer.status == 200
        assert answer.headers["x-litellm-model-group"] == "b"
        assert answer.headers["x-litellm-attempted-fallbacks"] == "1"
    assert ask(gateway.port, chat("a-down", "nobody", disable_fallbacks=True)).status == 400


def test_a_request_may_name_its_fallbacks_or_want_none(start, upstream):
    upstream.scripts["a-down"] = failing(500, "a")
    gateway = start(
        config(
            *(model(upstream, name) for name in ("a", "b", "c")),
            router_settings={"fallbacks": [{"a": ["b"]}]},
        )
    )

    def group(**more):
        answer = ask(gateway.port, chat("a-down", "a", **more))
        return answer.headers["x-litellm-model-group"] if answer.status == 200 else answer.status

    assert group() == "b"
    assert group(fallbacks=["c"]) == "c"
    assert group(fallbacks=[{"a": ["c"]}]) == "c"
    assert group(disable_fallbacks=True) == 500
    assert group(max_fallbacks=0) == 500
    assert group(fallbacks=[{"model": "c", "temperature": 0}]) == 400
    assert not {"fallbacks", "disable_fallbacks", "max_fallbacks"} & set(upstream.requests[-1].json)


def test_mock_failures_lead_to_fallbacks_where_they_are_allowed(start, upstream):
    entries = [model(upstream, name) for name in ("a", "b")]
    fallbacks = {"fallbacks": [{"a": ["b"]}]}
    allowed = {**fallbacks, "patchbay": {"allow_mock_testing": True}}
    open_ = start(config(*entries, router_settings=allowed))
    closed = start(config(*entries, router_settings=fallbacks))
    upstream.clear()
    body = chat(model="a", mock_testing_fallbacks=True)
    answer = ask(open_.port, body)
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == "b"
    assert [seen.json["model"] for seen in upstream.requests] == ["b"]
    assert ask(closed.port, body).status == 400


def test_a_provider_that_is_not_there(start, upstream):
    """A refused connection is a failure like any other: another group takes over."""
    gone = deployment("a", "openai/a", "http://127.0.0.1:1/v1", canary.OPENAI)
    gateway = start(
        config(gone, model(upstream, "b"), router_settings={"fallbacks": [{"a": ["b"]}]})
    )
    answer = ask(gateway.port, chat(model="a"))
    assert answer.status == 200
    assert answer.headers["x-litellm-model-group"] == "b"


def test_a_rate_limited_deployment_rests_as_long_as_its_provider_asks(start, upstream):
    limited = failing(429, "one", headers=[("retry-after", "2")], kind="rate_limit")
    upstream.scripts["limited"] = limited
    gateway = start(
        config(
            model(upstream, "m", "one"),
            model(upstream, "m", "two"),
            num_retries=1,
            router_settings={"cooldown_time": 1},
        )
    )
    upstream.clear()

    def ones():
        return [seen.arrived for seen in upstream.requests if seen.json["model"] == "one"]

    for _ in range(30):
        assert ask(gateway.port, chat("limited", "m")).status == 200
    assert len(ones()) == 1 or ones()[1] - ones()[0] > 1.9, "asked once, and not while it rests"
    until = time.monotonic() + paths.deadline(10)
    while len(ones()) == 1:
        assert time.monotonic() < until
        assert ask(gateway.port, chat("limited", "m")).status == 200
        time.sleep(0.05)
    page = ask(gateway.port, method="GET", path="/metrics").body.decode()
    rests = [line for line in page.splitlines() if "cooled_down_total{" in line and "one" in line]
    assert len(rests) == 1 and int(float(rests[0].split()[-1])) >= 1
    assert 'litellm_deployment_state{litellm_model_name="openai/two"' in page
    first, probe, *_ = ones()
    assert 1.9 < probe - first


def test_a_deployment_that_fails_rests_and_comes_back(start, upstream):
    upstream.scripts["flapping"] = failing(500, "one")
    gateway = start(
        config(
            model(upstream, "m", "one"),
            model(upstream, "m", "two"),
            num_retries=2,
            router_settings={"allowed_fails": 1, "cooldown_time": 0.7},
        )
    )
    upstream.clear()
    begun = time.monotonic()
    for _ in range(30):
        assert ask(gateway.port, chat("flapping", "m")).status == 200
    rests = (time.monotonic() - begun) // 0.7  # that may have ended meanwhile
    assert [seen.json["model"] for seen in upstream.requests].count("one") <= 3 * (1 + rests)
    upstream.scripts["flapping"] = answers.default
    time.sleep(1.6)
    upstream.clear()
    for _ in range(60):
        assert ask(gateway.port, chat("flapping", "m")).status == 200
    assert {seen.json["model"] for seen in upstream.requests} == {"one", "two"}


def test_the_clients_own_mistakes_make_nobody_rest(start, upstream):
    upstream.scripts["mistake"] = failing(400, "one", "two")
    gateway = start(config(model(upstream, "m", "one"), model(upstream, "m", "two")))
    for _ in range(40):
        assert ask(gateway.port, chat("mistake", "m")).status == 400
    upstream.clear()
    for _ in range(40):
        assert ask(gateway.port, chat(model="m")).status == 200
    assert {seen.json["model"] for seen in upstream.requests} == {"one", "two"}


def test_everything_rests_is_a_429_that_says_how_long(start, upstream):
    upstream.scripts["limited"] = failing(429, "a", "b", headers=[("retry-after", "20")])
    gateway = start(
        config(
            model(upstream, "a"),
            model(upstream, "b"),
            router_settings={"fallbacks": [{"a": ["b"]}, {"b": ["a"]}]},
        )
    )
    assert ask(gateway.port, chat("limited", "a")).status == 429
    upstream.clear()
    answer = ask(gateway.port, chat("limited", "a"))
    assert answer.status == 429
    assert "No deployments available for selected model, Try again in" in answer.error["message"]
    assert 10 <= int(answer.headers["retry-after"]) <= 20
    assert not upstream.requests


def test_rests_outlive_a_reload(start, upstream):
    upstream.scripts["limited"] = failing(429, "one", headers=[("retry-after", "60")])
    made = config(model(upstream, "m", "one"), model(upstream, "m", "two"), num_retries=1)
    gateway = start(made)
    upstream.clear()
    while not any(seen.json["model"] == "one" for seen in upstream.requests):
        assert ask(gateway.port, chat("limited", "m")).status == 200
    mark = gateway.reload({**made, "litellm_settings": {"drop_params": True}})
    gateway.wait_for("configuration loaded again", paths.deadline(20), mark)
    upstream.clear()
    for _ in range(30):
        assert ask(gateway.port, chat("limited", "m")).status == 200
    assert {seen.json["model"] for seen in upstream.requests} == {"two"}


@pytest.mark.parametrize("policy", ["retry_policy", "model_group_retry_policy"])
def test_retries_by_kind_of_failure(start, upstream, policy):
    upstream.scripts["bad"] = answers.error(400, answers.openai_error("no"))
    retries = {"BadRequestErrorRetries": 2}
    settings = {policy: retries if policy == "retry_policy" else {"m": retries}}
    gateway = start(
        config(model(upstream, "m"), model(upstream, "m", "n"), router_settings=settings)
    )
    upstream.clear()
    answer = ask(gateway.port, chat("bad", "m"))
    assert answer.status == 400
    assert len(upstream.of("bad")) == 3
    assert answer.headers["x-litellm-attempted-retries"] == "2"
    assert answer.headers["x-litellm-max-retries"] == "2"


def test_a_client_may_ask_what_routing_thought(start, upstream):
    upstream.scripts["a-down"] = failing(500, "a")
    gateway = start(
        config(
            model(upstream, "a"),
            model(upstream, "b"),
            router_settings={"fallbacks": [{"a": ["b"]}]},
        )
    )
    answer = ask(gateway.port, chat("a-down", "a"), headers={"x-patchbay-explain": "1"})
    assert answer.headers["x-patchbay-explain"] == (
        "a: 1 of 1 -> id-a; failed: upstream 500; falls back to b; b: 1 of 1 -> id-b"
    )


def test_check_tells_of_fallbacks_that_lead_nowhere(tmp_path, upstream):
    file = tmp_path / "config.yaml"
    file.write_text(
        f"""
model_list:
  - {{model_name: a, litellm_params: {{model: openai/a, api_base: "{upstream.url}/v1", api_key: x}}}}
  - {{model_name: b, litellm_params: {{model: openai/b, api_base: "{upstream.url}/v1", api_key: x}}}}
router_settings:
  fallbacks: [{{a: [b, gone]}}, {{lost: [a]}}, {{b: [a]}}]
"""
    )
    status, output = command("check", file)
    assert status == 0
    assert "`fallbacks` of 'a': 'gone' is not a model_name: passed over" in output
    assert "'lost' is not a model_name, so its fallbacks are never taken" in output
    assert "the fallbacks of 'a' lead back to it" in output
    assert command("check", "--strict", file)[0] == 78
