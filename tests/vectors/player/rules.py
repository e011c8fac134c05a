"""The differences that are known: differences.toml, one rule for each reason."""

import re
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from .cases import Case

FILE = Path(__file__).resolve().parent.parent / "differences.toml"

#: Kinds of rules and what their heading says.
KINDS = {
    "fault": "Faults of Patchbay, to be mended",
    "choice": "Done otherwise on purpose",
    "litellm": "LiteLLM is odd here; the API's own form decides",
    "absent": "Not done yet",
}


@dataclass
class Rule:
    """One reason. It explains a difference whose case matches one of `cases` and whose place matches one of `at`."""

    kind: str
    reason: str
    #: Shell patterns of case ids.
    cases: list[str]
    #: Regular expressions of whole places ("sent body.max_tokens"), or of why nothing was compared ("not served: ...").
    at: list[str] = field(default_factory=lambda: ["(sent|answer).*"])
    #: Ids of the cases of which it explained something, in order of play.
    used: list[str] = field(default_factory=list)

    def covers(self, case: Case, place: str) -> bool:
        return any(fnmatchcase(case.id, one) for one in self.cases) and any(
            re.fullmatch(one, place, re.S) for one in self.at
        )


def read() -> list[Rule]:
    """The rules in the order of the file; ValueError for an unknown kind."""
    rules = [Rule(**entry) for entry in tomllib.loads(FILE.read_text())["rule"]]
    if unknown := {rule.kind for rule in rules} - KINDS.keys():
        raise ValueError(f"{FILE.name}: unknown kinds {unknown}")
    return rules


def unexplained(case: Case, rules: list[Rule]) -> list[tuple]:
    """The differences of a played case that no rule explains; notes in each rule that explains one that it did.

    The first rule that covers a difference explains it. A case that LiteLLM itself answers wrongly needs no rule.
    """
    if case.litellm_bug:
        return []
    found = [(case.not_served, "served", "not served")] if case.not_served else case.found
    left = []
    for place, expected, got in found:
        rule = next((one for one in rules if one.covers(case, place)), None)
        if rule is None:
            left.append((place, expected, got))
        elif case.id not in rule.used:
            rule.used.append(case.id)
    return left
