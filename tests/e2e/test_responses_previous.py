"""Who goes on from a response is served by the deployment that made it, however many there are."""

import openai
import pytest

from support import answers, canary
from support.gateway import Gateway
from support.operations import RESPONSES
from support.responses import OUTPUT, PLACES, at_places, events, home_of, openai_client, response, served


async def made_by(exchange):
    """Says which deployment was asked, and what it went on from."""
    name = home_of(exchange)
    more = {"id": f"resp_{name}", "previous_response_id": exchange.json.get("previous_response_id")}
    if exchange.json.get("stream"):
        found = events(OUTPUT)
        for _, event in found:
            event.get("response", {}).update(more)
        return await answers.streamed(*found)(exchange)
    await exchange.answer(200, response(OUTPUT, **more))


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["default"] = made_by
    made = at_places(upstream, RESPONSES.deployment(upstream, "other", "/other"))
    yield from served(tmp_path_factory.mktemp("previous"), made)


@pytest.fixture
def client(gateway):
    yield from openai_client(gateway)


def ask(client, stream: bool, **more):
    asked = {"model": "m", "input": "Hello", **more}
    if not stream:
        return client.responses.create(**asked)
    with client.responses.stream(**asked) as running:
        return running.get_final_response()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_chain_stays_at_the_deployment_that_began_it(client, upstream, stream):
    began = set()
    for _ in range(12):
        before = ask(client, stream)
        home = home_of(upstream.requests[-1])
        began.add(home)
        for _ in range(4):
            after = ask(client, stream, previous_response_id=before.id)
            sent = upstream.requests[-1]
            assert home_of(sent) == home
            assert sent.json["previous_response_id"] == f"resp_{home}"
            assert after.previous_response_id == before.id
            assert after.id != f"resp_{home}" and after.id.startswith("resp_")
            before = after
    assert began == set(PLACES)


def test_another_model_does_not_know_it(client, upstream):
    before = ask(client, False)
    upstream.clear()
    with pytest.raises(openai.BadRequestError) as raised:
        ask(client, False, model="other", previous_response_id=before.id)
    assert before.id in raised.value.message and raised.value.param == "previous_response_id"
    assert not upstream.requests


def test_an_id_of_the_provider_s_own_goes_as_it_is(client, upstream):
    ask(client, False, previous_response_id="resp_of_long_ago")
    assert upstream.requests[-1].json["previous_response_id"] == "resp_of_long_ago"


def test_ids_hold_over_a_restart(client, gateway, upstream, tmp_path):
    """The key is made of the master key, and nothing is kept."""
    before = ask(client, False)
    home = home_of(upstream.requests[-1])
    again = Gateway(tmp_path, gateway.file.read_text())
    with openai.OpenAI(base_url=again.url + "/v1", api_key=canary.MASTER, max_retries=0) as other:
        for _ in range(8):
            ask(other, False, previous_response_id=before.id)
            assert home_of(upstream.requests[-1]) == home
    assert again.stop() == 0
