#!/usr/bin/env python3
"""The rooms of the host and who includes whom: rooms.py [--list] [HOST_DIRECTORY].

Fails if two rooms include each other, directly or by a way over others, or if a floor includes
what stands above it. Tests may look up: what they include is not followed.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

# From the ground up. A room of a floor may include its own floor and those before it.
FLOORS = ["config", "contract", "store", "engine", "control", "gateway", "app", "plugin_host", "route_sim", ""]
SPLIT = {"contract", "engine"}  # floors whose folders are rooms of their own
FOR_TESTS = ("_test.cpp", "test_support.hpp", "test_files.hpp", "_sample.hpp", "_reference.hpp",
             "_oracle.hpp", "fixture.hpp", "scripted_server.hpp", "test_certificates.hpp")


def room_of(path: str) -> str:
    parts = path.split("/")[:-1]
    if parts and parts[0] in SPLIT:
        return "/".join(parts[:2])
    return parts[0] if parts else ""


def includes(host: Path) -> dict[tuple[str, str], list[str]]:
    """The includes that cross from one room to another, with where they stand."""
    found = defaultdict(list)
    for file in sorted(host.rglob("*")):
        path = file.relative_to(host).as_posix()
        if file.suffix not in (".cpp", ".hpp") or path.endswith(FOR_TESTS):
            continue
        for other in re.findall(r'^#include "([^"]+)"', file.read_text(), re.M):
            rooms = room_of(path), room_of(other)
            if rooms[0] != rooms[1] and (host / other).exists():
                found[rooms].append(f"{path} -> {other}")
    return found


def circles(edges) -> list[list[str]]:
    """Rooms that reach each other, as groups."""
    to = defaultdict(set)
    for a, b in edges:
        to[a].add(b)

    def reached(start: str) -> set[str]:
        seen, open_ = set(), [start]
        while open_:
            for room in to[open_.pop()] - seen:
                seen.add(room)
                open_.append(room)
        return seen

    all_reached = {room: reached(room) for room in list(to)}
    groups = {frozenset(o for o in r if room in all_reached.get(o, ())) | {room}
              for room, r in all_reached.items() if room in r}
    return [sorted(group) for group in groups]


def floor_of(room: str) -> int:
    return FLOORS.index(room.split("/")[0])


def main(arguments: list[str]) -> int:
    listing = "--list" in arguments
    given = [a for a in arguments if not a.startswith("--")]
    host = Path(given[0]) if given else Path(__file__).resolve().parents[2] / "host"
    edges = includes(host)
    if listing:
        for (a, b), where in sorted(edges.items()):
            print(f"{a or '(top)'} -> {b}: {len(where)}")
    bad = 0
    for group in circles(edges):
        bad = 1
        print("these rooms include each other:", ", ".join(group))
        for (a, b), where in sorted(edges.items()):
            if a in group and b in group:
                print("  " + "\n  ".join(where))
    for (a, b), where in sorted(edges.items()):
        if floor_of(b) > floor_of(a):
            bad = 1
            print(f"{a} looks up to {b}:\n  " + "\n  ".join(where))
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
