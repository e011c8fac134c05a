"""Plugin files built with the headers of earlier minors of the ABI run in this gateway (tests/plugins/old)."""

import platform
import shutil

import pytest

from support import canary, paths
from support.gateway import config, deployment
from support.wire import ask, chat

SHIPPED = paths.BINARY.resolve().parent.parent / "lib" / "patchbay" / "plugins"
OLD = paths.REPO / "tests" / "plugins" / "old"

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the files are for x86-64")


@pytest.fixture
def directory(tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    for file in OLD.glob("*.so"):
        shutil.copy(file, folder)
        # Whatever umask the files were checked out with; what others may write is refused.
        (folder / file.name).chmod(0o755)
    return folder


def with_old(upstream, directory, **sections):
    return config(
        deployment("old", "old/big-1", upstream.url + "/v1", canary.MISC),
        plugins={"directories": [str(SHIPPED), str(directory)]},
        **sections,
    )


def test_a_provider_of_0_1_answers_whole_and_streamed(start, upstream, directory):
    gateway = start(with_old(upstream, directory))
    answer = ask(gateway.port, chat(model="old"))
    assert answer.status == 200, answer.body
    assert answer.json["choices"][0]["message"]["content"] == "Hello from upstream"
    assert upstream.requests[-1].json["model"] == "big-1"
    assert upstream.requests[-1].headers["x-api-key"] == canary.MISC

    streamed = ask(gateway.port, chat(model="old", stream=True))
    assert streamed.status == 200, streamed.body
    assert b"data: [DONE]" in streamed.body
    assert streamed.body.count(b'"delta"') >= 2


def test_a_guardrail_of_0_2_blocks(start, upstream, directory):
    made = with_old(upstream, directory)
    parameters = {"guardrail": "old-guard", "mode": "pre_call", "default_on": True, "what": "block"}
    made["guardrails"] = [{"guardrail_name": "old", "litellm_params": parameters}]
    gateway = start(made)
    assert ask(gateway.port, chat(model="old")).status == 200
    before = len(upstream.requests)
    blocked = ask(gateway.port, chat("this is forbidden", model="old"))
    assert blocked.status == 400, blocked.body
    assert len(upstream.requests) == before
