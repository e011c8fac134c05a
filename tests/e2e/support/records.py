"""What is left of a call: its log record, and how much /metrics grew by it."""

import json

from . import canary, paths
from .gateway import config, deployment
from .metrics import grown, scrape
from .operations import CHAT
from .process import eventually
from .wire import Wire, ask, request

TOKENS = {"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15}
METRICS = {"prompt_tokens": "input", "completion_tokens": "output", "total_tokens": "total"}


def told(prompt: int, completion: int) -> dict:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def tokens(record: dict) -> dict:
    return {name: record[name] for name in TOKENS}


def error_code(record: dict):
    return (record["error_information"] or {}).get("error_code")


class Log:
    """The file that a gateway writes its records to."""

    def __init__(self, folder):
        self.file = folder / "calls.jsonl"
        self.environment = {"PATCHBAY_STATE_DIR": str(folder / "state")}
        #: Sections of the configuration, for config().
        self.sections = {
            "litellm_settings": {"callbacks": ["file"]},
            "callback_settings": {"file": {"url": f"file://{self.file}", "flush_interval": 0.05}},
        }

    def records(self, count: int = 1) -> list[dict]:
        """Waits for so many."""

        def lines():
            # What stands behind the last line break is being written.
            text = self.file.read_text() if self.file.exists() else ""
            found = text[: text.rfind("\n") + 1].splitlines()
            return len(found) >= count and found

        return [json.loads(line) for line in eventually(lines, paths.deadline(10))]


class Recorder:
    """Makes a gateway for one call, whose answer is a script."""

    def __init__(self, start, upstream, folder):
        self.start, self.upstream, self.folder = start, upstream, folder
        self.made = 0
        self.answer = None  #: what the client got; None when it left

    def __call__(
        self,
        script,
        stream=False,
        leave=False,
        guardrails=(),
        model="m",
        body=None,
        operation=CHAT,
        **sections,
    ) -> dict:
        """The record. `leave`: the client goes when the upstream has been asked, and of a stream an event has come."""
        self.made += 1
        folder = self.folder / f"recorded-{self.made}"
        folder.mkdir()
        log = Log(folder)
        self.upstream.scripts["usage"] = script
        self.upstream.clear()
        claude = deployment(
            "claude", "anthropic/claude-sonnet-4-5", self.upstream.url, canary.ANTHROPIC
        )
        made = config(operation.deployment(self.upstream), claude, **log.sections, **sections)
        made["guardrails"] = list(guardrails)
        gateway = self.start(made, env=log.environment)
        before = scrape(gateway)
        asked = body or operation.body("usage", model, **({"stream": True} if stream else {}))
        self.answer = None
        if leave:
            with Wire(gateway.port) as wire:
                wire.send(request(asked, path=operation.path))
                if stream:
                    wire.until(operation.begun)
                else:
                    eventually(lambda: self.upstream.of("usage"), paths.deadline(10))
        else:
            self.answer = ask(gateway.port, asked, path=operation.path)
        (record,) = log.records()
        after = scrape(gateway)
        counted = {
            kind: grown(before, after, rf"litellm_{name}_tokens_metric_total")
            for kind, name in METRICS.items()
        }
        assert tokens(record) == counted, "the record and /metrics say the same"
        assert tokens(record) == {
            name: record["metadata"]["usage_object"][name] for name in counted
        }
        assert record["call_type"] == operation.call_type
        return record
