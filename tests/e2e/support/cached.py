"""A gateway with the response cache, and what it says of it."""

from . import canary
from .gateway import config, deployment
from .operations import EMBEDDINGS, MESSAGES, RESPONSES
from .wire import ask


def cached(upstream, params=None, settings=None, **sections) -> dict:
    made = config(
        deployment("scripted", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        deployment("scripted-two", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
        MESSAGES.deployment(upstream, "claude"),
        RESPONSES.deployment(upstream, "thinker"),
        EMBEDDINGS.deployment(upstream, "vectors"),
        **sections,
    )
    made.setdefault("litellm_settings", {}).update(
        {"cache": True, "cache_params": params or {}, **(settings or {})}
    )
    return made


def fresh(gateway):
    """Nothing is kept."""
    assert ask(gateway.port, {}, path="/cache/flushall").json == {"status": "success"}


def state(answer) -> str:
    return answer.headers["x-patchbay-cache"].partition(";")[0]
