"""scripts/record: a live exchange becomes a transcript that plays, without the key."""

import json
import os
import subprocess
import sys

import pytest

from support import answers, canary, paths

BUILD = paths.BINARY.resolve().parent.parent
pytestmark = pytest.mark.skipif(
    not (BUILD / "bin" / "patchbay-transcript").exists(), reason="patchbay-transcript is not built"
)


def record(tmp_path, model, base, key, request, name="exchange.txt"):
    body = tmp_path / "request.json"
    body.write_text(json.dumps(request))
    output = tmp_path / name
    command = [
        sys.executable,
        paths.REPO / "scripts" / "record",
        *("--model", model, "--api-base", base, "--api-key-env", "RECORD_KEY"),
        *("--build", BUILD, "--output", output, body),
    ]
    environment = {**os.environ, "RECORD_KEY": key}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert key not in done.stdout + done.stderr
    return done, output


def chat(script="default", **more):
    return {
        "model": "mine",
        "messages": [{"role": "user", "content": f"script:{script}"}],
        "max_tokens": 20,
        **more,
    }


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("plugin", "model", "path"),
    [("openai", "openai/gpt-4o", "/v1"), ("anthropic", "anthropic/claude-sonnet-4-5", "")],
)
def test_what_is_recorded_plays(upstream, tmp_path, plugin, model, path, stream):
    base = upstream.url + path
    request = chat(**({"stream": True} if stream else {}))
    done, output = record(tmp_path, model, base, canary.OPENAI, request)
    assert done.returncode == 0, done.stderr
    text = output.read_text()
    assert f"== expect http POST {upstream.url}/v1/" in text
    assert "== upstream 200" in text
    assert canary.OPENAI not in text
    assert "sk-test" in text
    assert text.count("== expect") >= 3

    player = [BUILD / "bin" / "patchbay-transcript", BUILD / "lib/patchbay/plugins" / f"{plugin}.so"]
    assert subprocess.run([*player, output], timeout=60).returncode == 0
    # What is expected is expected indeed: another answer of the upstream does not fit.
    changed = tmp_path / "changed.txt"
    changed.write_text(text.replace('"role": "user"', '"role": "system"', 1))
    assert changed.read_text() != text
    assert subprocess.run([*player, changed], timeout=60).returncode == 1


def test_an_error_that_repeats_the_key_is_recorded_without_it(upstream, tmp_path):
    refusal = answers.openai_error(f"Incorrect API key provided: {canary.OPENAI}")
    upstream.scripts["repeats_key"] = answers.error(401, refusal)
    request = chat("repeats_key")
    done, output = record(tmp_path, "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI, request)
    assert done.returncode == 0, done.stderr
    text = output.read_text()
    assert "== upstream 401" in text
    assert "Incorrect API key provided: sk-test" in text
    assert canary.OPENAI not in text
    assert '"cls":"auth"' in text


def test_what_cannot_be_recorded_leaves_no_file(upstream, tmp_path):
    done, output = record(tmp_path, "nobody/x", upstream.url, canary.OPENAI, chat())
    assert done.returncode == 1
    assert "no plugin serves nobody" in done.stderr
    assert list(tmp_path.glob("exchange*")) == []
