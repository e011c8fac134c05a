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
    "mended": "LiteLLM answers wrongly, Patchbay does not",
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

    def note(self, case: Case):
        if case.id not in self.used:
            self.used.append(case.id)


def read() -> list[Rule]:
    """The rules in the order of the file; ValueError for an unknown kind."""
    rules = [Rule(**entry) for entry in tomllib.loads(FILE.read_text())["rule"]]
    if unknown := {rule.kind for rule in rules} - KINDS.keys():
        raise ValueError(f"{FILE.name}: unknown kinds {unknown}")
    return rules


#: The place of a case that LiteLLM answers wrongly, where no rule of kind "mended" tells how Patchbay differs.
SHARED = "LiteLLM's fault"


def unexplained(case: Case, rules: list[Rule]) -> list[tuple]:
    """The differences of a played case that no rule explains; notes in each rule that explains one that it did.

    The first rule that covers a difference explains it. A case that LiteLLM answers wrongly needs one difference that a
    rule of kind "mended" covers, and no reasons for the others; without it Patchbay may share the fault.
    """
    if case.litellm_bug:
        found = (
            []
            if case.not_served or _mended(case, rules)
            else [(SHARED, "mended", case.litellm_bug)]
        )
    elif case.not_served:
        found = [(case.not_served, "served", "not served")]
    else:
        found = case.found
    left = []
    for place, expected, got in found:
        rule = next(
            (one for one in rules if one.kind != "mended" and one.covers(case, place)), None
        )
        if rule is None:
            left.append((place, expected, got))
        else:
            rule.note(case)
    return left


def _mended(case: Case, rules: list[Rule]) -> bool:
    for rule in rules:
        if rule.kind == "mended" and any(rule.covers(case, place) for place, _, _ in case.found):
            rule.note(case)
            return True
    return False
