"""What keys, teams and the configuration lay down for each call: guardrails, parameters that a request must have."""

import httpx
import pytest

from support import canary, paths
from support.gateway import LOADED_AGAIN, config, deployment, guardrail
from support.guarded import RULES
from support.process import eventually

TEXT = "Write to jane.doe@example.org"
#: Path, body and where the message of an error stands, of each API that clients speak.
SURFACES = {
    "chat": ("/v1/chat/completions", {"model": "scripted", "messages": [{"role": "user", "content": TEXT}]}),
    "messages": (
        "/v1/messages",
        {"model": "scripted", "max_tokens": 9, "messages": [{"role": "user", "content": TEXT}]},
    ),
    "responses": ("/v1/responses", {"model": "scripted", "input": TEXT}),
    "gemini": (
        "/v1beta/models/scripted:generateContent",
        {"contents": [{"role": "user", "parts": [{"text": TEXT}]}]},
    ),
    "converse": (
        "/bedrock/model/scripted/converse",
        {"messages": [{"role": "user", "content": [{"text": TEXT}]}]},
    ),
}
each_surface = pytest.mark.parametrize("surface", SURFACES)


def made(upstream, tmp_path, guardrails=(), **settings) -> dict:
    return config(
        deployment("scripted", "openai_like/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db", **settings},
    ) | {"guardrails": list(guardrails)}


@pytest.fixture
def run(start, upstream, tmp_path):
    def begin(guardrails=(), **settings):
        return start(
            made(upstream, tmp_path, guardrails, **settings),
            env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")},
        )

    return begin


def post(gateway, path, body, key=canary.MASTER, **headers):
    return httpx.post(
        gateway.url + path,
        json=body,
        headers={"Authorization": f"Bearer {key}", **headers},
        timeout=30,
    )


def new(gateway, path="/key/generate", **fields) -> dict:
    answer = post(gateway, path, fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def call(gateway, key, surface="chat", **more):
    path, body = SURFACES[surface]
    return post(gateway, path, {**body, **more}, key)


def asked(upstream) -> str:
    return upstream.requests[-1].body.decode()


@each_surface
def test_a_key_s_parameters_must_be_in_each_request(run, upstream, surface):
    gateway = run()
    key = new(gateway, enforced_params=["metadata.generation_name"])["key"]
    upstream.clear()
    lacking = call(gateway, key, surface)
    assert lacking.status_code == 400, lacking.text
    assert (
        "BadRequest please pass param=[metadata][generation_name] in request body. This is a required param"
        in lacking.text
    )
    assert call(gateway, key, surface, metadata={"other": "x"}).status_code == 400
    assert not upstream.requests
    holder = "metadata" if surface == "chat" else "litellm_metadata"
    good = call(gateway, key, surface, **{holder: {"generation_name": "x"}})
    assert good.status_code == 200, good.text


def test_they_are_those_of_the_team_and_of_the_configuration_too(run, upstream):
    gateway = run(enforced_params=["user"])
    new(gateway, "/team/new", team_id="red", metadata={"enforced_params": ["seed"]})
    key = new(gateway, team_id="red")["key"]
    words = "BadRequest please pass param={} in request body. This is a required param"
    for body, missing in [({}, "user"), ({"user": "a"}, "seed"), ({"user": "a", "seed": None}, "seed")]:
        error = call(gateway, key, **body).json()["error"]
        assert (error["message"], error["param"], error["code"]) == (words.format(missing), missing, "400")
    assert call(gateway, key, user="a", seed=1).status_code == 200
    assert call(gateway, canary.MASTER).status_code == 400, "the configuration's are for everybody"
    assert call(gateway, canary.MASTER, user="a").status_code == 200


def test_enforce_user_param_asks_everybody_for_a_user(run):
    gateway = run(enforce_user_param=True)
    refused = call(gateway, canary.MASTER)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "user")
    assert call(gateway, canary.MASTER, user="a").status_code == 200


def test_tags_of_clients_are_refused_where_the_configuration_says_so(run):
    gateway = run(reject_clientside_metadata_tags=True)
    refused = call(gateway, canary.MASTER, metadata={"tags": ["a"]})
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "metadata.tags"
    assert call(gateway, canary.MASTER, metadata={"x": "a"}).status_code == 200


@each_surface
def test_guardrails_of_a_key_and_of_its_team_look_at_each_call(run, upstream, surface):
    gateway = run([guardrail("pii", "pre_call", **RULES)])
    new(gateway, "/team/new", team_id="red", guardrails=["pii"])
    for fields in ({"guardrails": ["pii"]}, {"team_id": "red"}):
        key = new(gateway, **fields)["key"]
        answer = call(gateway, key, surface)
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-litellm-applied-guardrails"] == "pii"
        assert "[EMAIL_REDACTED]" in asked(upstream) and "jane.doe" not in asked(upstream)
    answer = call(gateway, new(gateway)["key"], surface)
    assert "x-litellm-applied-guardrails" not in answer.headers
    assert "jane.doe" in asked(upstream)


def test_a_guardrail_that_is_not_there_is_refused_where_it_is_given(run):
    gateway = run([guardrail("pii", "pre_call", **RULES)])
    key = new(gateway)["key"]
    new(gateway, "/team/new", team_id="red")
    for path, body in [
        ("/key/generate", {}),
        ("/key/update", {"key": key}),
        ("/team/new", {}),
        ("/team/update", {"team_id": "red"}),
    ]:
        for more in ({"guardrails": ["pii", "lost"]}, {"metadata": {"guardrails": ["lost"]}}):
            answer = post(gateway, path, {**body, **more})
            assert answer.status_code == 400, (path, answer.text)
            assert "Guardrail 'lost' is not configured" in answer.json()["error"]["message"]
        assert post(gateway, path, {**body, "policies": ["strict"]}).status_code == 400


@each_surface
def test_no_call_goes_on_without_a_guardrail_that_was_taken_away(run, upstream, tmp_path, surface):
    gateway = run([guardrail("pii", "pre_call", **RULES)])
    new(gateway, "/team/new", team_id="red", guardrails=["pii"])
    key = new(gateway, team_id="red")["key"]
    assert call(gateway, key, surface).status_code == 200
    mark = gateway.reload(made(upstream, tmp_path))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), mark)
    upstream.clear()
    for more in ({}, {"stream": True} if surface in ("chat", "messages", "responses") else {}):
        answer = call(gateway, key, surface, **more)
        assert answer.status_code == 500, answer.text
        assert "Guardrail 'pii', which this key or its team has, is not configured" in answer.text
    assert not upstream.requests
    assert post(gateway, "/key/generate", {"guardrails": ["pii"]}).status_code == 400
    new(gateway, "/team/update", team_id="red", guardrails=[])
    eventually(lambda: call(gateway, key, surface).status_code == 200, paths.deadline(10))


@each_surface
def test_a_request_that_names_what_is_not_there_is_refused(run, upstream, surface):
    """Also where no guardrail is configured at all."""
    gateway = run()
    upstream.clear()
    for more in (
        {"guardrails": ["lost"]},
        {"metadata": {"guardrails": ["lost"]}},
        {"litellm_metadata": {"guardrails": ["lost"]}},
        {"policies": ["strict"]},
        {"metadata": {"policies": ["strict"]}},
    ):
        answer = call(gateway, canary.MASTER, surface, **more)
        assert answer.status_code == 400, (more, answer.text)
    assert not upstream.requests
