"""Thousands of generated conversations, chat to another API and back: what both can say comes back equal.

A client asks one gateway in OpenAI's chat API; its provider speaks the API in between, and is another gateway, whose
provider speaks chat again. What that provider is asked must be what the client asked, and what it says must be what
the client gets, whole or streamed. PATCHBAY_WRITE_DOCS=1 writes what cannot be said into docs/surfaces.md.
"""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from queue import Empty, SimpleQueue

import pytest

from support import answers, canary, paths
from support.conversations import FEATURES, Conversation, Maker
from support.gateway import Gateway, config, deployment
from support.surfaces import Chat
from support.wire import Answer

PAGE = paths.REPO / "docs" / "surfaces.md"
COUNT = 5000
NUMBER = re.compile(rb"number-(\d+)-")


@dataclass(frozen=True)
class Between:
    """An API between two gateways."""

    name: str
    model: str  #: of the first gateway, as `provider/model`
    path: str  #: of the second gateway, that the first one takes for its provider
    cannot: dict  #: features that it cannot say, and what becomes of each
    less: dict = field(default_factory=dict)  #: features of which a member is lost: that, and what the page says

    @property
    def served(self) -> str:
        """The model as the second gateway is asked for it."""
        return self.model.split("/")[-1]


BETWEEN = [
    Between(
        "Anthropic messages",
        "anthropic/claude-sonnet-4-5",
        "",
        {
            "seed": "refused, or dropped",
            "penalties": "refused, or dropped",
            "logprobs": "refused, or dropped",
            "strict": "left out",
            "schema": "the same, without its name",
        },
    ),
    Between(
        "OpenAI responses",
        "openai/responses/gpt-4o",
        "/v1",
        {
            "stop": "refused, or dropped",
            "seed": "refused, or dropped",
            "penalties": "refused, or dropped",
        },
    ),
    Between(
        "Gemini generateContent",
        "gemini/gemini-3.1-pro-preview",
        "/v1beta",
        {
            "user": "left out",
            "strict": "left out",
            "one-call": "refused, or dropped",
            "result-parts": "written together",
            "schema": "the same, without its name",
        },
        {
            "document": ("filename", "the same, without its name"),
            "logprobs": ("bytes", "equal, without `bytes`"),
        },
    ),
    Between(
        "Bedrock converse",
        "bedrock/us.anthropic.claude-sonnet-4-5",
        "/bedrock",
        {
            "image-url": "refused",
            "user": "left out",
            "strict": "left out where the schema is open",
            "reasoning-tokens": "left out",
            "seed": "refused, or dropped",
            "penalties": "refused, or dropped",
            "logprobs": "refused, or dropped",
        },
        {"document": ("filename", "the same; a second one of that name is numbered")},
    ),
]
each = pytest.mark.parametrize("between", BETWEEN, ids=lambda between: between.name)


def marked(made: Conversation) -> Conversation:
    """With its number in the last user's text, by which the provider knows which one it is asked."""
    turn = next(turn for turn in reversed(made.request["messages"]) if turn["role"] == "user")
    mark = f"number-{made.number}- "
    if isinstance(turn["content"], str):
        turn["content"] = mark + turn["content"]
    else:
        turn["content"][0]["text"] = mark + turn["content"][0]["text"]
    return made


def pieces(made: Conversation) -> list[dict]:
    """The answer as a stream, every text in two pieces."""
    deltas = [{"role": "assistant"}]
    for name in ("reasoning_content", "content"):
        text = made.answer.get(name) or ""
        deltas += [{name: half} for half in (text[: len(text) // 2], text[len(text) // 2 :]) if half]
    for at, call in enumerate(made.answer.get("tool_calls", ())):
        written = call["function"]["arguments"]
        begun = {**call, "function": {"name": call["function"]["name"], "arguments": ""}}
        deltas.append({"tool_calls": [{"index": at, **begun}]})
        for half in (written[:3], written[3:]):
            if half:
                deltas.append({"tool_calls": [{"index": at, "function": {"arguments": half}}]})
    chunks = []
    for delta in deltas:
        chunk = answers.piece()
        chunk["choices"][0]["delta"] = delta
        chunks.append(chunk)
    if made.logprobs:
        said = next(c for c in chunks if "content" in c["choices"][0]["delta"])
        said["choices"][0]["logprobs"] = made.logprobs
    return [*chunks, answers.piece(finish=made.finish), {**answers.piece(), "choices": [], "usage": made.usage}]


class Provider:
    """Answers each conversation with what it says, and keeps what it was asked."""

    def __init__(self):
        self.conversations: dict[int, Conversation] = {}
        self.asked: dict[int, dict] = {}

    async def __call__(self, exchange):
        number = int(NUMBER.findall(exchange.body)[-1])
        made = self.conversations[number]
        self.asked[number] = exchange.json
        if exchange.json.get("stream"):
            return await answers.streamed(*pieces(made))(exchange)
        whole = answers.completion(None, usage=made.usage)
        whole["choices"][0] |= {"message": made.answer, "finish_reason": made.finish}
        if made.logprobs:
            whole["choices"][0]["logprobs"] = made.logprobs
        await exchange.answer(200, whole)


@pytest.fixture(scope="module")
def provider(upstream):
    upstream.scripts["default"] = made = Provider()
    return made


@pytest.fixture(scope="module")
def front(upstream, provider, tmp_path_factory):
    """The gateway that is asked; behind it the one that stands for the providers."""
    allowed = ["reasoning_effort", "user"]
    served = [
        deployment(name, "openai_like/gpt-4o", upstream.url + "/v1", canary.OPENAI, allowed_openai_params=allowed)
        for name in dict.fromkeys(between.served for between in BETWEEN)
    ]
    back = Gateway(tmp_path_factory.mktemp("back"), config(*served))
    asked = [
        deployment(between.name, between.model, back.url + between.path, canary.MASTER)
        for between in BETWEEN
    ]
    running = Gateway(tmp_path_factory.mktemp("front"), config(*asked))
    yield running
    assert running.stop() == 0
    assert back.stop() == 0


def plain(value):
    """A request or a message with what means the same written the same."""
    if isinstance(value, list):
        texts = [part for part in value if isinstance(part, dict) and part.get("type") == "text"]
        if len(value) == 1 and texts:
            return value[0]["text"]
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    found = {name: plain(member) for name, member in value.items() if member is not None and name != "index"}
    if found.get("strict") is False:  # as if it were not there
        del found["strict"]
    if isinstance(found.get("arguments"), str):
        found["arguments"] = json.loads(found["arguments"])
    return found


def without(value, names: set):
    """The value without the members of these names."""
    if isinstance(value, list):
        return [without(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: without(member, names) for name, member in value.items() if name not in names}


def compared(request: dict, like: dict) -> dict:
    """The members that the client sent, of what the provider was asked."""
    found = plain(request)
    if "max_tokens" in found:
        found["max_completion_tokens"] = found.pop("max_tokens")
    if isinstance(found.get("stop"), str):
        found["stop"] = [found["stop"]]
    return {name: value for name, value in found.items() if name in like}


def send(connections: SimpleQueue, port: int, body: dict) -> Answer:
    """One call on a connection that is kept."""
    try:
        connection = connections.get_nowait()
    except Empty:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {canary.MASTER}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    came = connection.getresponse()
    answer = Answer(came.status, dict(came.getheaders()), came.read())
    connections.put(connection)
    return answer


def difference(made: Conversation, provider: Provider, answer: Answer, lost: set) -> str:
    """What is not equal, or nothing. Members that are named in `lost` are not looked at."""
    if answer.status != 200:
        return f"{answer.status} {answer.body[:400]!r}"
    wanted = without(plain(made.request), lost)
    asked = without(compared(provider.asked.pop(made.number), wanted), lost)
    if asked != wanted:
        names = [name for name in wanted if asked.get(name) != wanted[name]]
        return f"asked {[(name, asked.get(name), wanted[name]) for name in names]}"
    if made.stream:
        message, finish, usage = Chat._joined(answer.events)
        logprobs = [
            one
            for event in answer.events[:-1]
            for choice in json.loads(event)["choices"]
            for one in (choice.get("logprobs") or {}).get("content") or ()
        ]
    else:
        choice, usage = answer.json["choices"][0], answer.json["usage"]
        message, finish = choice["message"], choice["finish_reason"]
        logprobs = (choice.get("logprobs") or {}).get("content") or []
    got = {name: message.get(name) or None for name in ("content", "reasoning_content", "tool_calls")}
    said = {name: made.answer.get(name) or None for name in got}
    if plain(got) != plain(said) or finish != made.finish:
        return f"answered {plain(got)} {finish}, not {plain(said)} {made.finish}"
    if without(logprobs, lost) != without((made.logprobs or {}).get("content", []), lost):
        return f"log probabilities {logprobs}, not {made.logprobs}"
    told = {name: usage.get(name) for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
    for name, part in (("cached_tokens", "prompt_tokens_details"), ("reasoning_tokens", "completion_tokens_details")):
        if part in made.usage:
            told[part] = {name: (usage.get(part) or {}).get(name)}
    return "" if told == made.usage else f"usage {usage}, not {made.usage}"


@each
def test_what_both_can_say_comes_back_equal(front, provider, between):
    left_out = frozenset(between.cannot)
    lost = {member for member, _ in between.less.values()}
    connections = SimpleQueue()

    def one(number: int) -> tuple[str, set]:
        made = marked(Maker(number, left_out).made())
        provider.conversations[number] = made
        body = {**made.request, "model": between.name, "stream": made.stream}
        if made.stream:
            body["stream_options"] = {"include_usage": True}
        found = difference(made, provider, send(connections, front.port, body), lost)
        del provider.conversations[number]
        return found and f"conversation {number}: {found}", made.used

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(one, range(COUNT)))
    wrong = [found for found, _ in seen if found]
    assert not wrong, f"{len(wrong)} of {COUNT}:\n" + "\n".join(wrong[:10])
    assert set.union(*(used for _, used in seen)) == set(FEATURES) - left_out


def table() -> str:
    names = [between.name for between in BETWEEN]
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for feature, words in FEATURES.items():
        marks = [between.cannot.get(feature) or between.less.get(feature, ("", "equal"))[1] for between in BETWEEN]
        lines.append(f"| {words} | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def test_the_page_has_the_table():
    begin, end = "<!-- round trips -->\n", "\n<!-- end of round trips -->"
    page = PAGE.read_text()
    head, _, rest = page.partition(begin)
    found, _, tail = rest.partition(end)
    if os.environ.get("PATCHBAY_WRITE_DOCS"):
        PAGE.write_text(head + begin + table() + end + tail)
        return
    assert found == table(), "PATCHBAY_WRITE_DOCS=1 writes it"
