"""A short form of the crash lab (scripts/crash_lab), and that it would find what it is for."""

import pytest

from support.crash import Lab
from support.crash_judge import faults
from support.crash_load import PRICE, Notes
from support.postgres import programs

needs_postgres = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
STORES = ["sqlite", pytest.param("postgres", marks=needs_postgres)]
ROUNDS = {"kill": 3, "away": 1, "frozen": 1}


@pytest.mark.parametrize("fault", ROUNDS)
@pytest.mark.parametrize("store", STORES)
def test_whatever_happens_answers_are_in_the_books_once(store, fault):
    lab = Lab(store, fault, seed=7, connections=16)
    lab.seconds = 1.0
    try:
        for _ in range(ROUNDS[fault]):
            print(lab.one_round())
        assert "all rules hold" in lab.finish()
    finally:
        lab.close()


GOOD = [("a", 1, 200, PRICE, 1), ("b", 1, 500, 0, 1), ("b", 2, 200, PRICE, 1)]


@pytest.mark.parametrize(
    ("entries", "served", "interrupted", "fault"),
    [
        (GOOD, 2, 0, None),
        (GOOD, 3, 1, None),
        (GOOD[1:], 2, 1, "lost: a"),
        (GOOD[:2], 2, 1, "wrong: b"),
        ([*GOOD, GOOD[0]], 2, 0, "doubled: a"),
        ([*GOOD, ("a", 2, 200, PRICE, 2)], 3, 0, "wrong: a"),
        ([("a", 1, 200, PRICE - 1, 1), *GOOD[1:]], 2, 0, "wrong: a"),
        ([*GOOD, ("c", 1, 200, PRICE, 2)], 2, 0, "invented"),
        (GOOD, 3, 0, "missing"),
    ],
)
def test_the_judge_finds_what_is_wrong(entries, served, interrupted, fault):
    found = faults(Notes(complete={"a": "whole", "b": "failing"}), entries, served, interrupted)
    assert bool(found) == bool(fault), found
    assert fault is None or found[0].startswith(fault)
