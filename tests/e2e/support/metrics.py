"""What /metrics says, as numbers."""

import re

from prometheus_client.parser import text_string_to_metric_families

from .wire import ask


def scrape(gateway) -> dict:
    """Every sample as {(name, sorted labels): value}; parsing is the test of the format."""
    answer = ask(gateway.port, method="GET", path="/metrics", key=None)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"twice: {key}"
            found[key] = sample.value
    assert found
    return found


def grown(before: dict, after: dict, pattern: str) -> float:
    return sum(
        value - before.get(key, 0) for key, value in after.items() if re.search(pattern, key[0])
    )
