"""`patchbay check`: every problem of a configuration, each with its place."""

import re

import pytest

from support import canary, quickstart
from support.gateway import command


@pytest.fixture
def check(tmp_path):
    def run(text, env=None):
        file = tmp_path / "config.yaml"
        file.write_text(text)
        return command("check", file, env=env)

    return run


def test_good_configuration(check):
    status, output = check(quickstart.text("http://127.0.0.1:9"), quickstart.ENVIRONMENT)
    assert status == 0, output
    assert "error" not in output.lower()


def test_all_problems_at_once_with_places(check):
    status, output = check("""\
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o
      timeout: soon
  - litellm_params:
      model: openai/gpt-4o
  - model_name: c
    litellm_params:
      api_key: os.environ/OPENAI_API_KEY
router_settings:
  num_retries: -3
""")
    assert status != 0
    places = re.findall(r"config\.yaml:(\d+):(\d+): error: (.+)", output)
    lines = [int(line) for line, _, _ in places]
    assert lines == sorted(lines)
    assert 5 in lines
    assert any(line in (6, 7) for line in lines)
    assert any(line in (8, 9, 10) for line in lines)
    assert 12 in lines
    assert all(len(message.split()) >= 3 for _, _, message in places)


@pytest.mark.parametrize(
    "text, line",
    [
        ("model_list: [\n", None),
        ("model_list: {}\n", 1),
        ("- just\n- a list\n", 1),
        ("a: b: c\n", 1),
        ("model_list:\n\t- tab\n", 2),
        ("&a [*a]\n", 1),
        ("model_list: &x\n  - *y\n", 2),
        ("general_settings: 5\n", 1),
    ],
)
def test_wrong_shapes(check, text, line):
    status, output = check(text)
    assert status != 0
    found = re.search(r"config\.yaml:(\d+):(\d+): error: ", output)
    assert found, output
    if line:
        assert int(found.group(1)) == line


def test_misspelt_names_are_pointed_out(check):
    status, output = check("""\
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o
      api_bse: http://127.0.0.1:1/v1
general_setings:
  master_key: sk-1234
""")
    assert "api_base" in output, "a near miss is worth a suggestion"
    assert "general_settings" in output


def test_unset_environment_variable(check):
    text = quickstart.text("http://127.0.0.1:9")
    status, output = check(
        text, {"OPENAI_API_KEY": canary.OPENAI, "DEEPSEEK_API_KEY": canary.DEEPSEEK}
    )
    assert re.search(r"config\.yaml:10:\d+: (warning|error): .*ANTHROPIC_API_KEY", output), output


def test_unknown_provider(check):
    status, output = check(
        "model_list:\n  - model_name: a\n    litellm_params:\n      model: opnai/gpt-4o\n"
    )
    assert status != 0
    assert re.search(r"config\.yaml:[2-4]:\d+: error: .*opnai", output), output


def test_file_that_is_not_there(tmp_path):
    status, output = command("check", tmp_path / "nowhere.yaml")
    assert status != 0
    assert "nowhere.yaml" in output


def test_binary_and_huge_files(check, tmp_path):
    for data in (
        bytes(range(256)) * 100,
        b"\xff\xfe" * 1000,
        b"[" * 200_000,
        b"a: &a [x]\n"
        + b"".join(
            b"b%d: &b%d [*%s, *%s]\n" % (n, n, *(2 * [b"a" if n == 0 else b"b%d" % (n - 1)]))
            for n in range(40)
        ),
    ):
        file = tmp_path / "odd.yaml"
        file.write_bytes(data)
        status, output = command("check", file)
        assert 0 < status < 128, (status, output[-500:])
        assert len(output) < 20_000


def test_secrets_written_into_the_file_are_not_printed(check):
    status, output = check(f"""\
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o
      api_key: [{canary.MISC}]
      extra_headers: {{authorization: {canary.MISC}, x: 5}}
  - model_name: b
    litellm_params: {{model: nobody/x, api_key: {canary.OPENAI}, api_base: "https://u:{canary.MISC}@h/"}}
general_settings:
  master_key: [{canary.OTHER_MASTER}]
""")
    assert status != 0
    assert canary.leaks(output) == []


MODEL = "model_list:\n  - model_name: m\n    litellm_params: {model: demo/echo}\n"


def problems(output):
    """(line, column, severity, message) of each problem that has a place."""
    found = re.findall(r"config\.yaml:(\d+):(\d+): (error|warning): (.+)", output)
    return [(int(line), int(column), *rest) for line, column, *rest in found]


@pytest.mark.parametrize(
    "guard",
    ["custom_auth: door.check_visitor", "allowed_ips: [10.1.2.x]", "enable_jwt_auth: true"],
)
def test_a_lock_that_is_not_there_is_refused(check, guard):
    status, output = check(MODEL + "general_settings:\n  " + guard + "\n")
    assert status == 78
    assert [(line, severity) for line, _, severity, _ in problems(output)] == [(5, "error")]
    assert guard.split(":")[0] in output


def test_a_guard_among_the_callbacks_runs_or_is_refused(check):
    text = MODEL + "litellm_settings: {callbacks: [presidio]}\n"
    status, output = check(text)
    assert status == 78
    assert "PRESIDIO_ANALYZER_API_BASE" in output
    status, output = check(text, {"PRESIDIO_ANALYZER_API_BASE": "http://127.0.0.1:9"})
    assert status == 0, output
    assert problems(output) == []
    status, output = check(MODEL + "litellm_settings: {callbacks: [banned_keywords]}\n")
    assert status == 78
    assert "litellm_content_filter" in output


def test_a_guardrail_in_python_is_refused(check):
    status, output = check(
        MODEL + "guardrails:\n  - guardrail_name: g\n    litellm_params: "
        "{guardrail: rules.MyGuard, mode: pre_call}\n"
    )
    assert status == 78
    assert "docs/writing-a-plugin.md" in output


@pytest.mark.parametrize("lists", ["success_callback: langfuse", "callbacks: [langfuse]"])
def test_a_sink_without_its_keys_is_left_out_with_one_line(tmp_path, check, lists):
    text = MODEL + "litellm_settings:\n  " + lists + "\n  failure_callback: [langfuse]\n"
    status, output = check(text)
    assert status == 0, output
    assert len(problems(output)) == 1, output
    assert problems(output)[0][2] == "warning"
    assert "LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY" in output
    for arguments in (["check", "--strict"], ["--strict", "check"]):
        status, output = command(*arguments, tmp_path / "config.yaml")
        assert status == 78, output
        assert "error" in output


def test_a_file_without_a_model_is_refused(check):
    for text in ("", "model_lst:\n  - model_name: m\n", "general_settings: {master_key: sk-a}\n"):
        status, output = check(text)
        assert status == 78, output
        assert "no model to serve" in output
    assert "model_list" in check("model_lst:\n  - model_name: m\n")[1]
    status, output = check("model_list:\n  - model_name: m\n")
    assert status == 78
    assert "no model to serve" not in output, "its entry is told of, and that is all"


def test_faults_of_all_kinds_are_told_in_one_run_in_file_order(check):
    status, output = check("""\
model_list:
  - model_name: a
    litellm_params: {model: openai/gpt-4o, api_key: $OPENAI_API_KEY}
  - model_name: e
    litellm_params:
      model: openai/gpt-4o
      api_base: localhost:8000/v1
      api_key: sk-x
  - model_name: f
    litellm_params: {model: openai/gpt-4o, api_key: sk-x, api_base: "http://h/v1#eu"}
litellm_settings:
  num_retries: -1
  callbacks: ["langfusee"]
router_settings: {model_group_alias: {gpt-4: nowhere}}
plugins: {directories: [nowhere]}
""")
    assert status == 78
    told = problems(output)
    assert [line for line, *_ in told] == sorted(line for line, *_ in told)
    by_line = {line: message for line, _, _, message in told}
    assert "os.environ/OPENAI_API_KEY" in by_line[3]
    assert 12 in by_line and 13 in by_line and 14 in by_line
    assert "nowhere" in output
    assert sum("no provider plugin was loaded" in message for *_, message in told) == 1

    status, output = check("""\
model_list:
  - model_name: e
    litellm_params:
      model: openai/gpt-4o
      api_base: localhost:8000/v1
      api_key: sk-x
  - model_name: f
    litellm_params: {model: openai/gpt-4o, api_key: sk-x, api_base: "http://h/v1#eu"}
litellm_settings:
  num_retries: -1
""")
    by_line = {line: message for line, _, _, message in problems(output)}
    assert "http://localhost:8000/v1" in by_line[5]
    assert "fragment" in by_line[8]
    assert 10 in by_line


def test_an_alias_that_cannot_be_had_is_left_out(check):
    text = MODEL + "router_settings:\n  model_group_alias:\n    quick: [m, m]\n    old: gone\n    good: m\n"
    status, output = check(text)
    assert status == 0, output
    assert [(line, severity) for line, _, severity, _ in problems(output)] == [
        (6, "warning"),
        (7, "warning"),
    ]


@pytest.mark.parametrize("key", ["sk-x\n", "sk-x\r\n"])
def test_a_key_with_a_line_end_is_good_and_one_with_a_control_character_is_not(check, key):
    text = (
        "model_list:\n  - model_name: m\n    litellm_params: {model: openai/m%s}\n"
        "general_settings: {master_key: sk-gateway}\n"
    )
    given = text % ", api_key: os.environ/PROVIDER_KEY"
    status, output = check(given, {"PROVIDER_KEY": key})
    assert (status, problems(output)) == (0, []), output
    status, output = check(text % "", {"OPENAI_API_KEY": key})
    assert (status, problems(output)) == (0, []), output
    for bad, variable in ((given, "PROVIDER_KEY"), (text % "", "OPENAI_API_KEY")):
        status, output = check(bad, {variable: "sk\n-x"})
        assert status == 78
        assert "no HTTP header can carry" in output
    sink = MODEL + "litellm_settings: {callbacks: [langfuse]}\n"
    keys = {"LANGFUSE_PUBLIC_KEY": "pk", "LANGFUSE_SECRET_KEY": "sk\n-x"}
    status, output = check(sink, keys)
    assert status == 78
    assert "secret_key" in output


def test_an_empty_master_key_is_refused(check):
    for settings, env in (
        ("{master_key: os.environ/GATEWAY_KEY}", {"GATEWAY_KEY": ""}),
        ('{master_key: ""}', {}),
        ("{}", {"LITELLM_MASTER_KEY": ""}),
        ("{master_key: os.environ/GATEWAY_KEY}", {"GATEWAY_KEY": "sk-1\n"}),
    ):
        status, output = check(MODEL + f"general_settings: {settings}\n", env)
        assert status == 78, (settings, output)
    assert check(MODEL)[0] == 0, "no key at all, nowhere, is an open gateway"


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("model_list:\n\t- model_name: a\n", 2, "tabs cannot indent YAML"),
        (
            "model_list:\n  - model_name: a\n    litellm_params:\n      model: x\n     api_key: y\n",
            5,
            "indented by 5, its siblings by 6",
        ),
    ],
)
def test_yaml_errors_name_the_remedy(check, text, line, words):
    status, output = check(text)
    assert status == 78
    assert [one for one, *_ in problems(output)] == [line]
    assert words in output
    assert output.rstrip().splitlines()[-1].strip() == "^"
