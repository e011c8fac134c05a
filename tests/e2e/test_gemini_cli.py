"""Gemini CLI, unmodified, on a model of OpenAI's API and on one of Anthropic's: it reads a file and says what it heard."""

import json
import os

import pytest

from support import answers, canary, messages, paths
from support.answers import piece, usage_piece
from support.gateway import Gateway, config
from support.operations import CHAT, MESSAGES
from support.process import run

CLI = paths.OUT / "clients" / "node_modules" / ".bin" / "gemini"
SECRET = "The colour is vermilion."
SAID = "It is vermilion."
SETTINGS = {
    "security": {"auth": {"selectedType": "gemini-api-key"}},
    "privacy": {"usageStatisticsEnabled": False},
    "telemetry": {"enabled": False},
    "general": {"disableAutoUpdate": True, "disableUpdateNag": True},
}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "note.txt").write_text(SECRET)
    return folder


@pytest.fixture
def gateway(upstream, tmp_path, project):
    """Models that read the note first."""
    arguments = {"file_path": str(project / "note.txt")}

    async def chats(exchange):
        if SECRET in json.dumps(exchange.json["messages"]):
            said = [piece("It is "), piece("vermilion."), piece(finish="stop"), usage_piece()]
            return await answers.streamed(*said)(exchange)
        function = {"name": "read_file", "arguments": json.dumps(arguments)}
        call = {"index": 0, "id": "call_1", "type": "function", "function": function}
        calls = piece()
        calls["choices"][0]["delta"] = {"tool_calls": [call]}
        await answers.streamed(calls, piece(finish="tool_calls"), usage_piece())(exchange)

    async def claude(exchange):
        use = {"type": "tool_use", "id": "toolu_1", "name": "read_file", "input": arguments}
        blocks, stop = [messages.THINKING, use], "tool_use"
        if SECRET in json.dumps(exchange.json["messages"]):
            blocks, stop = [{"type": "text", "text": SAID}], "end_turn"
        await answers.streamed(*messages.events(blocks, stop))(exchange)

    async def answer(exchange):
        await (claude if answers.is_messages(exchange) else chats)(exchange)

    upstream.scripts["default"] = answer
    upstream.clear()
    made = config(
        CHAT.deployment(upstream, "chat", additional_drop_params=["top_k"]),
        MESSAGES.deployment(upstream, "claude"),
        litellm_settings={"drop_params": True},
    )
    running = Gateway(tmp_path, made)
    yield running
    assert running.stop() == 0


@pytest.mark.timeout(180)
@pytest.mark.parametrize("model", ["chat", "claude"])
def test_it_reads_a_file_and_answers(gateway, upstream, tmp_path, project, model):
    if not CLI.exists():
        pytest.skip("the clients are not installed: tests/e2e/setup.sh")
    settings = tmp_path / ".gemini" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps(SETTINGS))
    env = {
        "PATH": f"{os.path.dirname(paths.node())}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GOOGLE_GEMINI_BASE_URL": gateway.url,
        "GEMINI_API_KEY": canary.MASTER,
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
    }
    command = [CLI, "--model", model, "--yolo", "--prompt", "Which colour does note.txt say?"]
    status, output = run(command, env, project, paths.deadline(120))
    assert status == 0 and SAID in output, output
    sent = json.dumps(upstream.requests[-1].json["messages"])
    assert SECRET in sent and ("toolu_1" if model == "claude" else "call_1") in sent
    if model == "claude":
        # Gemini CLI leaves thoughts out; they come back in the signature of the call.
        (turn,) = [one for one in upstream.requests[-1].json["messages"] if one["role"] == "assistant"]
        assert turn["content"][0] == messages.THINKING
