"""The command line: slips, LiteLLM's flags, the file .env."""

import signal

import pytest

from support import canary
from support.gateway import Gateway, command, config, deployment
from support.wire import ask

SLIPS = [
    (["check"], "patchbay check FILE"),
    (["config.yaml"], "--config config.yaml"),
    (["chekc", "x"], "did you mean 'check'?"),
    (["--prot", "4000"], "--port"),
    (["--port", "70000"], "65535"),
    (["--ssl_keyfile_path", "key.pem", "--ssl_certfile_path", "cert.pem"], "in the clear"),
    (["--config", ""], "given, but empty"),
    (["ledger", "close", "ledger.db", "--from", "2026-01-01", "--dry-run"], "nothing was done"),
    (["keys", "delete", "sk-1234", "--dry-run"], "nothing was done"),
]


@pytest.mark.parametrize("arguments, words", SLIPS)
def test_a_slip_is_answered_with_what_helps(arguments, words, tmp_path):
    status, output = command(*arguments, cwd=tmp_path)
    assert status == 64, output
    assert words in output


@pytest.mark.parametrize("arguments", [["help"], ["version"], ["--help"], ["--version"], ["-h"], ["-v"]])
def test_questions_are_no_slips(arguments, tmp_path):
    status, output = command(*arguments, cwd=tmp_path)
    assert status == 0
    assert output


def test_a_line_names_its_level_once(tmp_path):
    status, output = command("--config", "nope.yaml", cwd=tmp_path)
    assert status == 78
    assert "nope.yaml" in output
    assert output.count("error") == 1


LITELLM_FLAGS = [
    (["--telemetry", "False"], ["telemetry"]),
    (["--run_gunicorn"], ["run_gunicorn"]),
    (["--keepalive_timeout", "30"], ["keepalive_timeout"]),
    (["--max_requests_before_restart", "1000"], ["max_requests_before_restart"]),
    (["--use_prisma_db_push"], ["use_prisma_db_push"]),
    (["--telemetry=True", "--local", "--max_budget", "3"], ["telemetry", "local", "max_budget"]),
    (["--request_timeout", "60", "--drop_params"], []),
]


@pytest.mark.parametrize("flags, ignored", LITELLM_FLAGS)
def test_flags_of_litellm_do_not_keep_the_gateway_from_starting(flags, ignored, start):
    gateway = start(None, flags=flags)
    warned = [line for line in gateway.output.splitlines() if "is LiteLLM's and ignored" in line]
    assert len(warned) == len(ignored)
    for name, line in zip(ignored, warned, strict=True):
        assert f"--{name} " in line and " warn" in line


@pytest.mark.parametrize(
    "variable, value, words",
    [
        ("SSL_KEYFILE_PATH", "key.pem", "in the clear"),
        ("SSL_CERTFILE_PATH", "cert.pem", "in the clear"),
        ("CONFIG_FILE_PATH", "", "set, but empty"),
        ("LITELLM_CONFIG_BUCKET_NAME", "settings", "--config"),
    ],
)
def test_a_variable_that_was_to_close_something_is_not_passed_over(variable, value, words, tmp_path):
    status, output = command("--port", "0", env={variable: value}, cwd=tmp_path)
    assert status == 78, output
    assert variable in output and words in output


def test_variables_of_litellm_are_warnings(start):
    gateway = start(None, env={"LIMIT_CONCURRENCY": "10", "SERVER_ROOT_PATH": "/llm"})
    warned = [line for line in gateway.output.splitlines() if "is LiteLLM's and ignored" in line]
    assert [line.split("variable ")[1].split()[0] for line in warned] == ["LIMIT_CONCURRENCY", "SERVER_ROOT_PATH"]


def test_of_a_flag_that_stands_twice_the_last_one_counts(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "model_list: [{model_name: demo, litellm_params: {model: demo/echo}}]\n"
    )
    flags = ["--config", "nope.yaml", "--skip_server_startup", "--config", "config.yaml"]
    status, output = command(*flags, cwd=tmp_path)
    assert status == 0, output


def test_signals_that_open_the_logs_of_others_end_nothing(start):
    gateway = start(None)
    body = {"model": "demo", "messages": [{"role": "user", "content": "hi"}]}
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        gateway.signal(number)
        assert ask(gateway.port, body, key=None).status == 200


def test_drop_params_and_request_timeout_do_what_they_say(start, upstream):
    served = config(deployment("m", "anthropic/claude-3-haiku-20240307", upstream.url, canary.ANTHROPIC))
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "logit_bias": {"5": 1}}
    assert ask(start(served).port, body).status == 400
    gateway = start(served, flags=["--drop_params", "--request_timeout", "60"])
    ask(gateway.port, body)
    assert "logit_bias" not in upstream.requests[-1].json


def test_skip_server_startup_looks_and_ends(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "model_list: [{model_name: demo, litellm_params: {model: demo/echo}}]\n"
    )
    status, output = command("--config", "config.yaml", "--skip_server_startup", cwd=tmp_path)
    assert status == 0
    assert "good: 1 deployment" in output


def test_variables_of_the_file_env_are_those_of_the_process(tmp_path, upstream):
    (tmp_path / ".env").write_text(
        f"# my keys\nexport OPENAI_API_KEY='{canary.OPENAI}'\nOPENAI_API_BASE={upstream.url}/v1\n"
        f"LITELLM_MASTER_KEY={canary.MASTER}\nnot a line\n"
    )
    gateway = Gateway(tmp_path, None)
    try:
        body = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "hi"}]}
        assert ask(gateway.port, body, key=None).status == 401
        assert ask(gateway.port, body).status == 200
        assert upstream.requests[-1].headers["authorization"] == f"Bearer {canary.OPENAI}"
        assert ".env:5: " in gateway.output
    finally:
        gateway.stop()


def test_the_process_s_own_variables_win_over_the_file(tmp_path, upstream):
    (tmp_path / ".env").write_text("OPENAI_API_KEY=of-the-file\n")
    env = {"OPENAI_API_KEY": canary.OPENAI, "OPENAI_API_BASE": upstream.url + "/v1"}
    gateway = Gateway(tmp_path, None, env=env)
    try:
        ask(gateway.port, {"model": "openai/gpt-4o", "messages": []}, key=None)
        assert upstream.requests[-1].headers["authorization"] == f"Bearer {canary.OPENAI}"
    finally:
        gateway.stop()


@pytest.mark.parametrize("mode", [0o646, None])
def test_a_file_env_that_others_may_write_is_not_read(tmp_path, mode):
    file = tmp_path / ".env"
    file.write_text(f"OPENAI_API_KEY={canary.OPENAI}\n")
    if mode:
        file.chmod(mode)
    gateway = Gateway(tmp_path, None, env=None if mode else {"LITELLM_MODE": "PRODUCTION"})
    try:
        assert "serving openai/*" not in gateway.output
        assert ("everybody may write it" in gateway.output) == bool(mode)
    finally:
        gateway.stop()
