"""/v1/responses at a provider that speaks it: OpenAI's SDK in front, bytes through in both directions."""

import json

import openai
import pytest

from support import answers, canary
from support.answers import openai_error
from support.gateway import Gateway, config
from support.operations import RESPONSES
from support.records import Log
from support.responses import CODEX, OUTPUT, asking, dumped, events, response, says
from support.wire import ask

UPSTREAM_MODEL = RESPONSES.model.partition("/")[2]
#: As an upstream may write it: white space, numbers and members that a parser would change or not know.
WHOLE = (
    b'{ "id":"resp_1","object":"response","created_at":1.0,\n "model" : "gpt-5-2025-08-07","status":"completed",'
    b'"output":[{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}","n":1E2},'
    b'{"type":"new_kind","text":"caf\\u00e9 \\ud83d"}],'
    b'"new_member":{"model":"x"},"usage":{"input_tokens":11,"output_tokens":4,"total_tokens":15}}'
)


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    upstream.scripts["says"] = says
    running = Gateway(tmp_path_factory.mktemp("responses"), config(RESPONSES.deployment(upstream)))
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(gateway):
    with openai.OpenAI(
        base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0
    ) as made:
        yield made


def test_the_sdk_gets_every_kind_of_item(client):
    answer = client.responses.create(**asking())
    assert dumped(answer.output) == OUTPUT
    assert (answer.model, answer.status, answer.output_text) == ("m", "completed", "I look.")
    assert answer.usage.input_tokens_details.cached_tokens == 3


def test_the_sdk_puts_a_stream_together(client):
    with client.responses.stream(**asking()) as stream:
        seen = [event.type for event in stream]
        answer = stream.get_final_response()
    found = dumped(answer.output)
    for item in found:
        item.pop("parsed_arguments", None)  # the SDK's own reading of them
    assert found == OUTPUT
    assert (answer.model, answer.status) == ("m", "completed")
    assert seen[0] == "response.created" and seen[-1] == "response.completed"


def test_the_turns_go_back_byte_for_byte(client, upstream):
    """Encrypted thoughts and calls are sent again with their results, and nothing is read."""
    first = client.responses.create(**asking())
    turns = [{"role": "user", "content": "Hello"}, *dumped(first.output)]
    turns += [
        {"type": "function_call_output", "call_id": f"call_{city}", "output": "sunny"}
        for city in ("Paris", "Rome")
    ]
    client.responses.create(**asking(input=turns, store=False))
    assert upstream.requests[-1].json["input"] == turns


def bytes_of(gateway, body, upstream, script):
    upstream.scripts["bytes"] = script
    return ask(gateway.port, RESPONSES.body("bytes", **body), path=RESPONSES.path)


def test_a_whole_answer_is_untouched_but_for_the_model_and_its_id(gateway, upstream):
    async def script(exchange):
        await exchange.answer(200, WHOLE)

    answer = bytes_of(gateway, {}, upstream, script)
    assert answer.status == 200
    sealed = json.dumps(answer.json["id"]).encode()
    assert answer.body == WHOLE.replace(b'"gpt-5-2025-08-07"', b'"m"').replace(b'"resp_1"', sealed)


def test_a_stream_is_untouched_but_for_the_model_the_response_s_id_and_its_cost(gateway, upstream):
    found = events(OUTPUT)
    answer = bytes_of(gateway, {"stream": True}, upstream, answers.streamed(*found))
    sent = "".join(
        f"event: {name}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n"
        for name, value in found
    )
    sealed = json.loads(answer.events[0])["response"]["id"]
    assert sealed != "resp_up1"
    cost = json.loads(answer.events[-1])["response"]["usage"]["cost"]
    assert cost == pytest.approx((8 * 1250 + 3 * 125 + 4 * 10000) / 1e9)
    wanted = sent.replace('"gpt-5-2025-08-07"', '"m"').replace("resp_up1", sealed)
    wanted = wanted.replace('"usage":{"input', f'"usage":{{"cost":{cost:.9f},"input')
    assert answer.body.decode() == wanted
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_what_goes_upstream_is_what_came_but_for_the_model(gateway, upstream):
    body = RESPONSES.body(
        extra={"a": [1e-7]}, metadata={"k": "v"}, previous_response_id="resp_0", store=True
    )
    sent = ask(gateway.port, {**body, "no-log": True, "num_retries": 0}, path=RESPONSES.path)
    assert sent.status == 502  # the default script answers in another API's words
    assert upstream.requests[-1].json == {**body, "model": UPSTREAM_MODEL}
    assert upstream.requests[-1].path == "/v1/responses"


@pytest.mark.parametrize("path", ["/responses", "/v1/responses", "/openai/v1/responses"])
def test_every_path_leads_there(gateway, path):
    assert ask(gateway.port, asking(), path=path).status == 200


def test_requests_of_codex_go_as_they_are(gateway, upstream):
    body = {**CODEX, "user": "script:says"}
    answer = ask(gateway.port, body, path=RESPONSES.path)
    assert answer.status == 200
    assert upstream.requests[-1].json == {**body, "model": UPSTREAM_MODEL}


def refuses(status, message, **headers):
    async def script(exchange):
        await exchange.answer(status, openai_error(message), list(headers.items()))

    return script


ERRORS = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("status", ERRORS)
def test_errors_are_the_sdks_own(client, upstream, status, stream):
    upstream.scripts["refuses"] = refuses(status, "no way")
    with pytest.raises(ERRORS[status]) as raised:
        client.responses.create(**asking("refuses"), stream=stream)
    assert "no way" in str(raised.value)


def cut_after(number, end):
    return answers.streamed(*events(OUTPUT)[:number], end=end)


async def hang_up(exchange):
    exchange.close()


def test_a_stream_that_fails_before_it_says_something_is_an_error(client, upstream):
    upstream.scripts["cut"] = cut_after(3, hang_up)
    with pytest.raises(openai.InternalServerError):
        client.responses.create(**asking("cut"), stream=True)


def test_a_stream_that_is_cut_ends_in_an_error_event(client, upstream):
    upstream.scripts["cut"] = cut_after(6, hang_up)
    seen = list(client.responses.create(**asking("cut"), stream=True))
    assert [event.type for event in seen[:6]] == [name for name, _ in events(OUTPUT)[:6]]
    assert [event.type for event in seen[6:]] == ["error"]
    assert seen[-1].sequence_number == 6 and seen[-1].code == "server_error"
    assert "cut off" in seen[-1].message


def test_a_response_that_failed_is_told_as_one(client, upstream):
    failed = response([], "failed", error={"code": "server_error", "message": "The model failed."})

    async def script(exchange):
        if exchange.json.get("stream"):
            found = [*events(OUTPUT)[:2], ("response.failed", {"type": "response.failed", "response": failed})]
            return await answers.streamed(*found)(exchange)
        await exchange.answer(200, failed)

    upstream.scripts["failed"] = script
    answer = client.responses.create(**asking("failed"))
    assert (answer.status, answer.error.message) == ("failed", "The model failed.")
    last = list(client.responses.create(**asking("failed"), stream=True))[-1]
    assert (last.type, last.response.error.code) == ("response.failed", "server_error")


def test_it_is_recorded(start, upstream, tmp_path):
    upstream.scripts["says"] = says
    log = Log(tmp_path)
    gateway = start(config(RESPONSES.deployment(upstream), **log.sections), env=log.environment)
    for count, stream in enumerate((False, True), 1):
        assert ask(gateway.port, asking(stream=stream), path=RESPONSES.path).status == 200
        record = log.records(count)[-1]
        assert record["call_type"] == "aresponses" and record["status"] == "success"
        assert record["messages"] == "Hello"
        assert record["response"]["output"] == OUTPUT
        assert (record["prompt_tokens"], record["completion_tokens"]) == (11, 4)
