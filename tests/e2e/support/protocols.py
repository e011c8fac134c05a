"""What providers of five APIs answer to the same questions, and what they were asked, in words of our own."""

import json
import re
from dataclasses import dataclass

from . import answers, bedrock, canary, messages, responses
from .answers import completion, openai_error, piece
from .gateway import deployment

CITIES = ("Paris", "Rome")
TEXT, THOUGHT, JSON, REFUSAL, HEARD = "Hello there.", "Hm.", '{"n": 4}', "I cannot.", "It is sunny."
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Said:
    """One answer, whatever its API."""

    text: str = ""
    thought: str = ""
    calls: tuple = ()  #: (name, arguments)
    end: str = "stop"  #: stop, tools, length, refusal


#: What a provider answers to each question. "tools" is asked twice: HEARD is the answer to the results.
SAYS = {
    "text": Said(TEXT),
    "tools": Said(calls=tuple(("get_weather", {"city": city}) for city in CITIES), end="tools"),
    "image": Said(TEXT),
    "reasoning": Said(TEXT, THOUGHT),
    "schema": Said(JSON),
    "length": Said("Hello", end="length"),
    "refusal": Said(REFUSAL, end="refusal"),
    "cached": Said(TEXT),
}


def said_to(feature: str, body: str) -> Said:
    return Said(HEARD) if feature == "tools" and "sunny" in body else SAYS[feature]


async def refuse(exchange):
    await exchange.answer(429, openai_error("slow down"), [("retry-after", "7")])


def arguments(call) -> str:
    return json.dumps(call[1])


class Chat:
    name = "OpenAI chat"
    usage = {
        "prompt_tokens": 11,
        "completion_tokens": 4,
        "total_tokens": 15,
        "prompt_tokens_details": {"cached_tokens": 3},
    }
    ends = {"tools": "tool_calls", "length": "length"}

    def deployment(self, upstream, name: str) -> dict:
        base = upstream.url + "/v1"
        return deployment(name, "openai_like/gpt-4o", base, canary.OPENAI, allowed_openai_params=["reasoning_effort"])

    def script(self, feature: str):
        async def answer(exchange):
            said = said_to(feature, exchange.body.decode())
            calls = [
                {
                    "index": index,
                    "id": f"call_{call[1]['city']}",
                    "type": "function",
                    "function": {"name": call[0], "arguments": arguments(call)},
                }
                for index, call in enumerate(said.calls)
            ]
            words = "refusal" if said.end == "refusal" else "content"
            members = {words: said.text} if said.text else {}
            members |= {"reasoning_content": said.thought} if said.thought else {}
            members |= {"tool_calls": calls} if calls else {}
            end = self.ends.get(said.end, "stop")
            if exchange.json.get("stream"):
                one = piece()
                one["choices"][0]["delta"] = members
                last = {**piece(), "choices": [], "usage": self.usage}
                return await answers.streamed(one, piece(finish=end), last)(exchange)
            made = completion(None, usage=self.usage)
            made["choices"][0]["message"] |= {"content": None, **members}
            made["choices"][0]["finish_reason"] = end
            await exchange.answer(200, made)

        return answer

    def asked(self, body: dict) -> set:
        found = {"schema"} if SCHEMA == pick(body, "response_format", "json_schema", "schema") else set()
        results = [turn["content"] for turn in body["messages"] if turn["role"] == "tool"]
        return found | told(body, results, "image_url")


class Messages:
    name = "Anthropic messages"
    usage = {"input_tokens": 8, "cache_read_input_tokens": 3, "output_tokens": 4}
    ends = {"tools": "tool_use", "length": "max_tokens", "refusal": "refusal"}

    def deployment(self, upstream, name: str) -> dict:
        made = deployment(name, "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC)
        made["litellm_params"]["drop_params"] = True
        return made

    def script(self, feature: str):
        async def answer(exchange):
            said = said_to(feature, exchange.body.decode())
            blocks = []
            if said.thought:
                blocks.append({"type": "thinking", "thinking": said.thought, "signature": "c2ln"})
            text = said.text
            forced = (exchange.json.get("tool_choice") or {}).get("name") == "json_tool_call"
            if text and not forced:
                blocks.append({"type": "text", "text": text})
            if forced:
                blocks.append(
                    {"type": "tool_use", "id": "t", "name": "json_tool_call", "input": json.loads(text)}
                )
            blocks += [
                {"type": "tool_use", "id": f"call_{call[1]['city']}", "name": call[0], "input": call[1]}
                for call in said.calls
            ]
            end = "tool_use" if forced else self.ends.get(said.end, "end_turn")
            made = {**messages.message(blocks, end), "usage": self.usage}
            if not exchange.json.get("stream"):
                return await exchange.answer(200, made)
            found = messages.events(blocks, end)
            for kind, event in found:
                if kind == "message_start":
                    event["message"]["usage"] = {**self.usage, "output_tokens": 1}
            await answers.streamed(*found)(exchange)

        return answer

    def asked(self, body: dict) -> set:
        whole = json.dumps(body)
        found = {"schema"} if '"n": {"type": "integer"}' in whole else set()
        results = [
            part["content"]
            for turn in body["messages"]
            if isinstance(turn["content"], list)
            for part in turn["content"]
            if part["type"] == "tool_result"
        ]
        return found | told(body, results, '"image"')


class Responses:
    name = "OpenAI responses"
    usage = responses.USAGE
    ends = {"length": "max_output_tokens"}

    def deployment(self, upstream, name: str) -> dict:
        return deployment(name, "openai/gpt-5-pro", upstream.url + "/v1", canary.OPENAI)

    def script(self, feature: str):
        async def answer(exchange):
            if exchange.path != "/v1/responses":  # such models have nothing else
                return await exchange.answer(404, openai_error("This is not a chat model"))
            said = said_to(feature, exchange.body.decode())
            output = []
            if said.thought:
                summary = [{"type": "summary_text", "text": said.thought}]
                sealed = {"encrypted_content": "gAAAAAB"} if "include" in exchange.json else {}
                output.append({"id": "rs_1", "type": "reasoning", "summary": summary, **sealed})
            if said.text:
                part = {"type": "output_text", "text": said.text, "annotations": []}
                if said.end == "refusal":
                    part = {"type": "refusal", "refusal": said.text}
                output.append({**responses.SAID, "content": [part]})
            output += [
                {**responses.CALLS[0], "id": f"fc_{n}", "call_id": f"call_{c[1]['city']}", "arguments": arguments(c)}
                for n, c in enumerate(said.calls)
            ]
            more, status = {"usage": self.usage}, "completed"
            if said.end in self.ends:
                status = "incomplete"
                more["incomplete_details"] = {"reason": self.ends[said.end]}
            if exchange.json.get("stream"):
                found = responses.events(output, status, **more)
                return await answers.streamed(*found)(exchange)
            await exchange.answer(200, responses.response(output, status, **more))

        return answer

    def asked(self, body: dict) -> set:
        found = {"schema"} if SCHEMA == pick(body, "text", "format", "schema") else set()
        items = body["input"] if isinstance(body["input"], list) else []
        results = [item["output"] for item in items if item.get("type") == "function_call_output"]
        return found | told(body, results, "input_image")


class Gemini:
    name = "Gemini generateContent"
    usage = {
        "promptTokenCount": 11,
        "candidatesTokenCount": 4,
        "cachedContentTokenCount": 3,
        "totalTokenCount": 15,
    }
    ends = {"length": "MAX_TOKENS", "refusal": "SAFETY"}

    def deployment(self, upstream, name: str) -> dict:
        return deployment(name, "gemini/gemini-2.5-flash", upstream.url + "/v1beta", canary.GEMINI)

    def script(self, feature: str):
        async def answer(exchange):
            said = said_to(feature, exchange.body.decode())
            parts = [{"text": said.thought, "thought": True}] if said.thought else []
            parts += [{"text": said.text}] if said.text else []
            parts += [{"functionCall": {"name": call[0], "args": call[1]}} for call in said.calls]
            candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
            end = {"finishReason": self.ends.get(said.end, "STOP")}
            more = {"usageMetadata": self.usage, "modelVersion": "gemini-2.5-flash", "responseId": "r1"}
            if "streamGenerateContent" not in exchange.path:
                return await exchange.answer(200, {"candidates": [{**candidate, **end}], **more})
            last = {"content": {"role": "model", "parts": [{"text": ""}]}, "index": 0, **end}
            await answers.streamed(
                {"candidates": [candidate], **more},
                {"candidates": [last], **more},
                end=lambda one: one.finish(),
            )(exchange)

        return answer

    def asked(self, body: dict) -> set:
        body = in_camel_case(body)
        settings = body.get("generationConfig") or {}
        found = {"schema"} if settings.get("responseJsonSchema") == SCHEMA else set()
        found |= {"reasoning"} if "thinkingConfig" in settings else set()
        parts = [part for turn in body["contents"] for part in turn["parts"]]
        results = [part["functionResponse"] for part in parts if "functionResponse" in part]
        return found | told(body, results, "inlineData")


def in_camel_case(value):
    """A request to Google with the names of its API in one of their two spellings; the client's own stay."""
    if isinstance(value, list):
        return [in_camel_case(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, member in value.items():
        name = re.sub("_([a-z])", lambda letter: letter[1].upper(), name)
        theirs = name in ("args", "response", "parameters", "parametersJsonSchema", "responseJsonSchema")
        made[name] = member if theirs else in_camel_case(member)
    return made


class Converse:
    name = "Bedrock converse"
    usage = {"inputTokens": 8, "outputTokens": 4, "totalTokens": 15, "cacheReadInputTokens": 3}
    ends = {"tools": "tool_use", "length": "max_tokens", "refusal": "content_filtered"}

    def deployment(self, upstream, name: str) -> dict:
        # Not the Messages API, which Claude at Bedrock speaks, too.
        model = "bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0"
        return deployment(name, model, upstream.url, canary.OTHER_MASTER)

    def script(self, feature: str):
        async def answer(exchange):
            said = said_to(feature, exchange.body.decode())
            thought = {"text": said.thought, "signature": "EqQB"}
            blocks = [{"reasoningContent": {"reasoningText": thought}}] if said.thought else []
            blocks += [{"text": said.text}] if said.text else []
            blocks += [
                {"toolUse": {"toolUseId": f"tooluse_{c[1]['city']}", "name": c[0], "input": c[1]}}
                for c in said.calls
            ]
            made = bedrock.told(blocks, self.ends.get(said.end, "end_turn"), self.usage)
            if not exchange.path.endswith("/converse-stream"):
                return await exchange.answer(200, made)
            await bedrock.streamed(*bedrock.events_of(made))(exchange)

        return answer

    def asked(self, body: dict) -> set:
        schema = pick(body, "outputConfig", "textFormat", "structure", "jsonSchema", "schema")
        found = {"schema"} if schema and json.loads(schema) == SCHEMA else set()
        found |= {"reasoning"} if pick(body, "additionalModelRequestFields", "thinking") else set()
        parts = [part for turn in body["messages"] for part in turn["content"]]
        results = [part["toolResult"] for part in parts if "toolResult" in part]
        return found | told(body, results, '"image"')


def pick(value, *names):
    for name in names:
        value = (value or {}).get(name)
    return value


def told(body: dict, results: list, image: str) -> set:
    """Which questions a request asks."""
    whole = json.dumps(body)
    found = set()
    if PIXEL in whole and image in whole:
        found.add("image")
    if "get_weather" in whole:
        found.add("tools")
    if len(results) == len(CITIES) and all("sunny" in json.dumps(one) for one in results):
        found.add("results")
    if any(body.get(name) for name in ("reasoning_effort", "thinking", "reasoning")):
        found.add("reasoning")
    return found


PROTOCOLS = (Chat(), Responses(), Messages(), Gemini(), Converse())
