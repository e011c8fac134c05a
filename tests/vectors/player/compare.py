"""Two JSON values, and every place where they differ."""

import json
import re

ANY = "<volatile>"
ABSENT = "absent"


def without_nulls(value):
    """The value without members that are null and without LiteLLM's empty provider_specific_fields."""
    if isinstance(value, dict):
        made = {key: without_nulls(one) for key, one in value.items() if one is not None}
        if made.get("provider_specific_fields") == {}:
            del made["provider_specific_fields"]
        return made
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


#: Where LiteLLM tells a cost, which it adds up in floating point.
COST = ".usage.cost"
NANO = 1e-9


def fits(pattern: str, text: str) -> bool:
    """Whether the text is the pattern, in which <volatile> stands for anything."""
    return re.fullmatch(".*?".join(map(re.escape, pattern.split(ANY))), text, re.S) is not None


def differences(expected, got, place: str) -> list[tuple]:
    """(place, expected, got) of every difference. Places name members; elements of arrays are all `[]`.

    Numbers compare by value, those of a cost to the nano-dollar, to which it is exact. Two strings that are both a JSON object or array compare as JSON.
    """
    if expected == ANY:
        return []
    if isinstance(expected, dict) and isinstance(got, dict):
        found = []
        for key in sorted(expected.keys() | got.keys()):
            at = f"{place}.{key}"
            if key not in got:
                found.append((at, expected[key], ABSENT))
            elif key not in expected:
                found.append((at, ABSENT, got[key]))
            else:
                found += differences(expected[key], got[key], at)
        return found
    if isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return [(f"{place}[]", expected, got)]
        pairs = zip(expected, got, strict=True)
        return [one for a, b in pairs for one in differences(a, b, f"{place}[]")]
    if isinstance(expected, str) and isinstance(got, str):
        if fits(expected, got) or _same_json(expected, got):
            return []
    elif expected == got and isinstance(expected, bool) == isinstance(got, bool):
        return []
    elif place.endswith(COST) and isinstance(expected, float) and isinstance(got, float):
        if abs(expected - got) <= NANO:
            return []
    return [(place, expected, got)]


def _same_json(expected: str, got: str) -> bool:
    try:
        a, b = json.loads(expected), json.loads(got)
    except ValueError:
        return False
    return isinstance(a, dict | list) and not differences(a, b, "")
