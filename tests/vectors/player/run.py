"""The whole play: every group in a lane of its own, two at a time, and what no rule explains."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import cases, lane, report, rules

LANES = 2


@dataclass
class Outcome:
    """A finished play. `unexplained` and `stale` are empty when every difference is known and every rule is needed."""

    cases: list[cases.Case]
    rules: list[rules.Rule]
    #: (case id, place, expected, got)
    unexplained: list[tuple]
    #: Rules that explain nothing any more.
    stale: list[rules.Rule]

    @property
    def document(self) -> str:
        return report.document(self.cases, self.rules)


def play(folder: Path, pattern: str = "*") -> Outcome:
    """Plays the cases whose id matches; files of the gateways go into `folder`. Raises what a lane raises."""
    groups = cases.read(pattern)

    def one(entry: tuple[int, cases.Group]):
        own = Path(folder) / str(entry[0])
        own.mkdir()
        lane.play(entry[1], own)

    with ThreadPoolExecutor(LANES) as pool:
        # The longest first, so that no lane is left alone with it at the end.
        order = sorted(enumerate(groups), key=lambda entry: -len(entry[1].cases))
        list(pool.map(one, order))
    return judge(case for group in groups for case in group.cases)


def judge(played: Iterable[cases.Case]) -> Outcome:
    """Holds played cases against differences.toml."""
    known, all_cases = rules.read(), list(played)
    left = [(case.id, *one) for case in all_cases for one in rules.unexplained(case, known)]
    return Outcome(all_cases, known, left, [rule for rule in known if not rule.used])
