"""Responses of models that are asked by way of chat, named again: previous_response_id, item_reference, their pages."""

import json

import openai
import pytest

from support import canary
from support.gateway import Gateway, config, deployment
from support.responses import CITIES, TOOL
from support.weather import SAID, answer, models
from support.wire import ask

both = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
each_model = pytest.mark.parametrize("model", ["chat", "claude"])


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["default"] = answer
    running = Gateway(tmp_path_factory.mktemp("kept"), config(*models(upstream)))
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0) as made:
        yield made


def final(client, stream, **body):
    if not stream:
        return client.responses.create(**body)
    with client.responses.stream(**body) as running:
        for _ in running:
            pass
        return running.get_final_response()


def results(response) -> list[dict]:
    return [
        {"type": "function_call_output", "call_id": item.call_id, "output": "sunny"}
        for item in response.output
        if item.type == "function_call"
    ]


@both
@each_model
def test_a_conversation_goes_on_from_a_response(client, upstream, model, stream):
    first = final(client, stream, model=model, input="Weather?", tools=[TOOL], instructions="Be brief.")
    assert first.store is True and first.id.removeprefix("resp_").isalnum() and len(first.id) == 37
    second = final(
        client, stream, model=model, input=results(first), tools=[TOOL], previous_response_id=first.id
    )
    assert (second.output_text, second.previous_response_id) == (SAID, first.id)
    sent = upstream.requests[-1].json
    assert "Be brief." not in json.dumps(sent), "instructions are those of one response"
    roles = [turn["role"] for turn in sent["messages"]]
    assert roles == ["user", "assistant", *(["tool"] * 2 if model == "chat" else ["user"])]
    third = final(client, stream, model=model, input="And now?", previous_response_id=second.id)
    sent = upstream.requests[-1].json["messages"]
    assert len(sent) == len(roles) + 2 and SAID in json.dumps(sent[-2])
    items = client.responses.input_items.list(third.id, order="asc", limit=100).data
    assert [item.type for item in items if item.type != "reasoning"] == [
        "message",
        *(["message"] if any(item.type == "message" for item in first.output) else []),
        *["function_call"] * 2,
        *["function_call_output"] * 2,
        "message",
        "message",
    ]
    assert len({item.id for item in items}) == len(items)


@both
@each_model
def test_items_are_named_instead_of_sent(client, upstream, model, stream):
    first = final(client, stream, model=model, input="Weather?", tools=[TOOL])
    named = [{"type": "item_reference", "id": item.id} for item in first.output]
    turns = [{"role": "user", "content": "Weather?"}, *named, *results(first)]
    second = final(client, stream, model=model, input=turns, tools=[TOOL])
    assert second.output_text == SAID
    assert all(city in json.dumps(upstream.requests[-1].json["messages"]) for city in CITIES)


@both
def test_a_response_can_be_had_again_and_forgotten(client, stream):
    made = final(client, stream, model="chat", input="Weather?", tools=[TOOL])
    again = client.responses.retrieve(made.id)
    assert [item.id for item in again.output] == [item.id for item in made.output]
    assert again.output[-1].arguments == made.output[-1].arguments
    assert (again.id, again.created_at, again.usage) == (made.id, made.created_at, made.usage)
    page = client.responses.input_items.list(made.id)
    assert [item.role for item in page.data] == ["user"] and not page.has_more
    client.responses.delete(made.id)
    for gone in (client.responses.retrieve, client.responses.delete, client.responses.input_items.list):
        with pytest.raises(openai.NotFoundError) as failed:
            gone(made.id)
        assert f"Response with id '{made.id}' not found." in failed.value.message
    with pytest.raises(openai.BadRequestError) as failed:
        final(client, False, model="chat", input="x", previous_response_id=made.id)
    assert f"Previous response with id '{made.id}' not found." in failed.value.message
    named = {"type": "item_reference", "id": made.output[0].id}
    with pytest.raises(openai.NotFoundError) as failed:
        final(client, False, model="chat", input=[named])
    assert f"Item with id '{made.output[0].id}' not found." in failed.value.message


def test_nothing_is_kept_that_the_client_does_not_want_kept(client):
    made = final(client, False, model="chat", input="Weather?", tools=[TOOL], store=False)
    assert made.store is False
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_pages_of_items(client):
    turns = [{"role": "user", "content": str(number)} for number in range(5)]
    made = final(client, False, model="chat", input=turns)
    page = client.responses.input_items.list(made.id, limit=2)
    assert [item.content for item in page.data] == ["4", "3"] and page.has_more
    page = client.responses.input_items.list(made.id, limit=2, after=page.last_id)
    assert [item.content for item in page.data] == ["2", "1"]
    assert [item.content for item in client.responses.input_items.list(made.id, order="asc")] == list("01234")


def test_no_key_finds_what_another_left(upstream, tmp_path_factory):
    upstream.scripts["default"] = answer
    made = config(deployment("chat", "openai_like/m", upstream.url + "/v1", canary.OPENAI), master_key=None)
    running = Gateway(tmp_path_factory.mktemp("keys"), made)

    def as_(key, path, body=b"", method="POST"):
        return ask(running.port, body, path=path, key=key, method=method)

    kept = as_("sk-ann", "/v1/responses", {"model": "chat", "input": "Hi"}).json["id"]
    assert as_("sk-ann", f"/v1/responses/{kept}", method="GET").status == 200
    assert as_("sk-bob", f"/v1/responses/{kept}", method="GET").status == 404
    assert as_("sk-bob", f"/v1/responses/{kept}", method="DELETE").status == 404
    on = {"model": "chat", "input": "Hi", "previous_response_id": kept}
    assert as_("sk-bob", "/v1/responses", on).status == 400
    assert as_("sk-ann", "/v1/responses", on).status == 200
    assert running.stop() == 0


def test_nothing_is_kept_where_there_is_no_room_for_it(upstream, tmp_path_factory):
    upstream.scripts["default"] = answer
    made = config(deployment("chat", "openai_like/m", upstream.url + "/v1", canary.OPENAI))
    running = Gateway(tmp_path_factory.mktemp("none"), made, env={"PATCHBAY_KEPT_RESPONSES_MB": "0"})
    answered = ask(running.port, {"model": "chat", "input": "Hi", "store": True}, path="/v1/responses")
    assert answered.json["store"] is False and answered.headers["x-patchbay-dropped"] == "store"
    on = {"model": "chat", "input": "Hi", "previous_response_id": "resp_1"}
    refused = ask(running.port, on, path="/v1/responses")
    assert refused.status == 400 and "keeps no responses" in refused.json["error"]["message"]
    assert running.stop() == 0
