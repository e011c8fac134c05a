"""A short form of the crash lab (scripts/crash_lab), a long one under load, and that it would find what it is for."""

import os
import random
from pathlib import Path

import pytest

from support import paths
from support.crash import Lab
from support.crash_judge import faults, faults_after_a_power_cut
from support.crash_load import PRICE, Notes
from support.postgres import programs
from support.power import PAGE, mixed

needs_postgres = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
STORES = ["sqlite", pytest.param("postgres", marks=needs_postgres)]
ROUNDS = {"kill": 3, "power": 3, "away": 1, "frozen": 1}
SEED = int(os.environ.get("PATCHBAY_E2E_SEED", "7"))
#: fault -> rounds on each store, and seconds that a store is away or a disk full
LONG = {"kill": (100, 0), "power": (30, 0), "away": (1, 60), "frozen": (1, 60), "full": (3, 5), "clock": (5, 0)}


def skip_what_is_preloaded(fault):
    if fault in ("power", "clock") and paths.SANITIZED:
        pytest.skip("a library is preloaded, and a sanitizer's must be the first")


@pytest.mark.parametrize("fault", ROUNDS)
@pytest.mark.parametrize("store", STORES)
def test_whatever_happens_answers_are_in_the_books_once(store, fault):
    skip_what_is_preloaded(fault)
    lab = Lab(store, fault, seed=SEED, connections=16)
    lab.seconds = 1.0
    try:
        for _ in range(ROUNDS[fault]):
            print(lab.one_round())
        assert "all rules hold" in lab.finish()
    finally:
        lab.close()


@pytest.mark.load
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("fault", LONG)
@pytest.mark.parametrize("store", STORES)
def test_under_full_load_too(store, fault):
    if fault == "full" and os.geteuid() != 0:
        pytest.skip("a small disk can be made by root only")
    skip_what_is_preloaded(fault)
    if fault == "clock" and not list(Path("/usr/lib").glob("*/faketime")):
        pytest.skip("libfaketime is not installed")
    rounds, seconds = LONG[fault]
    lab = Lab(store, fault, seed=SEED)
    lab.seconds = seconds
    entries = answered = 0
    try:
        for _ in range(max(1, rounds // 5) if paths.SANITIZED else rounds):
            done = lab.one_round()
            entries, answered = entries + done["entries"], answered + done["answered"]
        said = lab.finish().strip()
    finally:
        lab.close()
    print(f"{store}, {fault}, seed {SEED}: {lab.round} rounds, {answered} answers, {entries} entries; {said}")
    assert answered > 0 and "all rules hold" in said


GOOD = [("a", 1, 200, PRICE, 1), ("b", 1, 500, 0, 1), ("b", 2, 200, PRICE, 1)]


def test_a_power_cut_leaves_pages_of_both_times():
    before, now = b"o" * (20 * PAGE), b"n" * (30 * PAGE)
    found = {mixed(before, now, random.Random(seed))[0] for seed in range(50)}
    assert any(b"o" in text and b"n" in text for text in found)
    assert {len(text) for text in found} == {len(before), len(now)}
    assert now in found


@pytest.mark.parametrize(
    ("posted", "entries", "fault"),
    [
        (GOOD, GOOD, None),
        (GOOD[:1], GOOD[:2], None),  # the second attempt of a call is lost
        (GOOD, GOOD[1:], "lost though it was posted"),
        ([], [*GOOD, GOOD[0]], "doubled"),
        ([], [("a", 1, 200, PRICE + 1, 1)], "wrong: a"),
        ([], [("c", 1, 200, PRICE + 1, 1)], "wrong: c"),
    ],
)
def test_the_judge_of_power_cuts_finds_what_is_wrong(posted, entries, fault):
    found = faults_after_a_power_cut(Notes(complete={"a": "whole", "b": "failing"}), posted, entries)
    assert bool(found) == bool(fault), found
    assert fault is None or found[0].startswith(fault)


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
