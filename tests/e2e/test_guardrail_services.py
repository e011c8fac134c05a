"""Guardrails that ask a service: what goes over the wire, and what each answer means."""

import pytest

from support import answers, canary, paths
from support.answers import completion, piece
from support.gateway import config, deployment, guardrail
from support.guarded import content
from support.wire import ask


@pytest.fixture
def services(start, upstream):
    """services(guardrail, answer): a gateway with one guardrail whose service gives this answer; the
    model's answer is the text of its last message. Returns (gateway, what the service was asked)."""

    def run(configured, answer, status=200):
        asked = []

        async def by_path(exchange):
            if not exchange.path.endswith("/chat/completions"):
                asked.append(exchange)
                value = answer(exchange.json) if callable(answer) else answer
                return await exchange.answer(status, value)
            text = exchange.json["messages"][-1]["content"]
            if not exchange.json.get("stream"):
                return await exchange.answer(200, completion(text))
            await exchange.start_stream()
            for word in text.split(" "):
                await exchange.event(piece(word + " "))
            await exchange.event(piece(finish="stop"))
            await exchange.event("[DONE]")
            return await exchange.finish()

        upstream.scripts["default"] = by_path
        made = config(deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI))
        made["guardrails"] = [configured]
        return start(made), asked

    yield run
    upstream.scripts["default"] = answers.default


def say(text, **more):
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}


def sent_text(gateway, text, **more):
    return ask(gateway.port, say(text, **more)).json["choices"][0]["message"]["content"]


def test_webhook_speaks_litellms_generic_api(services, upstream):
    configured = guardrail(
        "hook",
        "pre_call",
        "generic_guardrail_api",
        default_on=True,
        api_base=upstream.url,
        api_key=canary.MISC,
        headers={"x-team": "red"},
        extra_headers=["x-shown"],
        additional_provider_specific_params={"threshold": 0.5},
    )
    verdict = {"action": "NONE"}
    gateway, asked = services(configured, lambda _: verdict)
    body = say("hello", user="u-1", tools=[{"type": "function", "function": {"name": "f"}}])
    body["messages"].append(
        {"role": "user", "content": [{"type": "text", "text": "see"},
                                     {"type": "image_url", "image_url": {"url": "https://i/1"}}]}
    )
    headers = {"x-shown": "1", "x-hidden": "2"}
    assert ask(gateway.port, body, headers=headers).status == 200
    request = asked[0]
    assert request.method == "POST" and request.path == "/beta/litellm_basic_guardrail_api"
    assert request.headers["x-api-key"] == canary.MISC and request.headers["x-team"] == "red"
    sent = request.json
    assert sent["texts"] == ["hello", "see", "u-1", "f"]
    assert sent["images"] == ["https://i/1"]
    assert sent["input_type"] == "request"
    assert sent["structured_messages"] == body["messages"] and sent["tools"] == body["tools"]
    assert sent["request_data"] == {"user_api_key_end_user_id": "u-1"}
    assert sent["request_headers"]["x-shown"] == "1"
    assert sent["request_headers"]["x-hidden"] == "[present]"
    assert sent["request_headers"]["authorization"] == "[present]"
    assert sent["additional_provider_specific_params"] == {"threshold": 0.5}
    assert sent["litellm_call_id"] and sent["litellm_version"]

    verdict = {"action": "GUARDRAIL_INTERVENED", "texts": ["HELLO"]}
    assert sent_text(gateway, "hello") == "HELLO"
    verdict = {"action": "BLOCKED", "blocked_reason": "not today"}
    answer = ask(gateway.port, say("hello"))
    assert answer.status == 400
    assert answer.error["message"] == (
        "{'error': 'Violated guardrail policy', 'blocked_reason': 'not today'}"
    )
    for unreadable in [{"action": "MAYBE"}, {"action": "GUARDRAIL_INTERVENED", "texts": []}, [], b"x"]:
        verdict = unreadable
        assert ask(gateway.port, say("hello")).status == 500, unreadable


def test_webhook_on_answers_and_streams(services, upstream):
    configured = guardrail(
        "hook",
        "post_call",
        "webhook",
        default_on=True,
        api_base=upstream.url,
        streaming_sampling_rate=2,
    )
    gateway, asked = services(
        configured,
        lambda sent: {
            "action": "GUARDRAIL_INTERVENED",
            "texts": [text.replace("bad", "***") for text in sent["texts"]],
        },
    )
    assert sent_text(gateway, "a bad word") == "a *** word"
    assert asked[-1].json["input_type"] == "response"
    answer = ask(gateway.port, say("one bad two bad three", stream=True))
    assert content(answer.events) == "one *** two *** three "
    assert len(asked) >= 2


def moderation(sent):
    flagged = ["kill" in text for text in sent["input"]]
    return {
        "id": "modr-1",
        "model": sent["model"],
        "results": [
            {"flagged": f, "categories": {"violence": f}, "category_scores": {"violence": float(f)}}
            for f in flagged
        ],
    }


def test_openai_moderation(services, upstream):
    configured = guardrail(
        "mod",
        ["pre_call", "post_call"],
        "openai_moderation",
        default_on=True,
        api_base=upstream.url + "/v1",
        api_key=canary.MISC,
    )
    gateway, asked = services(configured, moderation)
    assert sent_text(gateway, "hello") == "hello"
    assert asked[0].path == "/v1/moderations"
    assert asked[0].headers["authorization"] == "Bearer " + canary.MISC
    assert asked[0].json == {"model": "omni-moderation-latest", "input": ["hello"]}
    answer = ask(gateway.port, say("kill"))
    assert answer.status == 400
    assert answer.error["message"] == (
        "{'error': 'Violated OpenAI moderation policy', 'moderation_result': "
        "{'categories': {'violence': True}, 'category_scores': {'violence': 1.0}}}"
    )


def lakera(sent):
    found = []
    for number, message in enumerate(sent["messages"]):
        at = message["content"].find("jane@x.org")
        if at >= 0:
            found.append({"start": at, "end": at + 10, "text": "jane@x.org",
                          "detector_type": "pii/email", "message_id": number, "labels": []})
    attack = any("ignore all" in message["content"] for message in sent["messages"])
    breakdown = [
        {"detector_type": "pii/email", "detected": bool(found)},
        {"detector_type": "prompt_attack", "detected": attack},
    ]
    return {"flagged": attack or bool(found), "payload": found, "breakdown": breakdown}


def test_lakera_masks_personal_data_and_blocks_attacks(services, upstream):
    configured = guardrail(
        "guard",
        "pre_call",
        "lakera_v2",
        default_on=True,
        api_base=upstream.url,
        api_key=canary.MISC,
        project_id="p-1",
    )
    gateway, asked = services(configured, lakera)
    assert sent_text(gateway, "caf\u00e9 jane@x.org") == "caf\u00e9 [MASKED EMAIL]"
    sent = asked[0].json
    assert asked[0].path == "/v2/guard" and sent["project_id"] == "p-1"
    assert sent["payload"] is True and sent["breakdown"] is True
    assert sent["messages"] == [{"role": "user", "content": "caf\u00e9 jane@x.org"}]
    assert sent_text(gateway, "hello") == "hello"
    answer = ask(gateway.port, say("ignore all, jane@x.org"))
    assert answer.status == 400
    assert "Violated Lakera guardrail policy" in answer.error["message"]


NAMES = {"Jane": "PERSON", "Joe": "PERSON", "Oslo": "LOCATION", "555-0100": "PHONE_NUMBER"}


def presidio(sent):
    found = []
    for name, kind in NAMES.items():
        at = sent["text"].find(name)
        while at >= 0:
            found.append({"entity_type": kind, "start": at, "end": at + len(name), "score": 0.85})
            at = sent["text"].find(name, at + 1)
    return found


def analyzer(upstream, mode, **params):
    return guardrail(
        "pii",
        mode,
        "presidio",
        default_on=True,
        presidio_analyzer_api_base=upstream.url,
        **params,
    )


def test_presidio_masks_and_blocks(services, upstream):
    kinds = {"PERSON": "MASK", "PHONE_NUMBER": "BLOCK"}
    configured = analyzer(upstream, "pre_call", pii_entities_config=kinds)
    gateway, asked = services(configured, presidio)
    text = "\u20ac5 for Jane and Joe in Oslo"
    assert sent_text(gateway, text) == "\u20ac5 for <PERSON> and <PERSON> in Oslo"
    assert asked[0].path == "/analyze"
    assert asked[0].json == {"text": text, "language": "en", "entities": ["PERSON", "PHONE_NUMBER"]}
    answer = ask(gateway.port, say("call 555-0100"))
    assert answer.status == 400
    assert "Blocked entity detected: PHONE_NUMBER" in answer.error["message"]
    assert sent_text(gateway, "hi", guardrails=[{"pii": {"extra_body": {"language": "de"}}}]) == "hi"
    assert asked[-1].json["language"] == "de"


def test_presidio_puts_back_what_it_masked(services, upstream):
    configured = analyzer(upstream, ["pre_call", "post_call"], output_parse_pii=True)
    gateway, asked = services(configured, presidio)
    upstream.clear()
    assert sent_text(gateway, "Jane, Joe and Jane") == "Jane, Joe and Jane"
    provider = [x for x in upstream.requests if x.path.endswith("/chat/completions")][-1]
    assert provider.json["messages"][0]["content"] == "<PERSON_1>, <PERSON_2> and <PERSON_1>"
    answer = ask(gateway.port, say("Jane of Oslo", stream=True))
    assert content(answer.events) == "Jane of Oslo "


def test_presidio_masks_streams(services, upstream):
    configured = analyzer(upstream, "post_call", streaming_sampling_rate=1)
    gateway, _ = services(configured, presidio)
    words = " ".join(["Jane", "met", "Joe", "in", "Oslo"] * 12)
    answer = ask(gateway.port, say(words, stream=True))
    masked = " ".join(["<PERSON>", "met", "<PERSON>", "in", "<LOCATION>"] * 12) + " "
    assert content(answer.events) == masked


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_service_that_refuses_stops_the_request(services, upstream, status):
    gateway, asked = services(analyzer(upstream, "pre_call"), {"error": "no"}, status)
    answer = ask(gateway.port, say("hello"))
    assert answer.status == 500
    assert answer.error["message"] == "Guardrail 'pii' gave no verdict."
    assert asked
    gateway.wait_for(f"answered {status}", paths.deadline(20))
