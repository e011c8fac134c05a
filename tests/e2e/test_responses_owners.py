"""Whose a response is: who has its id, and not a key of its owner, can neither read it, nor go on from it, nor delete it."""

import json

import httpx
import pytest

from support import answers, canary
from support.gateway import config, deployment
from support.operations import RESPONSES
from support.responses import OUTPUT, events, response

ID = "resp_up1"
WORDS = "Forbidden. The response id is not associated with the user, who this key belongs to."
COMPACTION = {
    "id": "resp_cmp1",
    "object": "response.compaction",
    "created_at": 1,
    "output": [{"id": "cmp_1", "type": "compaction", "encrypted_content": "x"}],
    "usage": {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7},
}
COUNT = {"object": "response.input_tokens", "input_tokens": 11}
MODELS = pytest.mark.parametrize("model", ["home", "chat"])
both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def provider(exchange):
    """Keeps responses, and chats."""
    path, _, query = exchange.path.partition("?")
    if "/responses" not in path:
        return await answers.default(exchange)
    end = path.split("/")[-1]
    if end in ("compact", "input_tokens"):
        return await exchange.answer(200, COMPACTION if end == "compact" else COUNT)
    if end == "input_items":
        return await exchange.answer(200, {"object": "list", "data": [], "has_more": False})
    if exchange.method == "DELETE":
        return await exchange.answer(200, {"id": ID, "object": "response", "deleted": True})
    if "stream=true" in query or (exchange.method == "POST" and exchange.json.get("stream")):
        return await answers.streamed(*events(OUTPUT))(exchange)
    await exchange.answer(200, response(OUTPUT, "cancelled" if end == "cancel" else "completed"))


class Caller:
    """Somebody with a key."""

    def __init__(self, url: str, key: str):
        self.http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30
        )

    def make(self, model="home", stream=False, **more) -> str:
        """Makes a response, and gives the id that the client sees."""
        answer = self.ask(model, stream=stream, **more)
        assert answer.status_code == 200, answer.text
        if not stream:
            return answer.json()["id"]
        data = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
        ids = {event["response"]["id"] for event in data if "response" in event}
        assert len(ids) == 1, ids
        return ids.pop()

    def ask(self, model="home", **more):
        return self.http.post("/v1/responses", json={"model": model, "input": "Hi", **more})

    def uses(self, id: str, model="home") -> dict:
        """What can be done with a response, each with the answer."""
        path = f"/v1/responses/{id}"
        return {
            "get": self.http.get(path),
            "stream": self.http.get(path, params={"stream": "true"}),
            "items": self.http.get(path + "/input_items"),
            "cancel": self.http.post(path + "/cancel"),
            "go on": self.ask(model, previous_response_id=id),
            "go on streamed": self.ask(model, previous_response_id=id, stream=True),
            "delete": self.http.delete(path),
        }


@pytest.fixture
def made(upstream, tmp_path):
    upstream.scripts["default"] = provider
    return config(
        RESPONSES.deployment(upstream, "home"),
        deployment("chat", "openai_like/m", upstream.url + "/v1", canary.OPENAI),
        general_settings={"database_url": f"sqlite://{tmp_path}/ledger.db"},
    )


@pytest.fixture
def run(start, made, tmp_path):
    """run(...) starts a gateway over the same store."""

    def begin(**settings):
        made["general_settings"].update(settings)
        return start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})

    return begin


def new_key(gateway, **fields) -> str:
    return gateway.make_key(**fields)["key"]


def caller(gateway, **fields) -> Caller:
    return Caller(gateway.url, new_key(gateway, **fields))


def refused(answers) -> None:
    for name, answer in answers.items():
        assert answer.status_code == 403, (name, answer.status_code, answer.text)
        error = answer.json()["error"]
        assert error["message"].startswith(WORDS), name
        assert error["code"] == "403", name


@both
@MODELS
def test_another_key_can_do_nothing_with_it(run, upstream, model, stream):
    gateway = run()
    ann, bob = caller(gateway, user_id="ann"), caller(gateway, user_id="bob")
    id = ann.make(model, stream)
    upstream.clear()
    refused(bob.uses(id, model))
    assert not upstream.requests
    assert ann.http.get(f"/v1/responses/{id}").json()["id"] == id
    ann.make(model, stream, previous_response_id=id)
    assert ann.http.delete(f"/v1/responses/{id}").json()["deleted"] is True


def test_who_has_the_same_owner_may_use_it(run):
    gateway = run()
    httpx.post(
        gateway.url + "/team/new",
        json={"team_id": "red"},
        headers={"Authorization": f"Bearer {canary.MASTER}"},
    )
    for fields, stranger in [
        ({"user_id": "ann"}, {"user_id": "bob"}),
        ({"team_id": "red"}, {"team_id": "red", "user_id": "ann"}),
    ]:
        id = caller(gateway, **fields).make()
        assert caller(gateway, **fields).http.get(f"/v1/responses/{id}").status_code == 200
        refused({"get": caller(gateway, **stranger).http.get(f"/v1/responses/{id}")})
    own = caller(gateway)
    id = own.make()
    assert own.http.get(f"/v1/responses/{id}").status_code == 200
    refused({"get": caller(gateway).http.get(f"/v1/responses/{id}")})


@MODELS
def test_the_master_key_uses_all_and_what_it_makes_is_its_own(run, model):
    gateway = run()
    master, ann = Caller(gateway.url, canary.MASTER), caller(gateway, user_id="ann")
    id = ann.make(model)
    assert master.http.get(f"/v1/responses/{id}").status_code == 200
    assert master.ask(model, previous_response_id=id).status_code == 200
    refused(ann.uses(master.make(model), model))
    assert master.http.delete(f"/v1/responses/{id}").status_code == 200


def test_an_id_is_bound_over_a_restart(start, run):
    gateway = run()
    ann_key, bob_key = new_key(gateway, user_id="ann"), new_key(gateway, user_id="bob")
    id = Caller(gateway.url, ann_key).make()
    assert "ann" not in id
    assert gateway.stop() == 0
    again = run()
    assert Caller(again.url, ann_key).http.get(f"/v1/responses/{id}").status_code == 200
    refused(Caller(again.url, bob_key).uses(id))


def test_no_letter_of_an_id_can_be_changed(run, upstream):
    gateway = run()
    ann, bob = caller(gateway, user_id="ann"), caller(gateway, user_id="bob")
    id = ann.make()
    upstream.clear()
    for at in range(5, len(id) - 1, 7):
        other = id[:at] + ("A" if id[at] != "A" else "B") + id[at + 1 :]
        for who in (ann, bob):
            assert who.http.get(f"/v1/responses/{other}").status_code == 404
        assert bob.ask(previous_response_id=other).status_code == 403
    assert bob.http.get(f"/v1/responses/{id[: len(id) // 2]}").status_code == 404
    assert not upstream.requests


def test_ids_of_the_provider_s_own_are_for_administrators(run, upstream):
    gateway = run()
    ann = caller(gateway, user_id="ann")
    upstream.clear()
    answer = ann.ask(previous_response_id=ID)
    assert answer.status_code == 403
    assert "allow_unmanaged_response_ids" in answer.json()["error"]["message"]
    assert not upstream.requests
    lost = ann.ask("chat", previous_response_id="resp_" + "0" * 32)
    assert lost.status_code == 400
    assert "not found" in lost.json()["error"]["message"]
    assert Caller(gateway.url, canary.MASTER).ask(previous_response_id=ID).status_code == 200
    assert upstream.requests[-1].json["previous_response_id"] == ID


def test_nor_can_chat_go_on_from_one(start, made, tmp_path, upstream):
    """Which is asked for by way of the Responses API where a model has no other."""
    pro = RESPONSES.deployment(upstream, "pro", model="openai/gpt-5-pro")
    made["model_list"].append(pro)
    gateway = start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    ann = caller(gateway, user_id="ann")
    body = {"model": "pro", "messages": [{"role": "user", "content": "Hi"}]}
    upstream.clear()
    for stream in (False, True):
        answer = ann.http.post(
            "/v1/chat/completions", json={**body, "stream": stream, "previous_response_id": ID}
        )
        assert answer.status_code == 403, answer.text
        assert "was not issued by this proxy" in answer.json()["error"]["message"]
    messages = ann.http.post(
        "/v1/messages", json={**body, "max_tokens": 99, "previous_response_id": ID}
    )
    assert messages.status_code == 403
    assert messages.json()["type"] == "error"
    assert not upstream.requests
    assert ann.http.post("/v1/chat/completions", json=body).status_code == 200


def test_conversations_are_for_administrators(run, upstream):
    """The provider keeps them, and nothing says who began one."""
    gateway = run()
    ann = caller(gateway, user_id="ann")
    upstream.clear()
    for conversation in ("conv_1", {"id": "conv_1"}):
        answer = ann.ask(conversation=conversation)
        assert answer.status_code == 403
        assert "allow_unmanaged_response_ids" in answer.json()["error"]["message"]
    chat = {"model": "chat", "messages": [{"role": "user", "content": "Hi"}], "conversation": "conv_1"}
    assert ann.http.post("/v1/chat/completions", json=chat).status_code == 403
    assert not upstream.requests
    assert ann.ask(conversation=None).status_code == 200
    assert Caller(gateway.url, canary.MASTER).ask(conversation="conv_1").status_code == 200
    assert upstream.requests[-1].json["conversation"] == "conv_1"


def test_a_conversation_is_made_shorter_and_counted_by_the_provider_for_its_owner(run, upstream):
    gateway = run()
    ann, bob = caller(gateway, user_id="ann"), caller(gateway, user_id="bob")
    id = ann.make()

    def post(who, path, **body):
        return who.http.post(f"/v1/responses/{path}", json={"model": "home", **body})

    upstream.clear()
    compact = post(ann, "compact", previous_response_id=id)
    assert compact.status_code == 200, compact.text
    assert compact.json()["object"] == "response.compaction"
    assert upstream.requests[-1].path.endswith("/responses/compact")
    assert upstream.requests[-1].json["previous_response_id"] == ID
    assert compact.json()["id"] != COMPACTION["id"]  # sealed, as those of responses
    count = post(ann, "input_tokens", input="Hi")
    assert count.json() == COUNT
    assert upstream.requests[-1].path.endswith("/responses/input_tokens")
    upstream.clear()
    for path in ("compact", "input_tokens"):
        for refused in (
            post(bob, path, previous_response_id=id),
            post(ann, path, previous_response_id=ID),
            post(ann, path, input="Hi", conversation="conv_1"),
        ):
            assert refused.status_code == 403, refused.text
        elsewhere = ann.http.post(f"/v1/responses/{path}", json={"model": "chat", "input": "Hi"})
        assert elsewhere.status_code == 400, elsewhere.text
    assert not upstream.requests


def test_the_settings_that_open_it(run, upstream):
    gateway = run(disable_responses_id_security=True, allow_unmanaged_response_ids=True)
    ann, bob = caller(gateway, user_id="ann"), caller(gateway, user_id="bob")
    for model in ("home", "chat"):
        id = ann.make(model)
        assert bob.http.get(f"/v1/responses/{id}").json()["id"] == id
        assert bob.ask(model, previous_response_id=id).status_code == 200
        assert bob.http.delete(f"/v1/responses/{id}").status_code == 200
    assert ann.ask(previous_response_id=ID).status_code == 200
    assert upstream.requests[-1].json["previous_response_id"] == ID
    assert ann.ask(conversation="conv_1").status_code == 200


def test_a_key_with_few_models_is_told_that_there_is_no_such_response(run):
    gateway = run()
    ann = caller(gateway, user_id="ann", models=["home"])
    answer = ann.http.get("/v1/responses/resp_x")
    assert answer.status_code == 404
    assert "resp_x" in answer.json()["error"]["message"]


def test_the_cache_hands_no_response_that_is_kept_to_others(start, made, tmp_path, upstream):
    made["litellm_settings"] = {"cache": True, "cache_params": {"type": "local"}}
    gateway = start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    keys = [new_key(gateway, user_id=user) for user in ("ann", "ann", "bob")]
    asked = []
    for more in ({}, {"store": False}):
        for key in keys:
            upstream.clear()
            Caller(gateway.url, key).make(**more)
            asked.append(len(upstream.requests))
    assert asked == [1, 0, 1, 1, 0, 0], "what is kept nowhere is shared by all"
