"""Whether fallbacks of the configuration lead to models that a key may not use: enforce_fallback_model_access."""

import httpx
import pytest

from support import answers, canary, paths
from support.gateway import LOADED_AGAIN, config, deployment
from support.wire import ask, chat


def made(upstream, folder, **general):
    address = upstream.url + "/v1"
    return config(
        *[deployment(name, f"openai/{name}", address, canary.OPENAI) for name in ("a", "b", "c")],
        num_retries=0,
        general_settings={"database_url": f"sqlite://{folder}/ledger.db", **general},
        router_settings={"fallbacks": [{"a": ["b", "c"]}], "default_fallbacks": ["b"]},
    )


@pytest.fixture
def run(start, upstream, tmp_path):
    async def script(exchange):
        if exchange.json["model"] == "a":
            await exchange.answer(500, answers.openai_error("down", "server_error", None))
        else:
            await answers.default(exchange)

    upstream.scripts["a-down"] = script

    def begin(**general):
        return start(
            made(upstream, tmp_path, **general),
            env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        )

    return begin


def new_key(gateway, **fields):
    return gateway.make_key(**fields)["key"]


def group(gateway, key, model="a"):
    """The group that answered a call, or the status of its refusal."""
    answer = ask(
        gateway.port, chat("a-down", model), headers={"Authorization": f"Bearer {key}"}
    )
    return answer.headers["x-litellm-model-group"] if answer.status == 200 else answer.status


def test_a_key_falls_back_to_its_models_alone(run, upstream, tmp_path):
    gateway = run()
    one = new_key(gateway, models=["a"])
    assert group(gateway, one) == 500, "the failure of the model that was asked for"
    assert group(gateway, new_key(gateway, models=["a", "c"])) == "c"
    assert group(gateway, new_key(gateway)) == "b"
    assert group(gateway, canary.MASTER) == "b"
    nobodys = new_key(gateway, models=["nobody-has-it"])
    assert group(gateway, nobodys, "nobody-has-it") == 400
    assert group(gateway, new_key(gateway), "nobody-has-it") == "b"

    at = gateway.reload(made(upstream, tmp_path, enforce_fallback_model_access=False))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert group(gateway, one) == "b"
    assert group(gateway, nobodys, "nobody-has-it") == "b"


def test_whoever_wrote_the_fallbacks_decides_if_that_is_said(run):
    gateway = run(enforce_fallback_model_access=False)
    assert group(gateway, new_key(gateway, models=["a"])) == "b"


def test_the_word_of_a_key_on_fallbacks_goes_before_its_requests(run):
    gateway = run()
    never, always = (new_key(gateway, metadata={"disable_fallbacks": word}) for word in (True, False))
    assert group(gateway, never) == 500
    body = chat("a-down", "a", disable_fallbacks=True, timeout=7.5)
    answer = ask(gateway.port, body, key=always)
    assert answer.headers["x-litellm-model-group"] == "b"
    assert answer.headers["x-litellm-timeout"] == "7.5"


def test_a_key_or_its_team_may_have_fallbacks_of_its_own(run):
    """`router_settings`: what a request says goes first, and models that the key may not use are passed over, whatever is enforced."""
    gateway = run(enforce_fallback_model_access=False)

    def key(fallbacks, **fields):
        return new_key(gateway, router_settings={"fallbacks": [{"a": fallbacks}], "num_retries": 1}, **fields)

    assert group(gateway, key(["c"])) == "c"
    assert group(gateway, key([])) == 500, "none at all"
    assert group(gateway, key(["b", "c"], models=["a", "c"])) == "c"
    answer = ask(
        gateway.port,
        chat("a-down", "a", fallbacks=["b"], num_retries=0),
        headers={"Authorization": f"Bearer {key(['c'])}"},
    )
    assert answer.headers["x-litellm-model-group"] == "b"
    settings = {"fallbacks": [{"a": ["c"]}], "model_group_alias": {"nick": "a"}}
    made = httpx.post(
        gateway.url + "/team/new",
        json={"team_id": "red", "router_settings": settings},
        headers={"Authorization": f"Bearer {canary.MASTER}"},
    )
    assert made.status_code == 200, made.text
    of_team = new_key(gateway, team_id="red")
    assert [group(gateway, of_team, name) for name in ("a", "nick")] == ["c", "c"]
    assert group(gateway, key(["b"], team_id="red")) == "b"
