"""Counting tokens: each API's own SDK in front of each provider's own counter, and of providers that have none."""

import base64
import json

import anthropic
import openai
import pytest
from google.genai import errors

from support import canary, gemini
from support.gateway import Gateway, config, deployment, guardrail
from support.operations import CHAT
from support.records import Log, told, tokens
from support.wire import ask

COUNT = 31
SYSTEM, QUESTION = "Be brief.", "How warm is it?"
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
NAME, ABOUT = "get_weather", "Weather of a city"
CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
VERTEX = "/v1/projects/p/locations/us-central1/publishers"


def of_messages(sent: dict):
    tools = [(tool["name"], tool["description"], tool["input_schema"]) for tool in sent["tools"]]
    return sent["system"], sent["messages"], tools


def of_claude(sent: dict):
    """Texts may stand alone or in blocks; the client's own bytes are passed on."""
    system, messages, tools = of_messages(sent)
    assert set(sent) <= {"model", "messages", "system", "tools", "tool_choice", "max_tokens", "anthropic_version"}
    text = [block["text"] for block in system] if isinstance(system, list) else [system]
    content = messages[0]["content"]
    asked = [block["text"] for block in content] if isinstance(content, list) else [content]
    return text, [(messages[0]["role"], asked)], tools


def of_invoked(sent: dict):
    return of_claude(json.loads(base64.b64decode(sent["input"]["invokeModel"]["body"])))


def of_responses(sent: dict):
    assert set(sent) == {"model", "instructions", "input", "tools"}
    if isinstance(sent["input"], str):
        asked = [("user", [sent["input"]])]
    else:
        asked = [(item["role"], [part["text"] for part in item["content"]]) for item in sent["input"]]
    tools = [(tool["name"], tool["description"], tool["parameters"]) for tool in sent["tools"]]
    return [sent["instructions"]], asked, tools


def of_google(sent: dict):
    sent = sent.get("generateContentRequest", sent)
    assert set(sent) - {"model"} == {"contents", "systemInstruction", "tools"}
    functions = sent["tools"][0]
    functions = functions.get("function_declarations") or functions["functionDeclarations"]
    lower = json.loads(json.dumps([tool.get("parametersJsonSchema") or tool["parameters"] for tool in functions]))
    asked = [(turn["role"], [part["text"] for part in turn["parts"]]) for turn in sent["contents"]]
    tools = [(tool["name"], tool["description"], shape) for tool, shape in zip(functions, lower, strict=True)]
    return [part["text"] for part in sent["systemInstruction"]["parts"]], asked, tools


def of_converse(sent: dict):
    sent = sent["input"]["converse"]
    assert set(sent) == {"messages", "system", "toolConfig"}
    tools = [tool["toolSpec"] for tool in sent["toolConfig"]["tools"]]
    asked = [(turn["role"], [block["text"] for block in turn["content"]]) for turn in sent["messages"]]
    tools = [(tool["name"], tool["description"], tool["inputSchema"]["json"]) for tool in tools]
    return [block["text"] for block in sent["system"]], asked, tools


#: A provider's model: where it is asked to count, how that is read, what it answers.
PROVIDERS = {
    "gpt": ("/v1/responses/input_tokens", of_responses, {"object": "response.input_tokens", "input_tokens": COUNT}),
    "gemini": ("/v1beta/models/gemini-2.5-flash:countTokens", of_google, {"totalTokens": COUNT}),
    "vertex": (f"{VERTEX}/google/models/gemini-2.5-flash:countTokens", of_google, {"totalTokens": COUNT}),
    "claude": ("/v1/messages/count_tokens", of_claude, {"input_tokens": COUNT}),
    "vertex-claude": (f"{VERTEX}/anthropic/models/count-tokens:rawPredict", of_claude, {"input_tokens": COUNT}),
    "azure-claude": ("/anthropic/v1/messages/count_tokens", of_claude, {"input_tokens": COUNT}),
    "nova": ("/model/amazon.nova-lite-v1%3A0/count-tokens", of_converse, {"inputTokens": COUNT}),
    "bedrock-claude": ("/model/" + CLAUDE.removeprefix("us.").replace(":", "%3A") + "/count-tokens", of_converse,
                       {"inputTokens": COUNT}),
}  # fmt: skip


def by_messages(gateway, model: str) -> int:
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:
        tool = {"name": NAME, "description": ABOUT, "input_schema": CITY}
        counted = client.messages.count_tokens(
            model=model, system=SYSTEM, tools=[tool], messages=[{"role": "user", "content": QUESTION}]
        )
    assert counted.to_dict() == {"input_tokens": COUNT}
    return counted.input_tokens


def by_generate(gateway, model: str) -> int:
    """Google's SDK has no words for the system's and tools of what is counted at AI Studio."""
    whole = {
        "model": f"models/{model}",
        "contents": [{"role": "user", "parts": [{"text": QUESTION}]}],
        "systemInstruction": {"parts": [{"text": SYSTEM}]},
        "tools": [{"functionDeclarations": [{"name": NAME, "description": ABOUT, "parametersJsonSchema": CITY}]}],
    }
    answer = gemini.call(gateway, {"generateContentRequest": whole}, "countTokens", model)
    assert (answer.status, answer.json) == (200, {"totalTokens": COUNT}), answer.body
    return answer.json["totalTokens"]


def by_responses(gateway, model: str) -> int:
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=canary.MASTER, max_retries=0) as client:
        tool = {"type": "function", "name": NAME, "description": ABOUT, "parameters": CITY, "strict": False}
        counted = client.responses.input_tokens.count(
            model=model, instructions=SYSTEM, tools=[tool], input=QUESTION
        )
    assert counted.to_dict() == {"object": "response.input_tokens", "input_tokens": COUNT}
    return counted.input_tokens


SURFACES = {"messages": by_messages, "generateContent": by_generate, "responses": by_responses}


@pytest.fixture(scope="module")
def made(upstream):
    async def counts(exchange):
        for path, _, answer in PROVIDERS.values():
            if exchange.path.replace("/v1beta1/", "/v1/") == path:
                return await exchange.answer(200, answer)
        await exchange.answer(404, {"detail": "Not Found"})

    usual, upstream.scripts["default"] = upstream.scripts["default"], counts
    google = {"vertex_project": "p"}
    yield config(
        deployment("gpt", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("gemini", "gemini/gemini-2.5-flash", upstream.url + "/v1beta", canary.OPENAI),
        deployment("vertex", "vertex_ai/gemini-2.5-flash", upstream.url, "ya29.x", **google),
        deployment("claude", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
        deployment("vertex-claude", "vertex_ai/claude-sonnet-4-5@20250929", upstream.url, "ya29.x", **google),
        deployment("azure-claude", "azure_ai/claude-sonnet-4-5", upstream.url, canary.OPENAI),
        deployment("nova", "bedrock/us.amazon.nova-lite-v1:0", upstream.url, canary.OTHER_MASTER),
        deployment("bedrock-claude", f"bedrock/{CLAUDE}", upstream.url, canary.OTHER_MASTER),
        deployment("none", "openai_like/m", upstream.url + "/v1", canary.OPENAI),
        deployment("local", "openai/llama", upstream.url + "/local/v1", canary.OPENAI),
    )
    upstream.scripts["default"] = usual


@pytest.fixture(scope="module")
def gateway(made, tmp_path_factory):
    running = Gateway(tmp_path_factory.mktemp("counts"), made)
    yield running
    assert running.stop() == 0


@pytest.mark.parametrize("model", PROVIDERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_every_api_is_counted_by_the_provider(gateway, upstream, surface, model):
    upstream.clear()
    assert SURFACES[surface](gateway, model) == COUNT
    [sent] = upstream.requests
    path, read, _ = PROVIDERS[model]
    if (surface, model) == ("messages", "bedrock-claude"):
        read = of_invoked  # Anthropic's own API at Bedrock
    assert sent.path.replace("/v1beta1/", "/v1/") == path
    system, asked, tools = read(sent.json)
    assert (system, asked) == ([SYSTEM], [("user", [QUESTION])])
    [(name, about, schema)] = tools
    assert (name, about, schema["properties"], schema["required"]) == (NAME, ABOUT, CITY["properties"], ["city"])


@pytest.mark.parametrize("model", PROVIDERS)
def test_google_s_sdk_counts(gateway, model):
    with gemini.client(gateway.url) as sdk:
        assert sdk.models.count_tokens(model=model, contents=QUESTION).total_tokens == COUNT


@pytest.mark.parametrize("model", ["gpt", "gemini", "nova", "bedrock-claude", "vertex-claude"])
def test_how_to_answer_is_no_matter_of_counts(gateway, upstream, model):
    """What providers' counters refuse: clients that count what they are about to ask send all of it."""
    asked = {
        "/v1/messages/count_tokens": {
            **{"messages": [{"role": "user", "content": QUESTION}], "max_tokens": 5, "metadata": {"user_id": "u"}},
            **{"temperature": 1, "stop_sequences": ["x"], "stream": True},
        },
        "/v1/responses/input_tokens": {"input": QUESTION, "max_output_tokens": 50, "user": "u", "stream": True},
    }
    own = {"gpt": "responses", "bedrock-claude": "messages", "vertex-claude": "messages"}.get(model, "none")
    for path, body in asked.items():
        if own in path:  # the client's bytes, as they came
            continue
        upstream.clear()
        answer = ask(gateway.port, {"model": model, **body}, path=path)
        assert (answer.status, answer.json["input_tokens"]) == (200, COUNT), answer.body
        sent = upstream.requests[-1].body.decode()
        for name in ("stream", "max", "temperature", "stop", '"u"', "metadata", "store", "include", "inferenceConfig"):
            assert name not in sent, (path, name, sent)


def test_who_cannot_count_says_so_and_estimates_nothing(gateway, upstream):
    upstream.clear()
    turn = [{"role": "user", "content": QUESTION}]
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER, max_retries=0) as client:
        with pytest.raises(anthropic.BadRequestError, match="/count_tokens.*token counting"):
            client.messages.count_tokens(model="none", messages=turn)
    with gemini.client(gateway.url) as sdk, pytest.raises(errors.ClientError, match="token counting") as refused:
        sdk.models.count_tokens(model="none", contents=QUESTION)
    assert refused.value.code == 400
    answer = ask(gateway.port, {"model": "none", "input": QUESTION}, path="/v1/responses/input_tokens")
    assert answer.status == 400 and "token counting" in answer.json["error"]["message"]
    assert upstream.requests == []


def test_a_server_without_a_counter_is_refused_for_once_and_all(gateway, upstream):
    """What runs behind "openai/" may have chat alone, which is no failure that is tried again."""
    upstream.clear()
    with anthropic.Anthropic(base_url=gateway.url, api_key=canary.MASTER) as client:
        with pytest.raises(anthropic.BadRequestError, match="no token counting"):
            client.messages.count_tokens(model="local", messages=[{"role": "user", "content": QUESTION}])
    assert [sent.path for sent in upstream.requests] == ["/local/v1/responses/input_tokens"]


def test_what_is_no_count_is_none(gateway, upstream):
    async def odd(exchange):
        await exchange.answer(200, {"object": "response.input_tokens", "input_tokens": "31", "totalTokens": None})

    upstream.scripts["odd"] = odd
    for model in ("gpt", "gemini", "claude", "nova"):
        body = {"model": model, "messages": [{"role": "user", "content": "script:odd"}]}
        answer = ask(gateway.port, body, path="/v1/messages/count_tokens")
        assert answer.status >= 500 and "input_tokens" not in answer.json, answer.body


def test_a_count_costs_nothing(made, start, tmp_path):
    log = Log(tmp_path)
    gateway = start({**made, **log.sections}, env=log.environment)
    assert by_messages(gateway, "gpt") == by_messages(gateway, "gemini") == COUNT
    for record in log.records(2):
        assert (record["call_type"], record["response_cost"], tokens(record)) == ("acount_tokens", 0, told(0, 0))


SSN = "123-45-6789"
PATTERN = {"pattern_type": "prebuilt", "pattern_name": "us_ssn"}


@pytest.mark.parametrize("action", ["MASK", "BLOCK"])
@pytest.mark.parametrize("model", ["gpt", "gemini", "claude", "nova"])
def test_guardrails_see_what_is_counted(made, start, upstream, model, action):
    rules = {"patterns": [{**PATTERN, "action": action}]}
    gateway = start({**made, "guardrails": [guardrail("ssn", "pre_call", default_on=True, **rules)]})
    text = f"It is {SSN}."
    contents = [
        {"parts": [{"text": text}]},
        {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": text}}}]},
        {"parts": [{"functionResponse": {"name": "f", "response": {"b": text}}}]},
    ]
    messages = [
        {"role": "user", "content": text},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "c", "name": "f", "input": {"a": text}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": text}]},
    ]
    asked = {
        "/v1/messages/count_tokens": {"model": model, "system": text, "messages": messages},
        f"/v1beta/models/{model}:countTokens": {
            "generateContentRequest": {"contents": contents, "systemInstruction": {"parts": [{"text": text}]}}
        },
        "/v1/responses/input_tokens": {"model": model, "instructions": text, "input": text},
    }
    for path, body in asked.items():
        upstream.clear()
        answer = ask(gateway.port, body, path=path)
        if action == "BLOCK":
            assert answer.status == 400 and b"Content blocked" in answer.body, (path, answer.body)
            assert upstream.requests == []
        else:
            assert answer.status == 200, (path, answer.body)
            [sent] = upstream.requests
            assert SSN.encode() not in sent.body, path
            assert sent.body.count(b"[US_SSN_REDACTED]") == (2 if "responses" in path else 4), path


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("mode", ["during_call", "post_call"])
def test_guardrails_of_other_kinds_let_counts_be(made, start, surface, mode):
    rules = {"patterns": [{**PATTERN, "action": "BLOCK"}]}
    gateway = start({**made, "guardrails": [guardrail("ssn", mode, default_on=True, **rules)]})
    for model in ("gpt", "gemini", "claude", "nova"):
        assert SURFACES[surface](gateway, model) == COUNT


def test_chat_is_still_asked_for_as_chat(gateway, upstream):
    upstream.clear()
    CHAT.ask(gateway, model="gpt")
    assert upstream.requests[-1].path == "/v1/chat/completions"
