"""The same questions in the words of the APIs that clients speak, and what came back."""

import json

from . import bedrock, canary
from .protocols import CITIES, PIXEL, SAYS, SCHEMA, Said
from .wire import ask

TOOL = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
QUESTION = "Hello"


class Surface:
    name = ""
    path = ""
    says = frozenset(SAYS)  #: the features that the API has a place for

    def send(self, gateway, body: dict, model: str, stream: bool):
        return ask(gateway.port, {"model": model, "stream": stream, **body}, path=self.path)


class Chat(Surface):
    name = "OpenAI chat"
    path = "/v1/chat/completions"

    def body(self, feature: str, marker: str) -> dict:
        content = f"{QUESTION} {marker}"
        body = {"max_tokens": 2048}
        if feature == "image":
            url = {"url": f"data:image/png;base64,{PIXEL}"}
            content = [{"type": "text", "text": content}, {"type": "image_url", "image_url": url}]
        if feature == "tools":
            function = {"name": "get_weather", "description": "W", "parameters": TOOL}
            body["tools"] = [{"type": "function", "function": function}]
        if feature == "reasoning":
            body["reasoning_effort"] = "low"
        if feature == "schema":
            schema = {"name": "n", "schema": SCHEMA, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return {**body, "messages": [{"role": "user", "content": content}]}

    def send(self, gateway, body, model, stream):
        options = {"stream_options": {"include_usage": True}} if stream else {}
        return super().send(gateway, {**body, **options}, model, stream)

    def read(self, answer, stream: bool):
        if not stream:
            choice, usage = answer.json["choices"][0], answer.json["usage"]
            message, finish = choice["message"], choice["finish_reason"]
        else:
            message, finish, usage = self._joined(answer.events)
        calls = [
            (call["function"]["name"], json.loads(call["function"]["arguments"]))
            for call in message.get("tool_calls") or ()
        ]
        refusal = message.get("refusal") or ""
        ends = {"tool_calls": "tools", "length": "length", "content_filter": "refusal"}
        end = "refusal" if refusal else ends.get(finish, finish)
        text = (message.get("content") or "") + refusal
        said = Said(text, message.get("reasoning_content") or "", tuple(calls), end)
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
        return said, (usage["prompt_tokens"], usage["completion_tokens"], cached), message

    @staticmethod
    def _joined(events):
        message, finish, usage, calls = {}, None, None, {}
        for text in events:
            if text == "[DONE]":
                break
            chunk = json.loads(text)
            usage = chunk.get("usage") or usage
            for choice in chunk["choices"][:1]:
                finish = choice["finish_reason"] or finish
                for name, value in choice["delta"].items():
                    if name == "tool_calls":
                        for one in value:
                            call = calls.setdefault(one["index"], {"function": {"name": "", "arguments": ""}})
                            call["id"] = one.get("id") or call.get("id")
                            for member, piece in (one.get("function") or {}).items():
                                call["function"][member] += piece
                    elif isinstance(value, str) and name != "role":
                        message[name] = message.get(name, "") + value
                    elif name == "thinking_blocks":
                        message.setdefault(name, []).extend(b for b in value if b.get("signature"))
        message["tool_calls"] = [{"type": "function", **call} for call in calls.values()]
        return message, finish, usage

    def follow(self, body: dict, message: dict) -> dict:
        turn = {k: v for k, v in message.items() if v and k in ("content", "tool_calls", "thinking_blocks")}
        results = [
            {"role": "tool", "tool_call_id": call["id"], "content": "sunny"}
            for call in message["tool_calls"]
        ]
        return {**body, "messages": [*body["messages"], {"role": "assistant", **turn}, *results]}


class Completions(Surface):
    name = "OpenAI completions"
    path = "/v1/completions"
    says = frozenset({"text", "length", "cached"})

    def body(self, feature: str, marker: str) -> dict:
        return {"max_tokens": 2048, "prompt": f"{QUESTION} {marker}"}

    def send(self, gateway, body, model, stream):
        options = {"stream_options": {"include_usage": True}} if stream else {}
        return super().send(gateway, {**body, **options}, model, stream)

    def read(self, answer, stream: bool):
        made = [json.loads(event) for event in answer.events if event != "[DONE]"] if stream else [answer.json]
        choices = [choice for one in made for choice in one["choices"]]
        usage = next(one["usage"] for one in reversed(made) if one.get("usage"))
        end = next(choice["finish_reason"] for choice in reversed(choices) if choice["finish_reason"])
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
        said = Said("".join(choice["text"] for choice in choices), "", (), end)
        return said, (usage["prompt_tokens"], usage["completion_tokens"], cached), choices


class Responses(Surface):
    name = "OpenAI responses"
    path = "/v1/responses"

    def body(self, feature: str, marker: str) -> dict:
        content = [{"type": "input_text", "text": f"{QUESTION} {marker}"}]
        body = {"max_output_tokens": 2048, "store": False}
        if feature == "image":
            content.append({"type": "input_image", "image_url": f"data:image/png;base64,{PIXEL}"})
        if feature == "tools":
            tool = {"type": "function", "name": "get_weather", "description": "W", "parameters": TOOL}
            body["tools"] = [{**tool, "strict": False}]
        if feature == "reasoning":
            body["reasoning"] = {"effort": "low", "summary": "auto"}
        if feature == "schema":
            form = {"type": "json_schema", "name": "n", "schema": SCHEMA, "strict": True}
            body["text"] = {"format": form}
        return {**body, "input": [{"role": "user", "content": content}]}

    def read(self, answer, stream: bool):
        made = json.loads(answer.events[-1])["response"] if stream else answer.json
        said = {"text": "", "thought": "", "calls": [], "end": "stop"}
        for item in made["output"]:
            if item["type"] == "reasoning":
                said["thought"] += "".join(part["text"] for part in item["summary"])
            elif item["type"] == "function_call":
                said["calls"].append((item["name"], json.loads(item["arguments"])))
                said["end"] = "tools"
            else:
                for part in item["content"]:
                    said["text"] += part.get("text") or part["refusal"]
                    if part["type"] == "refusal":
                        said["end"] = "refusal"
        reason = (made.get("incomplete_details") or {}).get("reason")
        ends = {"max_output_tokens": "length", "content_filter": "refusal"}
        said["end"] = ends.get(reason, said["end"])
        usage = made["usage"]
        cached = (usage.get("input_tokens_details") or {}).get("cached_tokens")
        counts = (usage["input_tokens"], usage["output_tokens"], cached)
        return Said(**{**said, "calls": tuple(said["calls"])}), counts, made["output"]

    def follow(self, body: dict, output: list) -> dict:
        results = [
            {"type": "function_call_output", "call_id": item["call_id"], "output": "sunny"}
            for item in output
            if item["type"] == "function_call"
        ]
        return {**body, "input": [*body["input"], *output, *results]}


class Messages(Surface):
    name = "Anthropic messages"
    path = "/v1/messages"

    def body(self, feature: str, marker: str) -> dict:
        content = [{"type": "text", "text": f"{QUESTION} {marker}"}]
        body = {"max_tokens": 2048}
        if feature == "image":
            source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
            content.append({"type": "image", "source": source})
        if feature == "tools":
            body["tools"] = [{"name": "get_weather", "description": "W", "input_schema": TOOL}]
        if feature == "reasoning":
            body["thinking"] = {"type": "enabled", "budget_tokens": 1024}
        if feature == "schema":
            body["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
        return {**body, "messages": [{"role": "user", "content": content}]}

    def read(self, answer, stream: bool):
        made = self._joined(answer.events) if stream else answer.json
        by_kind = {"text": "", "thinking": ""}
        calls = []
        for block in made["content"]:
            if block["type"] in by_kind:
                by_kind[block["type"]] += block[block["type"]]
            elif block["type"] == "tool_use":
                calls.append((block["name"], block["input"]))
        ends = {"end_turn": "stop", "tool_use": "tools", "max_tokens": "length", "refusal": "refusal"}
        said = Said(by_kind["text"], by_kind["thinking"], tuple(calls), ends[made["stop_reason"]])
        usage = made["usage"]
        cached = usage.get("cache_read_input_tokens") or 0
        return said, (usage["input_tokens"] + cached, usage["output_tokens"], cached), made["content"]

    @staticmethod
    def _joined(events):
        made, inputs = {}, {}
        for text in events:
            event = json.loads(text)
            if event["type"] == "message_start":
                made = event["message"]
            elif event["type"] == "content_block_start":
                made["content"].append(dict(event["content_block"]))
            elif event["type"] == "content_block_delta":
                block, delta = made["content"][event["index"]], event["delta"]
                if delta["type"] == "input_json_delta":
                    inputs[event["index"]] = inputs.get(event["index"], "") + delta["partial_json"]
                elif delta["type"] == "signature_delta":
                    block["signature"] = delta["signature"]
                else:
                    kind = delta["type"].removesuffix("_delta")
                    block[kind] += delta[kind]
            elif event["type"] == "message_delta":
                made |= event["delta"]
                made["usage"] |= event["usage"]
        for index, text in inputs.items():
            made["content"][index]["input"] = json.loads(text)
        return made

    def follow(self, body: dict, content: list) -> dict:
        results = [
            {"type": "tool_result", "tool_use_id": block["id"], "content": "sunny"}
            for block in content
            if block["type"] == "tool_use"
        ]
        turns = [{"role": "assistant", "content": content}, {"role": "user", "content": results}]
        return {**body, "messages": [*body["messages"], *turns]}


class Gemini(Surface):
    name = "Gemini generateContent"

    def body(self, feature: str, marker: str) -> dict:
        parts = [{"text": f"{QUESTION} {marker}"}]
        body, settings = {}, {"maxOutputTokens": 2048}
        if feature == "image":
            parts.append({"inlineData": {"mimeType": "image/png", "data": PIXEL}})
        if feature == "tools":
            declared = {"name": "get_weather", "description": "W", "parametersJsonSchema": TOOL}
            body["tools"] = [{"functionDeclarations": [declared]}]
        if feature == "reasoning":
            settings["thinkingConfig"] = {"thinkingBudget": 1024, "includeThoughts": True}
        if feature == "schema":
            settings |= {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA}
        return {**body, "generationConfig": settings, "contents": [{"role": "user", "parts": parts}]}

    def send(self, gateway, body, model, stream):
        action = "streamGenerateContent?alt=sse" if stream else "generateContent"
        path = f"/v1beta/models/{model}:{action}"
        return ask(gateway.port, body, path=path, key=None, headers={"x-goog-api-key": canary.MASTER})

    def read(self, answer, stream: bool):
        if stream:
            events = answer.body.decode().removesuffix("\r\n\r\n").split("\r\n\r\n")
            made = [json.loads(event.removeprefix("data: ")) for event in events]
        else:
            made = [answer.json]
        text, thought, calls, parts, finish, usage = "", "", [], [], None, None
        for one in made:
            usage = one.get("usageMetadata") or usage
            candidate = one["candidates"][0]
            finish = candidate.get("finishReason") or finish
            for part in candidate["content"]["parts"]:
                parts.append(part)
                if "functionCall" in part:
                    calls.append((part["functionCall"]["name"], part["functionCall"]["args"]))
                elif part.get("thought"):
                    thought += part["text"]
                else:
                    text += part["text"]
        ends = {"STOP": "tools" if calls else "stop", "MAX_TOKENS": "length", "SAFETY": "refusal"}
        said = Said(text, thought, tuple(calls), ends[finish])
        generated = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
        counts = (usage["promptTokenCount"], generated, usage.get("cachedContentTokenCount"))
        return said, counts, parts

    def follow(self, body: dict, parts: list) -> dict:
        results = [
            {"functionResponse": {**{k: call[k] for k in ("id", "name") if k in call}, "response": {"output": "sunny"}}}
            for call in (part.get("functionCall") for part in parts)
            if call
        ]
        turns = [{"role": "model", "parts": parts}, {"role": "user", "parts": results}]
        return {**body, "contents": [*body["contents"], *turns]}


class Converse(Surface):
    name = "Bedrock converse"

    def body(self, feature: str, marker: str) -> dict:
        content = [{"text": f"{QUESTION} {marker}"}]
        body = {"inferenceConfig": {"maxTokens": 2048}}
        if feature == "image":
            content.append({"image": {"format": "png", "source": {"bytes": PIXEL}}})
        if feature == "tools":
            spec = {"name": "get_weather", "description": "W", "inputSchema": {"json": TOOL}}
            body["toolConfig"] = {"tools": [{"toolSpec": spec}]}
        if feature == "reasoning":
            thinking = {"type": "enabled", "budget_tokens": 1024}
            body["additionalModelRequestFields"] = {"thinking": thinking}
        if feature == "schema":
            structure = {"jsonSchema": {"name": "n", "schema": json.dumps(SCHEMA)}}
            body["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": structure}}
        return {**body, "messages": [{"role": "user", "content": content}]}

    def send(self, gateway, body, model, stream):
        return bedrock.call(gateway, body, "converse-stream" if stream else "converse", model)

    def read(self, answer, stream: bool):
        made = bedrock.joined(bedrock.events(answer)) if stream else answer.json
        message, usage = made["output"]["message"], made["usage"]
        thought, calls = "", []
        for block in message["content"]:
            if "reasoningContent" in block:
                thought += block["reasoningContent"]["reasoningText"]["text"]
            elif "toolUse" in block:
                calls.append((block["toolUse"]["name"], block["toolUse"]["input"]))
        ends = {"end_turn": "stop", "tool_use": "tools", "max_tokens": "length", "content_filtered": "refusal"}
        said = Said(bedrock.words(made), thought, tuple(calls), ends[made["stopReason"]])
        cached = usage.get("cacheReadInputTokens", 0)
        return said, (usage["inputTokens"] + cached, usage["outputTokens"], cached), message

    def follow(self, body: dict, message: dict) -> dict:
        results = [
            {"toolResult": {"toolUseId": block["toolUse"]["toolUseId"], "content": [{"text": "sunny"}]}}
            for block in message["content"]
            if "toolUse" in block
        ]
        turns = [message, {"role": "user", "content": results}]
        return {**body, "messages": [*body["messages"], *turns]}


SURFACES = (Chat(), Completions(), Responses(), Messages(), Gemini(), Converse())
assert len(CITIES) == 2  # what follow() sends back is for all of them
