"""Tokenizers besides OpenAI's: given by the program, and fetched from the Hugging Face Hub, as LiteLLM has them."""

import http.server
import json
import os
import subprocess
import threading

import pytest

from support import client, paths

PYTHON = paths.OUT / "clients" / "venv" / "bin" / "python"  # it has the package `tokenizers`
pytestmark = pytest.mark.skipif(not (client.THERE and PYTHON.exists()), reason="the Python package, or the clients, are not there")

#: A tokenizer of two words.
TOKENIZER = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": None,
    "decoder": None,
    "model": {"type": "WordLevel", "vocab": {"kestrel": 0, "falcon": 1, "[UNK]": 2}, "unk_token": "[UNK]"},
}


class Hub(http.server.BaseHTTPRequestHandler):
    """Serves the tokenizer in the place of every model's."""

    body = json.dumps(TOKENIZER).encode()
    asked: list[str] = []

    def do_HEAD(self):
        there = self.path.endswith("/tokenizer.json")
        self.asked.append(self.path)
        self.send_response(200 if there else 404)
        for name, value in (("ETag", '"1"'), ("X-Repo-Commit", "0" * 40), ("Content-Length", len(self.body) if there else 0)):
            self.send_header(name, str(value))
        self.end_headers()
        return there

    def do_GET(self):
        if self.do_HEAD():
            self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub():
    Hub.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def run(program, provider, tmp_path, hub="http://127.0.0.1:9"):
    own = client.environment(provider, tmp_path)
    done = subprocess.run(
        [PYTHON, "-c", program],
        env={**own, "HF_ENDPOINT": hub, "HF_HOME": str(tmp_path / "hub"), "TIKTOKEN_CACHE_DIR": tiktoken_tables()},
        capture_output=True,
        text=True,
        timeout=paths.deadline(60),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), done.stderr


def tiktoken_tables() -> str:
    """Those that LiteLLM brings along, so that nothing is fetched."""
    (folder,) = PYTHON.parent.parent.glob("lib/python*/site-packages/litellm/litellm_core_utils/tokenizers")
    return os.fspath(folder)


def test_a_tokenizer_of_the_program_s_own(provider, tmp_path):
    program = f"""
import json, patchbay
own = patchbay.create_tokenizer({json.dumps(TOKENIZER)!r})
messages = [{{"role": "user", "content": "kestrel falcon kestrel"}}]
print(json.dumps([
    patchbay.encode(text="kestrel falcon x", custom_tokenizer=own),
    patchbay.decode(tokens=[1, 0], custom_tokenizer=own),
    patchbay.token_counter("gpt-4o", custom_tokenizer=own, text="kestrel falcon x"),
    patchbay.token_counter("gpt-4o", custom_tokenizer=own, messages=messages),
]))
"""
    found, _ = run(program, provider, tmp_path)
    assert found == [[0, 1, 2], "falcon kestrel", 3, 3 + 1 + 3 + 3]
    same, _ = run(program.replace("patchbay", "litellm"), provider, tmp_path)
    assert same == found


def test_llama_and_command_r_have_those_of_the_hub(provider, tmp_path, hub):
    program = """
import json, patchbay
names = ["groq/llama-3.3-70b-versatile", "replicate/meta/llama-2-70b-chat", "cohere/command-r-plus"]
print(json.dumps([
    [patchbay.token_counter(name, text="kestrel falcons") for name in names],
    patchbay.encode(text="falcon", custom_tokenizer=patchbay.create_pretrained_tokenizer("me/mine")),
    patchbay.encode("gpt-4o", "kestrel falcons") == patchbay.encode("groq/llama-3.3-70b-versatile", "kestrel falcons"),
]))
"""
    found, _ = run(program, provider, tmp_path, hub)
    assert found == [[2, 2, 2], [1], False]
    fetched = {path.split("/resolve/")[0] for path in Hub.asked if "/resolve/" in path}
    assert fetched == {
        "/Xenova/llama-3-tokenizer",
        "/hf-internal-testing/llama-tokenizer",
        "/Xenova/c4ai-command-r-v01-tokenizer",
        "/me/mine",
    }


@pytest.mark.parametrize("forbidden", [True, False])
def test_without_the_hub_tokens_are_counted_with_openai_s(provider, tmp_path, forbidden):
    program = f"""
import json, patchbay
patchbay.disable_hf_tokenizer_download = {forbidden}
print(json.dumps(patchbay.token_counter("groq/llama-3.3-70b-versatile", text="kestrel falcons")
                 == patchbay.token_counter("gpt-4", text="kestrel falcons")))
"""
    same, warned = run(program, provider, tmp_path)
    assert same
    assert ("cannot be fetched" in warned) == (not forbidden)
