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
