"""Virtual keys on the way of a call: what they may do, what they cost, and that a budget holds."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest

from support import canary, paths
from support.answers import USAGE, completion
from support.books import PostgresBooks, check
from support.gateway import config, deployment
from support.process import eventually
from support.stalls import Stalls
from support.wire import ask as wire_ask
from support.wire import chat

PRICE = 11 * 2500 + 4 * 10000  # gpt-4o, nano-dollars, for what the scripted upstream says it used


@pytest.fixture
def state(tmp_path):
    return {"PATCHBAY_STATE_DIR": str(tmp_path / "state")}


@pytest.fixture
def gateway(start, upstream, books, state):
    address = upstream.url + "/v1"
    grouped = deployment("grouped", "openai/gpt-4o", address, canary.OPENAI)
    grouped["model_info"] = {"access_groups": ["beta"]}
    return start(
        config(
            deployment("scripted", "openai/gpt-4o", address, canary.OPENAI),
            deployment("other", "openai/gpt-4o-mini", address, canary.OPENAI),
            grouped,
            general_settings={"database_url": books.url},
        ),
        env=state,
    )


@pytest.fixture
def manage(gateway):
    """manage(path, body) asks the management API as the administrator."""

    def run(path, body=None, method="POST"):
        answer = httpx.request(
            method,
            f"http://127.0.0.1:{gateway.port}{path}",
            json=body,
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return run


@pytest.fixture
def new_key(manage):
    return lambda **fields: manage("/key/generate", fields)["key"]


@pytest.fixture
def call(gateway):
    def run(key, model="scripted", script="default", path="/v1/chat/completions", **more):
        return wire_ask(
            gateway.port,
            chat(script, model, **more),
            headers={"Authorization": f"Bearer {key}"},
            path=path,
        )

    return run


def test_many_keys_are_made_and_used_at_once(new_key, call):
    def status(key):
        """A busy store may not answer in time, which is a 503 and says nothing of the key."""
        return eventually(lambda: (said := call(key).status) != 503 and said, paths.deadline(10))

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: status(new_key()), range(200)))
        assert statuses == [200] * 200
        made = list(pool.map(lambda _: new_key(), range(120)))
        assert list(pool.map(status, made)) == [200] * 120
        assert list(pool.map(status, [f"sk-guess-{n}" for n in range(120)])) == [401] * 120


def test_a_key_for_each_team_with_openais_sdk(gateway, manage, books):
    clients = {}
    for team in ("red", "blue"):
        made = manage("/team/new", {"team_id": team, "team_alias": team.title()})
        assert made["team_id"] == team
        key = manage("/key/generate", {"team_id": team, "max_budget": 1, "rpm_limit": 3})["key"]
        clients[team] = openai.OpenAI(
            base_url=f"http://127.0.0.1:{gateway.port}/v1", api_key=key, max_retries=0
        )
    messages = [{"role": "user", "content": "script:default"}]
    raw = clients["red"].chat.completions.with_raw_response.create(
        model="scripted", messages=messages
    )
    assert raw.headers["x-litellm-key-max-budget"] == "1"
    assert raw.headers["x-litellm-key-rpm-limit"] == "3"
    assert raw.headers["x-ratelimit-api_key-remaining-requests"] == "2"
    assert raw.headers["x-ratelimit-remaining-requests"] == "2"
    assert raw.headers["x-litellm-key-spend"] == "0.0000675"
    stream = clients["red"].chat.completions.create(
        model="scripted", messages=messages, stream=True, stream_options={"include_usage": True}
    )
    assert len(list(stream)) > 1
    clients["red"].chat.completions.create(model="scripted", messages=messages)
    with pytest.raises(openai.RateLimitError) as refused:
        clients["red"].chat.completions.create(model="scripted", messages=messages)
    assert "Rate limit exceeded for api_key" in str(refused.value)
    assert 0 < int(refused.value.response.headers["retry-after"]) <= 60
    clients["blue"].chat.completions.create(model="scripted", messages=messages)
    assert gateway.stop() == 0
    spent = books.query(
        "SELECT team_id, posted FROM account JOIN team ON team.id = subject "
        "WHERE book = 4 AND house = 0 ORDER BY 1",
    )
    assert spent == [("blue", PRICE), ("red", 3 * PRICE)]
    assert "all rules hold" in check(books)[1]


@pytest.mark.parametrize(
    ("fields", "model", "type_"),
    [
        ({"models": ["scripted"]}, "scripted", None),
        ({"models": ["scripted"]}, "other", "key_model_access_denied"),
        ({"models": ["scripted"]}, "no-such-model", "key_model_access_denied"),
        ({"models": ["script*"]}, "scripted", None),
        ({"models": ["beta"]}, "grouped", None),
        ({"models": ["beta"]}, "scripted", "key_model_access_denied"),
        ({"aliases": {"mine": "scripted"}, "models": ["scripted"]}, "mine", None),
        ({"allowed_routes": ["/embeddings"]}, "scripted", "auth_error"),
        ({"blocked": True}, "scripted", "auth_error"),
        ({"max_budget": 0}, "scripted", "budget_exceeded"),
        ({"model_rpm_limit": {"scripted": 0}}, "scripted", "None"),
        ({"model_rpm_limit": {"scripted": 0}}, "other", None),
    ],
)
def test_a_key_does_what_it_may(new_key, call, fields, model, type_):
    answer = call(new_key(**fields), model)
    if type_ is None:
        assert answer.status == 200, answer.body
    else:
        assert answer.error["type"] == type_, answer.body
        assert answer.status == int(answer.error["code"])


def test_an_alias_of_the_team_is_allowed_by_itself(gateway, manage, new_key, call):
    """LiteLLM's rule: the team's administrators give it; one of the key's own leads where the key may go."""
    manage(
        "/team/new",
        {"team_id": "amber", "models": ["scripted"], "model_aliases": {"scripted": "other", "far": "grouped"}},
    )
    key = new_key(team_id="amber", models=["scripted"], aliases={"mine": "other", "own": "far"})
    assert call(key, "scripted").headers["x-litellm-model-group"] == "other"
    assert call(key, "far").headers["x-litellm-model-group"] == "grouped"
    for name in ("other", "grouped", "mine"):
        answer = call(key, name)
        assert (answer.status, answer.error["type"]) == (403, "key_model_access_denied"), name
    answer = httpx.get(f"{gateway.url}/v1/models", headers={"Authorization": f"Bearer {key}"})
    assert [model["id"] for model in answer.json()["data"]] == ["scripted", "far"]


def test_an_expired_key_is_no_key(gateway, new_key, call):
    key = new_key(duration="1s")
    answer = eventually(lambda: (said := call(key)).status != 200 and said, paths.deadline(10))
    assert (answer.status, answer.error["type"]) == (401, "expired_key")
    answer = httpx.get(f"{gateway.url}/key/info", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "expired_key")


def test_fallbacks_that_a_client_names_are_models_it_uses(new_key, call):
    key = new_key(models=["scripted"])
    answer = call(key, fallbacks=["other"])
    assert answer.error["type"] == "key_model_access_denied"


def test_the_list_of_models_is_what_the_key_may_use(gateway, new_key):
    key = new_key(models=["other", "beta"])
    answer = httpx.get(
        f"http://127.0.0.1:{gateway.port}/v1/models", headers={"Authorization": f"Bearer {key}"}
    )
    assert {model["id"] for model in answer.json()["data"]} == {"other", "grouped"}
    for path, name in (("/model/info", "model_name"), ("/model_group/info", "model_group")):
        answer = httpx.get(
            f"http://127.0.0.1:{gateway.port}{path}", headers={"Authorization": f"Bearer {key}"}
        )
        assert {model[name] for model in answer.json()["data"]} == {"other", "grouped"}
    for path, status in (("/v1/models/other", 200), ("/v1/models/scripted", 404)):
        answer = httpx.get(
            f"http://127.0.0.1:{gateway.port}{path}", headers={"Authorization": f"Bearer {key}"}
        )
        assert answer.status_code == status


def test_the_gateways_own_pages_are_the_administrators(gateway, new_key):
    answer = httpx.get(
        f"http://127.0.0.1:{gateway.port}/admin/plugins",
        headers={"Authorization": f"Bearer {new_key()}"},
    )
    assert answer.status_code == 401 and "Only proxy admin" in answer.text


def test_a_budget_ends_calls_of_every_kind(new_key, call, gateway):
    key = new_key(max_budget=1.5 * PRICE / 1e9)
    assert call(key, max_tokens=4).status == 200
    assert call(key, stream=True, stream_options={"include_usage": True}).status == 200
    refused = call(key)
    assert refused.status == 422 and refused.error["type"] == "budget_exceeded"
    assert refused.error["message"] == (
        "Budget has been exceeded! Current cost: 0.000135, Max budget: 0.00010125"
    )
    assert call(key, stream=True).status == 422
    answer = httpx.post(
        f"http://127.0.0.1:{gateway.port}/v1/messages",
        json={"model": "scripted", "max_tokens": 4, "messages": [{"role": "user", "content": "x"}]},
        headers={"x-api-key": key},
    )
    assert answer.status_code == 402  # as Anthropic's API says it
    assert answer.json()["type"] == "error"


def test_200_clients_pass_a_budget_by_one_call_at_most(upstream, gateway, new_key, call, books):
    """Each call costs up to 0.02 $ and is under way together with the others."""
    dear = {**USAGE, "completion_tokens": 2000, "total_tokens": 2011}
    most = 400 * 2500 + 2000 * 10000

    async def script(exchange):
        await exchange.answer(200, completion() | {"usage": dear})

    upstream.scripts["dear"] = script
    key = new_key(max_budget=1)
    served, waited = [], []

    def client(_):
        while True:
            answer = call(key, script="dear", max_tokens=2000)
            if answer.status == 200:
                served.append(answer)
            elif answer.status == 429:
                waited.append(answer)
                assert answer.error["type"] == "budget_reserved"
            else:
                assert answer.error["type"] == "budget_exceeded", answer.body
                return

    with ThreadPoolExecutor(200) as pool:
        list(pool.map(client, range(200)))
    assert gateway.stop() == 0
    ((spent,),) = books.query("SELECT posted FROM account WHERE book = 12 AND house = 0")
    print(
        f"{len(served)} calls, {len(waited)} told to wait: spent {spent / 1e9} $ of 1 $, "
        f"bound {1 + most / 1e9} $"
    )
    assert spent == len(served) * (11 * 2500 + 2000 * 10000)
    assert 1e9 <= spent <= 1e9 + most
    assert check(books)[0] == 0


def test_what_was_spent_is_remembered_over_a_restart(
    start, upstream, books, state, gateway, new_key, call
):
    key = new_key(max_budget=1.5 * PRICE / 1e9, budget_duration="30d")
    assert call(key).status == 200
    assert call(key).status == 200
    assert call(key).status == 422
    assert gateway.stop() == 0
    again = start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": books.url},
        ),
        env=state,
    )
    answer = wire_ask(again.port, chat(), headers={"Authorization": f"Bearer {key}"})
    assert answer.status == 422, answer.body


def test_a_change_is_heard_of_within_a_second(manage, new_key, call):
    key = new_key()
    assert call(key).status == 200
    with Stalls() as stalls:
        begun = time.monotonic()
        manage("/key/block", {"key": key})
        eventually(lambda: call(key).status == 401, paths.deadline(20))
        took = stalls.net(begun)
    print(f"blocked after {took:.3f} s")
    assert took < 2 * paths.SLOWNESS
    manage("/key/unblock", {"key": key})
    eventually(lambda: call(key).status == 200, 10)
    manage("/key/delete", {"keys": [key]})
    eventually(lambda: call(key).status == 401, 10)
    assert call(key).error["type"] == "token_not_found_in_db"


@pytest.mark.parametrize("how", ["frozen", "gone"])
def test_without_the_store_known_keys_go_on_and_all_is_posted_later(new_key, call, books, gateway, how):
    go, come = (books.freeze, books.thaw) if how == "frozen" else (books.take_away, books.give_back)
    known, unknown = new_key(), new_key()
    assert call(known).status == 200
    go()
    try:
        for _ in range(5):
            assert call(known).status == 200
        with Stalls() as stalls:
            begun = time.monotonic()
            refused = call(unknown)
            took = stalls.net(begun)
        print(f"refused after {took:.3f} s")
        assert refused.status == 503 and refused.error["type"] == "no_db_connection"
        assert took < 1 * paths.SLOWNESS
    finally:
        come()
    eventually(lambda: call(unknown).status == 200, 20)
    assert gateway.stop() == 0
    assert books.query("SELECT COUNT(*) FROM entry WHERE status = 200") == [(7,)]
    assert "all rules hold" in check(books)[1]


def test_every_node_hears_of_a_change_within_two_seconds(start, upstream, postgres, tmp_path):
    """Two gateways with one server: a key that the one makes, blocks and deletes is so at the other."""
    store = PostgresBooks(postgres)
    made = config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        general_settings={"database_url": store.url},
    )
    one, other = (
        start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / name)}) for name in ("one", "other")
    )

    def manage(path, body):
        answer = httpx.post(
            f"{one.url}{path}", json=body, headers={"Authorization": f"Bearer {canary.MASTER}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status():
        return wire_ask(other.port, chat(), headers={"Authorization": f"Bearer {key}"}).status

    key = manage("/key/generate", {})["key"]
    for path, body, expected in (
        (None, None, 200),
        ("/key/block", {"key": key}, 401),
        ("/key/unblock", {"key": key}, 200),
        ("/key/update", {"key": key, "max_budget": 0}, 422),
        ("/key/delete", {"keys": [key]}, 401),
    ):
        if path:
            manage(path, body)
        with Stalls() as stalls:
            begun = time.monotonic()
            eventually(lambda expected=expected: status() == expected, paths.deadline(20))
            took = stalls.net(begun)
        print(f"{path}: {took:.3f} s")
        assert took < 2 * paths.SLOWNESS
    assert one.stop() == 0 and other.stop() == 0
    assert "all rules hold" in check(store)[1]


def test_a_key_that_nobody_has_is_refused_before_its_body(gateway):
    answer = wire_ask(
        gateway.port, chat(), headers={"Authorization": "Bearer " + canary.VIRTUAL}
    )
    assert answer.status == 401 and answer.error["type"] == "token_not_found_in_db"
    assert canary.VIRTUAL not in answer.body.decode()


def test_keys_are_in_no_log(gateway, new_key, call):
    """The search at the end of the session looks for it in all that the gateway printed."""
    key = new_key(key=canary.VIRTUAL, rpm_limit=1)
    assert call(key).status == 200
    assert call(key).status == 429
    assert canary.VIRTUAL not in call(key, "no-such-model").body.decode()


def test_a_key_may_say_some_things_of_the_cache_only(call, new_key):
    some = new_key(allowed_cache_controls=["no-cache"])
    assert call(some, cache={"no-cache": True}).status == 200
    refused = call(some, cache={"no-store": True})
    assert refused.status == 403
    assert refused.error["message"].startswith("Not allowed to set no-store as a cache control.")
    assert call(new_key(), cache={"no-store": True}).status == 200


def test_a_team_can_have_its_answers_for_itself(start, upstream, tmp_path):
    gateway = start(
        config(
            deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db"},
            litellm_settings={"cache": True, "cache_params": {"scope": "team"}},
        ),
        env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
    )

    def manage(path, **body):
        return wire_ask(gateway.port, body, path=path).json

    def key(**fields):
        return manage("/key/generate", **fields)["key"]

    manage("/team/new", team_id="red")
    manage("/team/new", team_id="blue")
    keys = [key(team_id="red"), key(team_id="red"), key(team_id="blue"), key(), key()]
    seen = []
    for one in keys * 2:
        answer = wire_ask(gateway.port, chat(), headers={"Authorization": f"Bearer {one}"})
        assert answer.status == 200
        seen.append(answer.headers["x-patchbay-cache"].partition(";")[0])
    assert seen[:5] == ["miss", "hit", "miss", "miss", "miss"]
    assert seen[5:] == ["hit"] * 5
