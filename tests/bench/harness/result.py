"""One line of the table, and what it is judged by."""

import dataclasses
import math
import typing


@dataclasses.dataclass
class Result:
    name: str
    what: str
    limit: typing.Any
    subject: str = ""            # the gateway's own figure
    floor: str = ""              # nginx's or the direct one
    ratio: tuple = ()            # (median, smallest, largest)
    value: float = None          # judged if there is no ratio
    value_text: str = ""
    rounds: typing.Any = None    # raw figures, for the JSON file
    error: str = ""              # why there is no figure

    def met(self):
        if self.error:
            return None
        figure = self.ratio[0] if self.ratio else self.value
        return not math.isnan(figure) and self.limit.holds(figure)

    def ratio_text(self):
        return ratio_text(self.ratio) if self.ratio else self.value_text


@dataclasses.dataclass
class Limit:
    bound: float
    upper: bool
    text: str

    def holds(self, figure):
        return figure <= self.bound if self.upper else figure >= self.bound


def at_most(bound, text=None):
    return Limit(bound, True, text or f"<= {bound:g} x")


def at_least(bound, text=None):
    return Limit(bound, False, text or f">= {bound:g} x")


def ratio_text(ratio):
    return "{:.2f} x ({:.2f}..{:.2f})".format(*ratio)
