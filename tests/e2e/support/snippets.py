"""Calls that LiteLLM's documentation shows, as a table, and making them with only the import changed.

A line of fixtures/litellm_snippets/*.jsonl is an object with these members:

    name        the page of the documentation, and what is shown there
    from        the module that is imported, "litellm" unless it says another; `litellm` in it becomes `patchbay`
    call        the function, or steps: a list of [function, arguments, name to keep the result under]
    arguments   by name; texts that begin with "$" stand for what is in VALUES
    set         settings of the package, before the call
    await       it is a coroutine
    sent        members of the last request that the provider got
    path        how that request's path ends
    requests    how many requests there were
    answer      {"choices.0.message.content": ...}: members of the result; a function that asks a chat model answers
                with client.GREETING unless this says otherwise
    text        of a stream, all pieces together
    returns     the result itself; [] and {} are any list and object
    raises      the name of the exception's class
    cannot      why it cannot be done here; the call says so by NotImplementedError, with these words
"""

import asyncio
import importlib
import json

from . import client, paths

FOLDER = paths.E2E / "fixtures" / "litellm_snippets"

HI = [{"role": "user", "content": "Hey, how's it going?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_current_weather",
        "description": "Get the current weather in a given location",
        "parameters": {
            "type": "object",
            "properties": {"location": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
            "required": ["location"],
        },
    },
}
PNG = "data:image/png;base64,iVBORw0KGgo="


def rows() -> list[dict]:
    lines = [line for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines]


class Heard:
    """What callbacks of a snippet were told."""

    def __init__(self):
        self.events = []

    def function(self, kwargs, *rest):
        self.events.append(("function", kwargs, *rest[:1]))

    async def coroutine(self, kwargs, answer, start, end):
        self.events.append(("coroutine", kwargs, answer))


class Program:
    """One row, run in the package's process."""

    def __init__(self, row: dict, package, upstream):
        self.row, self.package, self.upstream = row, package, upstream
        self.heard = Heard()
        self.kept: dict = {}

    def run(self):
        """The last result; of a stream the list of its pieces."""
        for name, value in self.row.get("set", {}).items():
            setattr(self.package, name, self.filled(value))
        call = self.row["call"]
        steps = call if isinstance(call, list) else [[call, self.row.get("arguments", {})]]
        for function, arguments, *keep in steps:
            result = self._call(self._function(function), self.filled(arguments))
            if keep:
                self.kept[keep[0]] = result
        return result

    def _function(self, name: str):
        first, *rest = name.split(".")
        if first in self.kept:
            found = self.kept[first]
        else:
            module = importlib.import_module(self.row.get("from", "litellm").replace("litellm", "patchbay"))
            found = getattr(module, first)
        for part in rest:
            found = getattr(found, part)
        return found

    def _call(self, function, arguments: dict):
        if not callable(function):
            return function
        if not self.row.get("await"):
            result = function(**arguments)
            return list(result) if hasattr(result, "__next__") else result

        async def awaited():
            result = function(**arguments)
            if hasattr(result, "__await__"):
                result = await result
            return [piece async for piece in result] if hasattr(result, "__anext__") else result

        return asyncio.run(awaited())

    def filled(self, value):
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        values = {
            "$hi": HI,
            "$weather": WEATHER,
            "$png": PNG,
            "$listen": self.heard.function,
            "$listen_async": self.heard.coroutine,
            "$logger": self._logger(),
            "$bird": self._bird,
            "$short": lambda text: len(text) <= 20,
            "$refuse": lambda text: {"decision": False, "message": "not that"},
            "$handler": self._handler(),
            **{f"${name}": one for name, one in self.kept.items()},
        }
        if value in values:
            return values[value]() if value == "$bird" else values[value]
        return value.replace("$base", self.upstream.url)

    def _bird(self):
        import pydantic

        return pydantic.create_model("Bird", name=(str, ...), wings=(int, ...))

    def _handler(self):
        """As LiteLLM's page of providers of one's own has them."""
        package = self.package

        class Mine(package.CustomLLM):
            def completion(self, *args, **kwargs):
                return package.completion(model="gpt-3.5-turbo", messages=HI, mock_response="Hi!")

            async def acompletion(self, *args, **kwargs):
                return self.completion(*args, **kwargs)

            def streaming(self, *args, **kwargs):
                usage = {"completion_tokens": 0, "prompt_tokens": 0, "total_tokens": 0}
                end = {"finish_reason": "stop", "index": 0, "is_finished": True, "tool_use": None, "usage": usage}
                return {**end, "text": "1721955063"}

            async def astreaming(self, *args, **kwargs):
                yield self.streaming()

            async def aimage_generation(self, model, prompt, model_response, optional_params, logging_obj, timeout=None, client=None):
                assert optional_params == {"my_custom_param": "x"}
                return package.ImageResponse(created=1, data=[package.ImageObject(url="https://example.com/image.png")])

        return Mine()

    def _logger(self):
        heard = self.heard
        base = self.package.CustomLogger

        class Logger(base):
            def log_pre_api_call(self, model, messages, kwargs):
                heard.events.append(("pre", kwargs))

            def log_success_event(self, kwargs, response_obj, start_time, end_time):
                heard.events.append(("success", kwargs, response_obj))

            def log_failure_event(self, kwargs, response_obj, start_time, end_time):
                heard.events.append(("failure", kwargs, response_obj))

            async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
                heard.events.append(("async success", kwargs, response_obj))

        return Logger()


def at(value, place: str):
    """A member of a result: "choices.0.message.content", by attribute or item."""
    for part in place.split("."):
        if part.lstrip("-").isdigit():
            value = value[int(part)]
        elif part == "len()":
            value = len(value)
        else:
            value = value[part] if isinstance(value, dict) else getattr(value, part)
    return value


def missing(expected, got, place="") -> list[str]:
    """Where `got` has not what is expected of it; objects may have more members."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return [
            found
            for name, one in expected.items()
            for found in (missing(one, got[name], f"{place}.{name}") if name in got else [f"{place}.{name}: absent"])
        ]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [one for i, (a, b) in enumerate(zip(expected, got, strict=True)) for one in missing(a, b, f"{place}[{i}]")]
    return [] if expected == got else [f"{place}: {expected!r} -> {got!r}"]


def text_of(pieces) -> str:
    return "".join(piece.choices[0].delta.content or "" for piece in pieces)


def wrong(program: Program, result) -> list[str]:
    """What is not as the row says."""
    row, found = program.row, []
    requests = program.upstream.requests
    if "requests" in row and len(requests) != row["requests"]:
        found.append(f"requests: {row['requests']} -> {len(requests)}")
    if "path" in row and not requests[-1].path.endswith(row["path"]):
        found.append(f"path: {row['path']} -> {requests[-1].path}")
    if "sent" in row:
        found += missing(program.filled(row["sent"]), requests[-1].json, "sent")
    if "text" in row:
        found += missing(row["text"], text_of(result), "text")
    for place, value in row.get("answer", {}).items():
        found += missing(value, at(result, place), place)
    if "heard" in row:
        found += missing(row["heard"], [event[0] for event in program.heard.events], "heard")
    if "returns" in row:
        want = row["returns"]
        kind_alone = want in ([], {}) and isinstance(result, type(want))
        plain = json.loads(json.dumps(result, default=lambda one: one.model_dump())) if not kind_alone else want
        found += missing(want, plain, "returns")
    told = ("answer", "text", "returns", "sent", "heard", "requests", "path", "raises")
    if not any(name in row for name in told):
        found += missing(client.GREETING, at(result, "choices.0.message.content"), "content")
    return found
