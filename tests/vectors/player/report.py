"""What a whole play showed: the table for people who run it, and docs/differences.md."""

from collections import Counter
from pathlib import Path

from .cases import Case
from .rules import KINDS, Rule

DOC = Path(__file__).resolve().parents[3] / "docs" / "differences.md"
COLUMNS = (
    "recorded",
    "played",
    "sent equal",
    "answer equal",
    "both equal",
    "LiteLLM's fault",
    "not served",
)

HEAD = """\
# Where Patchbay differs from LiteLLM

Made by `tests/vectors/play.py --write` from `tests/vectors/differences.toml`; a test holds it up to date. Exchanges
recorded at LiteLLM are played against Patchbay: the same request, the same answers of the provider. Every difference
in what is sent to the provider and in what the client gets has its reason here;
[tests/vectors](../tests/vectors/README.md) says what is compared.

"""


def counts(cases: list[Case]) -> dict[str, list[int]]:
    """Numbers in the order of COLUMNS for each surface, and for `all`. What LiteLLM answers wrongly is not compared."""
    rows: dict[str, list[int]] = {}
    for case in cases:
        compared = not case.litellm_bug and not case.not_served
        sent, back = compared and case.sent_equal, compared and case.answer_equal
        own = [
            1,
            compared,
            sent,
            back,
            sent and back,
            bool(case.litellm_bug),
            not case.litellm_bug and bool(case.not_served),
        ]
        row = rows.setdefault(case.surface, [0] * len(COLUMNS))
        row[:] = [a + b for a, b in zip(row, own, strict=True)]
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    return rows


def table(cases: list[Case]) -> str:
    """The counts as a Markdown table."""
    lines = ["| " + " | ".join(("", *COLUMNS)) + " |", "|---" + "|--:" * len(COLUMNS) + "|"]
    lines += [
        f"| {name} | " + " | ".join(map(str, row)) + " |" for name, row in counts(cases).items()
    ]
    return "\n".join(lines) + "\n"


def document(cases: list[Case], rules: list[Rule]) -> str:
    """The whole of docs/differences.md. Ends of lines and order depend on the cases and rules alone."""
    text = HEAD + table(cases)
    for kind, heading in KINDS.items():
        text += f"\n## {heading}\n\n| cases | where | why |\n|--:|---|---|\n"
        for rule in rules:
            if rule.kind == kind:
                text += f"| {len(rule.used)} | {_where(rule)} | {_cell(rule.reason)} |\n"
    return text + _bugs(cases)


def _where(rule: Rule) -> str:
    shown = rule.used[:4]
    more = f" and {len(rule.used) - len(shown)} more" if len(rule.used) > len(shown) else ""
    return ", ".join(f"`{one}`" for one in shown) + more


def _bugs(cases: list[Case]) -> str:
    text = "\n## What LiteLLM answers wrongly\n\n| cases | what LiteLLM does |\n|--:|---|\n"
    reasons = Counter(case.litellm_bug for case in cases if case.litellm_bug)
    for reason, number in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
        text += f"| {number} | {_cell(reason)} |\n"
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
