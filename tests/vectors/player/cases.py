"""The recorded exchanges: read from ../data, ordered as they are to be played."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass
class Case:
    """One exchange as recorded, and after play what was found. Belongs to the thread that plays it."""

    surface: str
    id: str
    request: dict
    upstream: list[dict]
    replies: list[dict]
    answer: dict
    litellm_bug: str = ""
    #: (place, expected, got) of every difference; None before play.
    found: list[tuple] | None = None
    #: Why there was nothing to compare: no such route, no such provider. Empty when there was.
    not_served: str = ""

    @property
    def model(self) -> str | None:
        """The model the client names; None when its place is the path or a form."""
        body = self.request.get("body")
        return body.get("model") if isinstance(body, dict) else None

    @property
    def sent_equal(self) -> bool:
        return not any(place.startswith("sent") for place, _, _ in self.found)

    @property
    def answer_equal(self) -> bool:
        return not any(place.startswith("answer") for place, _, _ in self.found)


@dataclass
class Group:
    """The cases of one configuration: one gateway plays them, in order."""

    config: dict
    environment: dict
    cases: list[Case] = field(default_factory=list)

    def provider_of(self, model: str) -> str:
        """The provider of a model_name, from `provider/model`; empty when the configuration does not name it."""
        for entry in self.config.get("model_list") or []:
            if entry["model_name"] == model:
                return entry["litellm_params"]["model"].split("/")[0]
        return ""


def read(pattern: str = "*") -> list[Group]:
    """Every group with a case whose id matches the shell pattern, with only these cases."""
    groups = [group for file in sorted(DATA.glob("*.jsonl")) for group in _groups(file)]
    for group in groups:
        group.cases = [case for case in group.cases if fnmatch(case.id, pattern)]
    return [group for group in groups if group.cases]


def _groups(file: Path) -> Iterator[Group]:
    known: dict[int, Group] = {}
    # A line ends with a line feed; texts in it may hold other characters that break lines.
    for line in filter(None, file.read_text().split("\n")):
        entry = json.loads(line)
        if "configuration" in entry:
            group = Group(entry["config"], entry.get("environment", {}))
            known[entry["configuration"]] = group
        else:
            known[entry.pop("of")].cases.append(Case(file.stem, **entry))
    yield from known.values()
