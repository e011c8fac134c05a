"""What must hold of the books after a fault, whatever it was."""

from collections import Counter, defaultdict

from .crash_load import PRICE, Notes

ENTRIES = "SELECT client_call, attempt, status, charge, batch FROM entry WHERE batch > {}"


def expected(kind: str) -> list[tuple]:
    """The attempts of a call that a client has whole: number, status, charge."""
    return [(1, 500, 0), (2, 200, PRICE)] if kind == "failing" else [(1, 200, PRICE)]


def faults_after_a_power_cut(notes: Notes, posted, entries) -> list[str]:
    """What is wrong with the entries, if those that were `posted` before must be there and later ones may."""
    found = [f"lost though it was posted: {entry}" for entry in set(posted) - set(entries)]
    attempts = Counter((call, attempt) for call, attempt, *_ in entries)
    found += [f"doubled: {one}" for one, times in attempts.items() if times > 1]
    for call, attempt, status, charge, *_ in entries:
        kind = notes.complete.get(call)
        if kind and (attempt, status, charge) not in expected(kind):
            found.append(f"wrong: {call} ({kind}) {(attempt, status, charge)}")
        elif charge not in (0, PRICE) and call not in notes.cancelled:
            found.append(f"wrong: {call} {(attempt, status, charge)}")
    return found


def faults(notes: Notes, entries, served: int, interrupted: int) -> list[str]:
    """What is wrong with the entries (call, attempt, status, charge, batch) of a round. `served`: whole answers that the
    upstream gave; `interrupted`: those that may have been on their way when the gateway was killed."""
    found = []
    calls = defaultdict(list)
    for call, attempt, status, charge, *_ in entries:
        calls[call].append((attempt, status, charge))
    for call, attempts in calls.items():
        numbers = [attempt for attempt, _, _ in attempts]
        if len(numbers) != len(set(numbers)):
            found.append(f"doubled: {call} {attempts}")
    for call, kind in notes.complete.items():
        if call not in calls:
            found.append(f"lost: {call} ({kind})")
        elif sorted(calls[call]) != expected(kind):
            found.append(f"wrong: {call} ({kind}) {calls[call]}")
    good = sum(
        1
        for call, attempts in calls.items()
        if call not in notes.cancelled and any(status == 200 and charge for _, status, charge in attempts)
    )
    if good > served:
        found.append(f"invented: {good} answers in the books, {served} served")
    if served - good > interrupted:
        found.append(f"missing: {served} served, {good} in the books, at most {interrupted} interrupted")
    return found


def totals(books) -> Counter:
    """Sums over all that is in the books."""
    ((entries, charge),) = books.query("SELECT COUNT(*), CAST(COALESCE(SUM(charge), 0) AS BIGINT) FROM entry")
    ((posted,),) = books.query(
        "SELECT CAST(COALESCE(SUM(posted), 0) AS BIGINT) FROM account WHERE house = 0 AND book = 1"
    )
    ((poison,),) = books.query("SELECT COUNT(*) FROM poison")
    return Counter(entries=entries, charge=charge, posted=posted, poison=poison)
