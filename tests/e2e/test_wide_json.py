"""JSON that parsers refuse or round (halves of surrogate pairs, long numbers, repeated members): no way past
a guardrail, no loss in a record. Bodies are bytes, since what matters is how they are written."""

import json
import queue

import pytest

from support import answers, canary, paths
from support.answers import completion, piece
from support.gateway import config, deployment, guardrail
from support.wire import ask

WORDS = {
    "blocked_words": [
        {"keyword": "kingfisher", "action": "BLOCK"},
        {"keyword": "heron", "action": "MASK"},
        {"keyword": "цапля", "action": "MASK"},
    ]
}
MASK = "[KEYWORD_REDACTED]"


def body(members: str, messages: str = '[{"role":"user","content":"x"}]') -> bytes:
    return f'{{"model":"m",{members}{"," if members else ""}"messages":{messages}}}'.encode()


def said(content: str) -> bytes:
    return body("", f'[{{"role":"user","content":"{content}"}}]')


@pytest.fixture
def model(start, upstream):
    """model(guardrails..., answer=): a gateway whose provider gives this answer (bytes), and what it was asked."""

    def run(*guardrails, answer=None, failures=0, **more):
        asked = []

        async def by_path(exchange):
            asked.append(exchange)
            if not exchange.path.endswith("/chat/completions"):
                return await exchange.answer(200, {"action": "BLOCKED", "blocked_reason": "no"})
            if len(asked) <= failures:
                return await exchange.answer(500, {"error": {"message": "busy"}})
            given = answer or json.dumps(completion("ok")).encode()
            if not given.startswith(b"data:"):
                return await exchange.answer(200, given)
            await exchange.start_stream()
            await exchange.chunk(given)
            return await exchange.finish()

        upstream.scripts["default"] = by_path
        made = config(deployment("m", "openai/m", upstream.url + "/v1", canary.OPENAI), **more)
        made["guardrails"] = list(guardrails)
        return start(made), asked

    yield run
    upstream.scripts["default"] = answers.default


def words(mode):
    return guardrail("words", mode, default_on=True, **WORDS)


def test_half_a_surrogate_pair_switches_no_guardrail_off(model):
    gateway, asked = model(words(["pre_call", "post_call"]))
    for hidden in [
        rb'"user":"u\udfff"',
        rb'"metadata":{"a":"\ud83d"}',
        rb'"something":["\ud83d\ud83d"]',
        rb'"\udfff":1',
    ]:
        given = body(hidden.decode(), '[{"role":"user","content":"the kingfisher"}]')
        assert ask(gateway.port, given).status == 400, hidden
    assert asked == []
    assert ask(gateway.port, said(r"half an emoji \ud83d and a heron")).status == 200
    sent = asked[-1].body.decode()
    assert MASK in sent and "heron" not in sent
    # What no guardrail changes is sent as it was written.
    untouched = said(r"cut \ud83d here \u0041")
    assert ask(gateway.port, untouched).status == 200
    assert asked[-1].body == untouched


@pytest.mark.parametrize("mode", ["pre_call", "during_call"])
def test_a_service_is_asked_about_requests_with_half_a_pair(model, upstream, mode):
    hook = guardrail("hook", mode, "webhook", default_on=True, api_base=upstream.url)
    gateway, asked = model(hook)
    assert ask(gateway.port, said(r"a word \ud83d")).status == 400
    question = next(x for x in asked if "guardrail" in x.path).json
    assert question["texts"] == ["a word \ufffd"]
    assert question["structured_messages"] == [{"role": "user", "content": "a word \ufffd"}]


def test_answers_with_half_a_pair_are_looked_at(model):
    given = json.dumps(completion("a kingfisher ?")).replace("?", r"\ud83d").encode()
    gateway, _ = model(words("post_call"), answer=given)
    assert ask(gateway.port, said("x")).status == 400
    given = json.dumps(completion("a heron ?")).replace("?", r"\ud83d").encode()
    gateway, _ = model(words("post_call"), answer=given)
    text = ask(gateway.port, said("x")).json["choices"][0]["message"]["content"]
    assert text == f"a {MASK} \ufffd"


def events(*deltas) -> bytes:
    lines = [
        'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",'
        f'"choices":[{{"index":0,"delta":{delta}}}]}}\n\n'
        for delta in deltas
    ]
    return ("".join(lines) + f"data: {json.dumps(piece(finish='stop'))}\n\ndata: [DONE]\n\n").encode()


def test_streams_with_halves_are_looked_at_and_pass_whole(model):
    given = events(r'{"content":"a \ud83d"}', r'{"content":"\ude00 b"}')
    gateway, _ = model(words("post_call"), answer=given)
    answer = ask(gateway.port, body('"stream":true'))
    texts = [json.loads(e)["choices"][0]["delta"].get("content", "") for e in answer.events[:-1]]
    joined = "".join(texts).encode("utf-16", "surrogatepass").decode("utf-16")
    assert joined == "a \U0001f600 b" and answer.events[-1] == "[DONE]"

    given = events(r'{"content":"\ud83d a her"}', r'{"content":"on \ude00"}')
    gateway, _ = model(words("post_call"), answer=given)
    answer = ask(gateway.port, body('"stream":true'))
    assert MASK in answer.body.decode() and "heron" not in "".join(answer.events)


@pytest.mark.parametrize(
    ("member", "status"),
    [
        ('"prediction":{"type":"content","content":"a heron"}', 200),
        ('"prediction":{"type":"content","content":[{"type":"text","text":"a heron"}]}', 200),
        (
            '"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",'
            '"properties":{"a":{"type":"string","description":"a heron"}}}}}]',
            200,
        ),
        ('"functions":[{"name":"f","description":"a heron","parameters":{}}]', 200),
        (
            '"response_format":{"type":"json_schema","json_schema":{"name":"n","description":"a heron",'
            '"schema":{"type":"object","description":"a heron"}}}',
            200,
        ),
        ('"suffix":"a heron"', 200),
        ('"stop":["heron"]', 200),
        ('"some_new_member":[{"deep":"a heron"}]', 200),
        ('"tools":[{"type":"function","function":{"name":"heron"}}]', 400),
        (
            '"tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"heron":{}}}}}]',
            400,
        ),
        ('"messages":[{"role":"user","content":"a heron"}]', 200),
    ],
)
def test_texts_outside_of_messages_are_looked_at(model, member, status):
    gateway, asked = model(words("pre_call"))
    answer = ask(gateway.port, body(member))
    assert answer.status == status
    assert len(asked) == (status == 200)
    for exchange in asked:
        assert b"heron" not in exchange.body and MASK.encode() in exchange.body
    assert "heron" not in answer.body.decode()


def test_contents_and_names_of_other_forms_are_looked_at(model):
    gateway, asked = model(words("pre_call"))
    given = body(
        "", '[{"role":"user","name":"heron","content":{"type":"text","text":"a heron"}}]'
    )
    assert ask(gateway.port, given).status == 200
    message = asked[-1].json["messages"][0]
    assert message == {
        "role": "user",
        "name": "_KEYWORD_REDACTED_",
        "content": {"type": "text", "text": f"a {MASK}"},
    }


@pytest.mark.parametrize("escaped", [r"h\\u0065ron", r"\\u0446\\u0430\\u043f\\u043b\\u044f", "heron"])
def test_escapes_inside_of_arguments_hide_nothing(model, escaped):
    gateway, asked = model(words("pre_call"))
    call = (
        r'{"id":"c","type":"function","function":{"name":"f","arguments":"{\"q\":\"%s\",'
        r'\"n\":12345678901234567890123}"}}' % escaped
    )
    given = body('"seed":98765432109876543210', f'[{{"role":"assistant","tool_calls":[{call}]}}]')
    assert ask(gateway.port, given).status == 200
    arguments = asked[-1].json["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert arguments == f'{{"q":"{MASK}","n":12345678901234567890123}}'
    assert b'"seed":98765432109876543210' in asked[-1].body


def test_escapes_inside_of_streamed_arguments_hide_nothing(model):
    pieces = [r"{\"q\":\"h\\u0", r"065ron \\u0446\\u0430", r"\\u043f\\u043b\\u044f\"}"]
    given = events(
        *(f'{{"tool_calls":[{{"index":0,"function":{{"arguments":"{p}"}}}}]}}' for p in pieces)
    )
    gateway, _ = model(words("post_call"), answer=given)
    answer = ask(gateway.port, body('"stream":true'))
    arguments = "".join(
        call["function"]["arguments"]
        for event in answer.events[:-1]
        for call in json.loads(event)["choices"][0]["delta"].get("tool_calls", [])
    )
    assert json.loads(arguments) == {"q": f"{MASK} {MASK}"}


def test_of_repeated_members_all_are_looked_at(model):
    gateway, asked = model(words("pre_call"))
    for given in [
        b'{"model":"m","messages":[{"role":"user","content":"a heron"}],"messages":[{"role":"user","content":"x"}]}',
        b'{"model":"m","messages":[{"role":"user","content":"a heron","content":"x"}]}',
        b'{"model":"m","messages":[{"role":"user","content":"x","content":"a heron"}]}',
    ]:
        assert ask(gateway.port, given).status == 200
        assert b"heron" not in asked[-1].body and MASK.encode() in asked[-1].body


def test_another_attempt_sends_what_the_guardrails_left(model):
    gateway, asked = model(words("pre_call"), num_retries=1, failures=1)
    assert ask(gateway.port, said(r"a heron \ud83d")).status == 200
    assert len(asked) == 2
    for exchange in asked:
        assert b"heron" not in exchange.body and MASK.encode() in exchange.body


def test_named_guardrails_are_not_lost_beside_half_a_pair(model):
    gateway, asked = model(guardrail("words", "pre_call", **WORDS))
    given = body(
        r'"metadata":{"note":"\ud83d","guardrails":["words"]}',
        '[{"role":"user","content":"the kingfisher"}]',
    )
    assert ask(gateway.port, given).status == 400
    assert asked == []


@pytest.fixture
def recorded(model, start, upstream, tmp_path):
    """recorded(request, answer, *guardrails): the record that a sink gets of this call."""

    def run(request, answer=None, *guardrails):
        arrived = queue.Queue()

        async def by_path(exchange):
            if exchange.path.startswith("/sink"):
                arrived.put(exchange)
                return await exchange.answer(200, {})
            given = answer or json.dumps(completion("ok")).encode()
            if not given.startswith(b"data:"):
                return await exchange.answer(200, given)
            await exchange.start_stream()
            await exchange.chunk(given)
            return await exchange.finish()

        upstream.scripts["default"] = by_path
        made = config(
            deployment("m", "openai/m", upstream.url + "/v1", canary.OPENAI),
            litellm_settings={"callbacks": ["generic_api"]},
            callback_settings={
                "generic_api": {"endpoint": upstream.url + "/sink", "flush_interval": 0.05}
            },
        )
        made["guardrails"] = list(guardrails)
        gateway = start(made, env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
        assert ask(gateway.port, request).status == 200
        sent = arrived.get(timeout=paths.deadline(20))
        return sent.json[0], sent.body

    return run


def test_a_record_of_half_a_pair_has_all_that_others_have(recorded):
    record, sent = recorded(
        body(
            r'"user":"end-7","seed":12345678901234567890123,"metadata":{"trace_id":"T-7","tags":["t"]}',
            r'[{"role":"user","content":"cut \ud83d here"}]',
        ),
        json.dumps(completion("cut emoji ?")).replace("?", r"\ud83d").encode(),
    )
    assert record["messages"] == [{"role": "user", "content": "cut \ufffd here"}]
    assert (record["trace_id"], record["request_tags"], record["end_user"]) == ("T-7", ["t"], "end-7")
    assert record["response"]["choices"][0]["message"]["content"] == "cut emoji \ufffd"
    assert b'"seed":12345678901234567890123' in sent.replace(b'": ', b'":')


def test_a_record_of_a_stream_joins_the_halves(recorded):
    record, _ = recorded(
        body('"stream":true'), events(r'{"content":"cut emoji \ud83d"}', r'{"content":"\ude00 whole"}')
    )
    assert record["response"]["choices"][0]["message"]["content"] == "cut emoji \U0001f600 whole"


def test_logging_only_guardrails_see_records_with_half_a_pair(recorded):
    record, _ = recorded(
        body(r'"metadata":{"note":"a heron"}', r'[{"role":"user","content":"a heron \ud83d"}]'),
        json.dumps(completion("a heron ?")).replace("?", r"\ud83d").encode(),
        words("logging_only"),
    )
    assert record.pop("guardrail_information")  # names the rules that matched
    assert "heron" not in json.dumps(record)
    assert record["messages"][0]["content"] == f"a {MASK} \ufffd"
    assert record["response"]["choices"][0]["message"]["content"] == f"a {MASK} \ufffd"
