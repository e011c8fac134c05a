"""Responses that a provider keeps: asked for again, cancelled and deleted by their ids, at the deployment that made them."""

import openai
import pytest

from support import answers, canary
from support.answers import openai_error
from support.gateway import config, guardrail
from support.guarded import RULES
from support.metrics import scrape
from support.operations import RESPONSES
from support.responses import OUTPUT, at_places, events, home_of, openai_client, response, served
from support.wire import ask

ID = "resp_up1"


async def keeps(exchange):
    """What OpenAI answers on each path."""
    path, _, query = exchange.path.partition("?")
    end = path.split("/")[-1]
    if end == "gone":
        return await exchange.answer(404, openai_error("no such response"))
    if end == "input_items":
        item = {"id": "msg_0", "type": "message", "role": "user", "content": []}
        found = {"object": "list", "data": [item], "first_id": "msg_0", "last_id": "msg_0", "has_more": False}
        return await exchange.answer(200, found)
    if exchange.method == "DELETE":
        return await exchange.answer(200, {"id": ID, "object": "response", "deleted": True})
    if "stream=true" in query:
        return await answers.streamed(*events(OUTPUT))(exchange)
    await exchange.answer(200, response(OUTPUT, "cancelled" if end == "cancel" else "completed"))


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["default"] = keeps
    yield from served(tmp_path_factory.mktemp("kept"), at_places(upstream))


@pytest.fixture
def client(gateway):
    yield from openai_client(gateway)


@pytest.fixture
def made(client, upstream):
    """A response, and the place that made it."""
    answer = client.responses.create(model="m", input="Hello")
    return answer, home_of(upstream.requests[-1])


def last(upstream):
    asked = upstream.requests[-1]
    return asked.method, asked.path, asked.body


def test_it_is_asked_for_again(client, upstream, made):
    answer, home = made
    for _ in range(6):
        again = client.responses.retrieve(answer.id, include=["reasoning.encrypted_content"])
        assert again.id == answer.id and again.output == answer.output
        assert last(upstream) == (
            "GET",
            f"/{home}/v1/responses/{ID}?include%5B%5D=reasoning.encrypted_content",
            b"",
        )
        assert upstream.requests[-1].headers["authorization"] == f"Bearer {canary.OPENAI}"


def test_it_is_streamed_again(client, upstream, made):
    answer, home = made
    with client.responses.retrieve(answer.id, stream=True, starting_after=3) as stream:
        seen = list(stream)
    assert seen[0].response.id == seen[-1].response.id == answer.id
    assert last(upstream)[1] == f"/{home}/v1/responses/{ID}?starting_after=3&stream=true"


def test_what_was_asked_is_listed(client, upstream, made):
    answer, home = made
    page = client.responses.input_items.list(answer.id, limit=5, order="asc")
    assert [item.id for item in page.data] == ["msg_0"]
    assert last(upstream)[:2] == ("GET", f"/{home}/v1/responses/{ID}/input_items?limit=5&order=asc")


def test_it_is_cancelled_and_deleted(client, upstream, made, gateway):
    answer, home = made
    cancelled = client.responses.cancel(answer.id)
    assert (cancelled.id, cancelled.status) == (answer.id, "cancelled")
    assert last(upstream) == ("POST", f"/{home}/v1/responses/{ID}/cancel", b"")
    client.responses.delete(answer.id)
    assert last(upstream) == ("DELETE", f"/{home}/v1/responses/{ID}", b"")
    raw = ask(gateway.port, method="DELETE", path=f"/openai/v1/responses/{answer.id}")
    assert raw.json == {"id": answer.id, "object": "response", "deleted": True}


@pytest.mark.parametrize("id", ["resp_up1", "resp_", "x", "resp_" + "A" * 200])
def test_an_id_that_the_gateway_did_not_make_is_not_found(client, upstream, id):
    upstream.clear()
    with pytest.raises(openai.NotFoundError) as raised:
        client.responses.retrieve(id)
    assert id in raised.value.message
    assert not upstream.requests


def test_other_methods_are_refused(gateway, made):
    path = f"/v1/responses/{made[0].id}"
    for method, place, allowed in [
        ("PUT", "", "GET, HEAD, DELETE"),
        ("GET", "/cancel", "POST"),
        ("POST", "/input_items", "GET, HEAD"),
    ]:
        answer = ask(gateway.port, method=method, path=path + place)
        assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert ask(gateway.port, method="GET", path=path, key=None).status == 401


def test_it_is_paid_for_once(gateway, client, made):
    before = scrape(gateway)
    client.responses.retrieve(made[0].id)
    with client.responses.retrieve(made[0].id, stream=True) as stream:
        list(stream)
    after = scrape(gateway)
    tokens = {name: value for name, value in after.items() if "tokens" in str(name)}
    assert tokens == {name: before.get(name) for name in tokens}


def test_guardrails_that_cannot_look_at_it_let_nothing_pass(start, upstream):
    upstream.scripts["default"] = keeps
    plain = start(config(RESPONSES.deployment(upstream, "m")))
    made = ask(plain.port, RESPONSES.body("default"), path=RESPONSES.path).json["id"]
    rules = guardrail("pii", "post_call", default_on=True, **RULES)
    guarded = start({**config(RESPONSES.deployment(upstream, "m")), "guardrails": [rules]})
    upstream.clear()
    answer = ask(guarded.port, method="GET", path=f"/v1/responses/{made}")
    assert answer.status == 400 and "cannot look at" in answer.error["message"]
    assert not upstream.requests
    assert ask(guarded.port, method="DELETE", path=f"/v1/responses/{made}").status == 200
