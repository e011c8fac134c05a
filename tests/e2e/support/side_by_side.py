"""LiteLLM itself and the client library beside it: the same calls on both, against the same recording upstream.

Calls of models are recorded exchanges of tests/vectors (a request, and what its provider answers); fixtures/
side_by_side.toml names which, and adds calls of functions that ask nobody; side_by_side_differences.toml says every
difference that is known, with its reason. Both libraries run in a process of their own, of the same Python, which tests/e2e/setup.sh has made for
clients.
"""

import json
import os
import subprocess
import tomllib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from player import cases, chunks, wire
from player.compare import ABSENT, differences, without_nulls
from player.google_names import GOOGLES, one_spelling
from player.rules import Rule

from . import client, paths
from .upstream import Upstream

TABLE = paths.E2E / "fixtures" / "side_by_side.toml"
DIFFERENCES = paths.E2E / "fixtures" / "side_by_side_differences.toml"
PYTHON = paths.OUT / "clients" / "venv" / "bin" / "python"
RUNNER = paths.E2E / "clients" / "sdk_runner.py"

#: The gateway's route of a recorded request -> the library's function.
FUNCTIONS = {
    "/v1/chat/completions": "completion",
    "/v1/completions": "text_completion",
    "/v1/embeddings": "embedding",
    "/v1/rerank": "rerank",
    "/v1/moderations": "moderation",
    "/v1/audio/speech": "speech",
    "/v1/images/generations": "image_generation",
    "/v1/responses": "responses",
    "/v1/messages": "anthropic.messages.acreate",
}
#: Headers that say who asks and in which version of an API.
HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key", "anthropic-version", "anthropic-beta")
#: Members that are made anew for each answer.
VOLATILE = ("id", "created", "created_at", "completed_at")


@dataclass
class Call:
    """One call, and after play what was sent for it and what each library gave back."""

    id: str
    function: str
    arguments: dict
    awaited: bool = False
    replies: list[dict] = field(default_factory=list)
    router: dict = field(default_factory=dict)
    sent: dict[str, list] = field(default_factory=dict)
    results: dict[str, dict] = field(default_factory=dict)


def table() -> dict:
    return tomllib.loads(TABLE.read_text())


def calls(given: dict) -> list[Call]:
    """Those of the table, in its order."""
    recorded = {case.id: (case, group) for group in cases.read() for case in group.cases}
    made = []
    for name in given["recorded"]["cases"]:
        case, group = recorded[name]
        entry = next(one for one in group.config["model_list"] if one["model_name"] == case.model)
        arguments = {**entry["litellm_params"], **{k: v for k, v in case.request["body"].items() if k != "model"}}
        if entry.get("model_info", {}).get("base_model"):
            arguments["base_model"] = entry["model_info"]["base_model"]
        function = FUNCTIONS[case.request["path"]]
        arguments |= given["recorded"]["arguments"]
        made.append(Call(name, function, arguments, function.endswith(".acreate"), case.replies))
    twins = [
        Call(f"{one.id}@await", "a" + one.function, one.arguments, True, one.replies)
        for one in made
        if one.id in given["recorded"]["awaited"]
    ]
    routers = [
        Call(
            one["id"],
            one["function"],
            one["arguments"],
            one["function"].startswith("a"),
            [reply for name in one["replies"] for reply in recorded[name][0].replies],
            {"model_list": given["model_list"], **one.get("settings", {})},
        )
        for one in given["router"]
    ]
    functions = [Call(one["id"], one["function"], one.get("arguments", {})) for one in given["function"]]
    return made + twins + routers + functions


class Recorder:
    """The upstream: answers each call as its provider did, and knows by the path which call it is."""

    def __init__(self, made: list[Call]):
        self.calls = made
        self.left: list[list[dict]] = []
        self.upstream = Upstream({"default": self._answer})

    def base(self, number: int) -> str:
        return f"{self.upstream.url}/call-{number}"

    def filled(self, number: int, value: dict) -> dict:
        return json.loads(json.dumps(value).replace("{UPSTREAM}", self.base(number)))

    def begin(self):
        self.upstream.clear()
        self.left = [list(one.replies) for one in self.calls]

    def requests(self, number: int) -> list:
        return [one for one in self.upstream.requests if _number(one) == number]

    async def _answer(self, exchange):
        left = self.left[_number(exchange)]
        reply = left.pop(0) if left else {"status": 418, "body": {"error": {"message": "asked once more"}}}
        if reply.get("transport_error"):
            return exchange.cut()
        headers = {name.lower(): text for name, text in reply.get("headers", {}).items()}
        if "chunks" not in reply:
            return await exchange.answer(reply["status"], wire.reply_body(reply), headers.items())
        await exchange.start_stream(headers.items())
        for piece in reply["chunks"]:
            await exchange.chunk(piece.encode())
        await exchange.finish()


def _number(exchange) -> int:
    return int(exchange.path.split("/")[1].removeprefix("call-"))


def _path(exchange) -> str:
    """Behind the address that the call was given."""
    return "".join(urlsplit(exchange.path).path.split("/", 2)[2:])


def environment(state) -> dict:
    """What both libraries run with: no network but loopback, no settings of this machine."""
    own = {k: v for k, v in os.environ.items() if not k.endswith(("_API_KEY", "_API_BASE", "_BASE_URL"))}
    tokenizers = next(PYTHON.parent.parent.glob("lib/python*/site-packages/litellm/litellm_core_utils/tokenizers"))
    return {
        **own,
        "PYTHONPATH": str(client.PACKAGE),
        "PATCHBAY_STATE_DIR": str(state),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",  # no .env file
        "TIKTOKEN_CACHE_DIR": str(tokenizers),
        "HTTPS_PROXY": "http://127.0.0.1:9",  # what asks the world fails at once
        "NO_PROXY": "127.0.0.1",
        "OPENAI_API_KEY": "sk-openai",
        "ANTHROPIC_API_KEY": "sk-anthropic",
    }


def play(recorder: Recorder, library: str, state):
    """Makes all calls with the library."""
    recorder.begin()
    asked = [
        {
            "id": str(i),
            "function": one.function,
            "arguments": recorder.filled(i, one.arguments),
            "router": recorder.filled(i, one.router),
            "await": one.awaited,
        }
        for i, one in enumerate(recorder.calls)
    ]
    done = subprocess.run(
        [PYTHON, RUNNER, library],
        input=json.dumps(asked),
        env=environment(state),
        capture_output=True,
        text=True,
        timeout=paths.deadline(100),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for line in done.stdout.splitlines():
        result = json.loads(line)
        number = int(result.pop("id"))
        recorder.calls[number].results[library] = result
        recorder.calls[number].sent[library] = recorder.requests(number)


def compare(one: Call) -> list[tuple]:
    """(place, LiteLLM's, ours) of every difference."""
    want, have = (one.sent[library] for library in ("litellm", "patchbay"))
    if len(want) != len(have):
        told = [[f"{x.method} {x.path}" for x in sent] for sent in (want, have)]
        found = [("sent", *told)]
    else:
        found = [place for a, b in zip(want, have, strict=True) for place in _sent(a, b)]
    return found + _results(*(one.results[library] for library in ("litellm", "patchbay")))


def _sent(want, have) -> list[tuple]:
    found = differences(_path(want), _path(have), "sent path") + differences(want.method, have.method, "sent method")
    for name in HEADERS:
        found += differences(want.headers.get(name, ABSENT), have.headers.get(name, ABSENT), f"sent header {name}")
    return found + differences(_body(want), _body(have), "sent body")


def _body(exchange):
    body = without_nulls(json.loads(exchange.body)) if exchange.body else {}
    if body.get("stream") is False:
        del body["stream"]
    return one_spelling(body) if urlsplit(exchange.path).path.endswith(GOOGLES) else body


def _results(want: dict, have: dict) -> list[tuple]:
    if ("error" in want) != ("error" in have):
        told = [result.get("error", {"class": "none"}) for result in (want, have)]
        return [("answer error", *told)]
    if "error" in want:
        return _errors(want["error"], have["error"])
    kinds = [sorted(result) for result in (want, have)]
    if kinds[0] != kinds[1]:
        return [("answer kind", *kinds)]
    if "chunks" in want:
        return differences(_stream(want["chunks"]), _stream(have["chunks"]), "answer stream")
    (kind,) = kinds[0]
    return differences(_told(want[kind]), _told(have[kind]), f"answer {kind}")


def _told(value):
    value = without_nulls(value)
    if isinstance(value, float):
        return float(f"{value:.12g}")  # LiteLLM multiplies floats
    if isinstance(value, list):
        return [_told(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {k: type(v).__name__ if k in VOLATILE else _told(v) for k, v in value.items()}


def _stream(pieces: list) -> dict:
    """Chat's as what a program has that joins the deltas; events of other APIs one by one."""
    if all(isinstance(one, dict) and "choices" in one for one in pieces):
        whole = _told(chunks.joined(pieces))
        whole["id"] = len(chunks.joined(pieces).get("id", []))
        return whole
    return {"events": [_told(one) for one in pieces]}


def _errors(want: dict, have: dict) -> list[tuple]:
    found = []
    for name in ("class", "status_code", "llm_provider", "model", "openai"):
        found += differences(want[name], have[name], f"answer error.{name}")
    return found


def rules() -> list[Rule]:
    """Every difference that is known."""
    return [Rule("choice", **one) for one in tomllib.loads(DIFFERENCES.read_text())["difference"]]


def unexplained(made: list[Call], known: list[Rule]) -> list[str]:
    """Differences without a reason, as lines; each rule notes what it explains."""
    left = []
    for one in made:
        for place, want, have in compare(one):
            rule = next((rule for rule in known if rule.covers(one, place)), None)
            if rule is None:
                left.append(f"{one.id}: {place}: {want!r:.300} -> {have!r:.300}")
            else:
                rule.note(one)
    return left
