"""What a model can be asked to do: a row for each operation, so that one test holds for all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from . import canary
from .gateway import deployment
from .wire import Answer, ask


@dataclass(frozen=True)
class Operation:
    name: str
    path: str
    route: str  #: the label of it in /metrics and in records
    call_type: str
    use: str  #: what it is called in messages
    model: str  #: of a deployment that serves it
    members: Callable[[], dict]  #: the least of a request besides the model
    base: str = "/v1"  #: what an upstream's address ends with
    asked: str = "messages"  #: the member that holds what is asked
    begun: bytes = b"data: "  #: an event of a stream has come

    def body(self, script: str = "default", model: str = "m", **more) -> dict:
        """A request that names its script apart from what is asked."""
        marked = {"user": f"script:{script}"}
        if self.name == "messages":
            marked = {"metadata": {"user_id": f"script:{script}"}}
        return {"model": model, **self.members(), **marked, **more}

    def ask(
        self, gateway, script: str = "default", model: str = "m", headers=None, **more
    ) -> Answer:
        return ask(gateway.port, self.body(script, model, **more), path=self.path, headers=headers)

    def deployment(self, upstream, name: str = "m", place: str = "", model=None, **params) -> dict:
        """At `upstream`; `place` tells one from another by the path that is asked."""
        key = canary.ANTHROPIC if self.name == "messages" else canary.OPENAI
        base = upstream.url + place + self.base
        return deployment(name, model or self.model, base, key, **params)


def turns() -> dict:
    return {"messages": [{"role": "user", "content": "Hello"}]}


CHAT = Operation(
    "chat",
    "/v1/chat/completions",
    "/chat/completions",
    "acompletion",
    "chat",
    "openai/gpt-4o",
    turns,
)
EMBEDDINGS = Operation(
    "embeddings",
    "/v1/embeddings",
    "/embeddings",
    "aembedding",
    "embeddings",
    "openai/text-embedding-3-small",
    lambda: {"input": "Hello"},
    asked="input",
)
SPEECH = Operation(
    "speech",
    "/v1/audio/speech",
    "/audio/speech",
    "aspeech",
    "speech",
    "openai/tts-1",
    lambda: {"input": "Hello", "voice": "alloy"},
    asked="input",
)
MESSAGES = Operation(
    "messages",
    "/v1/messages",
    "/v1/messages",
    "anthropic_messages",
    "messages",
    "anthropic/claude-sonnet-4-5",
    lambda: {**turns(), "max_tokens": 64},
    base="",
)
RESPONSES = Operation(
    "responses",
    "/v1/responses",
    "/responses",
    "aresponses",
    "responses",
    "openai/gpt-5",
    lambda: {"input": "Hello"},
    asked="input",
)
