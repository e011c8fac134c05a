"""Conversations of OpenAI's chat API, made from a seed: what is asked, and what the model says to it.

A conversation is made of features, each under a name; a test leaves out those that the API in between cannot say.
"""

import json
import random
from dataclasses import dataclass, field

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "JVBERi0xLjQKJSVFT0YK"
WORDS = (
    "Hello", "world", "naïve", "日本語", "emoji 🧪", 'a "quote"', "back\\slash", "line\nbreak", "tab\there",
    "</b>", "{json}", "[1, 2]", "€5", "null", "0", "\u2028", "é", "data: x", "event", "'single'",
)  # fmt: skip
SCHEMAS = (
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False},
    {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["a", "b"], "description": "which"},
            "items": {"type": "array", "items": {"type": "integer"}},
            "inner": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]},
        },
        "required": ["kind"],
    },
    {"type": "object", "properties": {}},
)
VALUES = ("Paris", 7, -3, 0.5, True, False, None, [1, "two"], {"deep": {"er": [{}]}}, "")

#: What a request or an answer may have beside texts, and what each is.
FEATURES = {
    "system": "a system message",
    "parts": "several texts in one message",
    "image-data": "an image in the request",
    "image-url": "an image at an address",
    "document": "a PDF in the request",
    "calls": "calls of functions, up to three at once, and their results",
    "result-parts": "a result of a function in several texts",
    "text-and-calls": "text before calls in one turn",
    "tool-choice": "a choice of tool: any, one by name",
    "one-call": "`parallel_tool_calls: false`",
    "strict": "`strict` of a function",
    "schema": "an answer in the form of a JSON Schema",
    "temperature": "`temperature`",
    "top-p": "`top_p`",
    "stop": "up to four stop sequences",
    "limit": "a limit of tokens",
    "effort": "how much to think: low, medium or high",
    "user": "who the user is",
    "thought": "thoughts in the answer",
    "length": "an answer that was cut at the limit",
    "cached": "tokens that were read from the cache",
    "reasoning-tokens": "tokens that were spent on thoughts",
    "seed": "`seed`",
    "penalties": "`presence_penalty`, `frequency_penalty`",
    "logprobs": "log probabilities of the answer's tokens",
}


@dataclass
class Conversation:
    number: int
    request: dict  #: without model and stream
    stream: bool
    answer: dict  #: the message
    finish: str
    usage: dict
    logprobs: dict | None
    used: set = field(default_factory=set)  #: of FEATURES


class Maker:
    """Makes the conversation of one number; the same for the same number and the same features left out."""

    def __init__(self, number: int, without=frozenset()):
        self.random = random.Random(number)
        self.number = number
        self.without = without
        self.used = set()
        self.ids = 0

    def has(self, feature: str, chance: float = 0.3) -> bool:
        """Draws always, so that leaving one out does not change the others."""
        drawn = self.random.random() < chance
        if drawn and feature not in self.without:
            self.used.add(feature)
            return True
        return False

    def text(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 8)))

    def texts(self) -> list[dict]:
        return [{"type": "text", "text": self.text()} for _ in range(self.random.randint(2, 3))]

    def user(self) -> dict:
        parts = self.texts() if self.has("parts") else [{"type": "text", "text": self.text()}]
        if self.has("image-data", 0.15):
            parts.append({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}})
        if self.has("image-url", 0.1):
            parts.append({"type": "image_url", "image_url": {"url": f"https://example.com/{self.number}.png"}})
        if self.has("document", 0.1):
            file = {"filename": f"paper {self.number}.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}
            parts.append({"type": "file", "file": file})
        content = parts[0]["text"] if len(parts) == 1 else parts
        return {"role": "user", "content": content}

    def arguments(self) -> str:
        names = self.random.sample(("city", "kind", "n", "räume", "_x"), self.random.randint(0, 3))
        return json.dumps({name: self.random.choice(VALUES) for name in names}, separators=(",", ":"))

    def calls(self, names: list[str]) -> list[dict]:
        made = []
        for _ in range(self.random.randint(1, 3)):
            self.ids += 1
            function = {"name": self.random.choice(names), "arguments": self.arguments()}
            made.append({"id": f"call_{self.number}_{self.ids}", "type": "function", "function": function})
        return made

    def turn(self, names: list[str]) -> list[dict]:
        """An assistant's turn and, if it calls, the results."""
        if not names or self.random.random() < 0.4:
            return [{"role": "assistant", "content": self.text()}]
        calls = self.calls(names)
        said = self.text() if self.has("text-and-calls") else None
        results = []
        for call in calls:
            content = self.texts() if self.has("result-parts") else self.text()
            results.append({"role": "tool", "tool_call_id": call["id"], "content": content})
        return [{"role": "assistant", "content": said, "tool_calls": calls}, *results]

    def tools(self) -> list[dict]:
        made = []
        for at in range(self.random.randint(1, 3)):
            function = {"name": f"tool_{at}", "parameters": self.random.choice(SCHEMAS)}
            if self.random.random() < 0.7:
                function["description"] = self.text()
            if self.has("strict", 0.2):
                function["strict"] = True
            made.append({"type": "function", "function": function})
        return made

    def request(self) -> tuple[dict, list[str]]:
        body, names = {}, []
        turns = [{"role": "system", "content": self.text()}] if self.has("system") else []
        if self.has("calls", 0.6):
            body["tools"] = self.tools()
            names = [tool["function"]["name"] for tool in body["tools"]]
            if self.has("tool-choice"):
                named = {"type": "function", "function": {"name": self.random.choice(names)}}
                body["tool_choice"] = self.random.choice(["required", named])
            if self.has("one-call", 0.2):
                body["parallel_tool_calls"] = False
        for _ in range(self.random.randint(0, 3)):
            turns += [self.user(), *self.turn(names)]
        if turns and turns[-1]["role"] == "tool" and self.random.random() < 0.5:
            return {**body, "messages": turns}, names
        return {**body, "messages": [*turns, self.user()]}, names

    def params(self, body: dict):
        numbers = self.random
        # Claude does not think where a tool is forced, nor after calls whose thoughts are not there.
        said = [turn for turn in body["messages"] if turn["role"] == "assistant"]
        thinks = "tool_choice" not in body and not (said and "tool_calls" in said[-1])
        if thinks and self.has("effort", 0.2):
            body["reasoning_effort"] = numbers.choice(["low", "medium", "high"])
        elif self.has("temperature"):
            body["temperature"] = numbers.choice([0, 0.5, 1])
        elif self.has("top-p"):
            body["top_p"] = numbers.choice([0.1, 0.95, 1])
        if self.has("stop", 0.2):
            body["stop"] = [f"END{at}" for at in range(numbers.randint(1, 4))]
        if self.has("limit", 0.5):
            body["max_completion_tokens"] = numbers.randint(20_000, 30_000)
        if self.has("user", 0.2):
            body["user"] = f"user-{self.number}"
        if self.has("schema", 0.15) and not body.get("tools"):
            form = {"name": f"form_{self.number}", "schema": SCHEMAS[0], "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if self.has("seed", 0.2):
            body["seed"] = numbers.randint(0, 1 << 31)
        if self.has("penalties", 0.2):
            body |= {"presence_penalty": 0.5, "frequency_penalty": -0.25}
        if self.has("logprobs", 0.2):
            body |= {"logprobs": True, "top_logprobs": 2}

    def answered(self, body: dict, names: list[str]) -> tuple[dict, str, dict]:
        message = {"role": "assistant", "content": self.text()}
        finish = "stop"
        if "response_format" in body:
            message["content"] = json.dumps({"city": self.text()})
        elif names and self.random.random() < 0.5:
            message["tool_calls"] = self.calls(names)
            finish = "tool_calls"
            if not self.has("text-and-calls"):
                message["content"] = None
        elif self.has("length", 0.2):
            finish = "length"
        if "reasoning_effort" in body and self.has("thought", 0.7):
            message["reasoning_content"] = self.text()
        usage = {"prompt_tokens": self.random.randint(10, 5000), "completion_tokens": self.random.randint(1, 900)}
        if self.has("cached"):
            usage["prompt_tokens_details"] = {"cached_tokens": self.random.randint(1, usage["prompt_tokens"])}
        if self.has("reasoning-tokens") and "reasoning_content" in message:
            spent = self.random.randint(1, usage["completion_tokens"])
            usage["completion_tokens_details"] = {"reasoning_tokens": spent}
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
        return message, finish, usage

    def made(self) -> Conversation:
        body, names = self.request()
        self.params(body)
        stream = self.random.random() < 0.5
        message, finish, usage = self.answered(body, names)
        logprobs = self.logprobs(message["content"]) if "logprobs" in body and message["content"] else None
        return Conversation(self.number, body, stream, message, finish, usage, logprobs, self.used)

    def logprobs(self, text: str) -> dict:
        """A token of five characters at the most, and one that it might have been."""

        def one(token):
            return {"token": token, "bytes": list(token.encode()), "logprob": -self.random.randint(1, 64) / 16}

        pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
        return {"content": [{**one(piece), "top_logprobs": [one(piece), one("other")]} for piece in pieces]}
