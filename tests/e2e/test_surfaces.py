"""Every API that clients speak, to providers of every API that they speak, feature by feature: docs/surfaces.md.

The page's table is what these tests saw; PATCHBAY_WRITE_DOCS=1 writes it anew.
"""

import dataclasses
import json
import os

import pytest

from support import paths
from support.gateway import Gateway, config
from support.protocols import HEARD, PROTOCOLS, SAYS, Said, refuse
from support.surfaces import SURFACES

PAGE = paths.REPO / "docs" / "surfaces.md"
FEATURES = (*SAYS, "error")
CELLS = [
    pytest.param(surface, protocol, id=f"{surface.name} to {protocol.name}")
    for surface in SURFACES
    for protocol in PROTOCOLS
]
QUESTIONS = [
    pytest.param(*cell.values, feature, id=f"{cell.id}-{feature}")
    for cell in CELLS
    for feature in SAYS
    if feature in cell.values[0].says
]


@pytest.fixture(scope="module")
def gateway(upstream, tmp_path_factory):
    for protocol in PROTOCOLS:
        for feature in SAYS:
            upstream.scripts[f"{kind(protocol)}-{feature}"] = protocol.script(feature)
    upstream.scripts["refuse"] = refuse
    made = config(
        *[protocol.deployment(upstream, kind(protocol)) for protocol in PROTOCOLS],
        router_settings={"num_retries": 0},
    )
    running = Gateway(tmp_path_factory.mktemp("surfaces"), made)
    yield running
    assert running.stop() == 0


def kind(protocol) -> str:
    return protocol.name.split()[-1].lower()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(("surface", "protocol", "feature"), QUESTIONS)
def test_both_sides_say_the_same(gateway, upstream, surface, protocol, feature, stream):
    body = surface.body(feature, f"script:{kind(protocol)}-{feature}")
    answer = surface.send(gateway, body, kind(protocol), stream)
    assert answer.status == 200, answer.body
    said, counts, made = surface.read(answer, stream)
    if feature == "schema":  # of which the white space is nobody's matter
        said = dataclasses.replace(said, text=json.dumps(json.loads(said.text)))
    assert said == SAYS[feature]
    assert counts == (11, 4, 3)
    asked = protocol.asked(upstream.requests[-1].json)
    assert asked == ({feature} & {"image", "tools", "reasoning", "schema"})
    if feature != "tools":
        return
    answer = surface.send(gateway, surface.follow(body, made), kind(protocol), stream)
    assert answer.status == 200, answer.body
    assert surface.read(answer, stream)[0] == Said(HEARD)
    assert protocol.asked(upstream.requests[-1].json) == {"tools", "results"}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(("surface", "protocol"), CELLS)
def test_errors_keep_their_status_and_their_wait(gateway, surface, protocol, stream):
    answer = surface.send(gateway, surface.body("text", "script:refuse"), kind(protocol), stream)
    assert answer.status == 429
    assert answer.headers["retry-after"] == "7"


def table() -> str:
    """A line for every feature; what a test above holds is "yes"."""
    names = [surface.name for surface in SURFACES]
    lacks = {(s.name, feature) for s in SURFACES for feature in SAYS if feature not in s.says}
    lines = ["| feature | provider speaks | " + " | ".join(names) + " |"]
    lines.append("|---" * (len(names) + 2) + "|")
    cells = {(p.values[0].name, p.values[1].name) for p in CELLS}
    for feature in FEATURES:
        for protocol in PROTOCOLS:
            marks = [
                "-" if (name, feature) in lacks
                else "no" if (name, protocol.name) not in cells
                else "bytes" if name == protocol.name else "yes"
                for name in names
            ]
            lines.append(f"| {feature} | {protocol.name} | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def test_the_page_has_the_table():
    begin, end = "<!-- table -->\n", "\n<!-- end -->"
    page = PAGE.read_text()
    head, _, rest = page.partition(begin)
    found, _, tail = rest.partition(end)
    if os.environ.get("PATCHBAY_WRITE_DOCS"):
        PAGE.write_text(head + begin + table() + end + (tail or "\n"))
        return
    assert found == table(), "PATCHBAY_WRITE_DOCS=1 writes it"
