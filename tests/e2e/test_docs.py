"""The documentation: every command it shows is run, by a script that is named or by a test of the documentation."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import pytest

import test_docs_programs
from support import docs, paths

BUILD = paths.BINARY.resolve().parent.parent


@dataclass
class Row:
    """How the commands of one form are known to work. `page` is a part of the page's name, `form` a regular expression."""

    page: str
    form: str
    #: Run by a test of this file or of test_docs_programs.py;
    #: or by `file`, where `words` stand; or not at all, and why.
    here: str = ""
    file: str = ""
    words: str = ""
    why_not: str = ""


ROWS = [
    # What CI and scripts/test run.
    Row("", r"git clone .*", why_not="the checkout under test is one"),
    Row("", r"\./scripts/run", file=".ci/run", words='scripts/run" --check'),
    Row("", r"scripts/run --check", file=".ci/run", words='scripts/run" --check'),
    Row("developing", r"scripts/lint( --fix)?", file=".ci/run", words="scripts/lint"),
    Row("developing", r"scripts/lint --tidy .*", why_not="clang-tidy over a room takes minutes"),
    Row("developing", r"scripts/test", file=".ci/run", words="scripts/test"),
    Row("developing", r"scripts/test --all=\w+", here="test_parts_of_the_tests_exist"),
    Row("developing", r"bash -c 'source scripts/lib.sh && install_packages .*'", file="scripts/test", words="install_packages build test"),
    Row("developing", r"cmake --preset (dev|asan|tsan|fuzz)( && cmake --build --preset \w+.*)?", here="test_presets_exist"),
    Row("", r"cmake --build --preset (dev|release).*", here="test_presets_exist"),
    Row("developing", r"(setarch \$\(uname -m\) -R )?ctest --preset .*", here="test_filters_select_tests"),
    Row("", r"(setarch \$\(uname -m\) -R )?tests/e2e/run\.sh .*", here="test_filters_select_tests"),
    Row("developing", r"tests/fuzz/run\.sh 60", file="scripts/test", words="tests/fuzz/run.sh"),
    Row("developing", r"build/fuzz/bin/fuzz_\w+ .*", here="test_fuzz_targets_exist"),
    Row("developing", r"sdk/plugin/abi/lock .*", file="scripts/lint", words="sdk/plugin/abi"),
    Row("", r"cmake --install build/release .*", here="test_writing_a_plugin"),
    Row("client", r"cmake --build build/release --target patchbay_wheel", file="tests/e2e/test_client_wheel.py", words="patchbay_wheel"),
    Row("client", r"pip install build/release/wheel/.*", file="tests/e2e/test_client_wheel.py", words="wheel.name in PAGE"),
    Row("client", r"scripts/bench_client", file="tests/e2e/test_client_bench.py", words='"bench_client"'),
    Row("client", r"patchbay (ask|chat) .*", file="tests/e2e/test_client_docs.py", words="def test_the_command_line"),
    Row("routing", r"build/release/bin/patchbay-route-sim .*", file="tests/e2e/test_route_sim.py", words="patchbay-route-sim"),
    # Pages that run as they stand.
    Row("writing-a-plugin", r".*", here="test_writing_a_plugin"),
    Row("operating", r"openssl .*", here="test_signing"),
    Row("clients", r"curl http://127\.0\.0\.1:4000/.*", here="test_programs_of_connect_your_client"),
    Row("README", r"curl http://127\.0\.0\.1:4000/.*", here="test_the_first_request"),
    Row("README", r"export OPENAI_API_KEY=.*", here="test_serving_the_example"),
    Row("README", r"\./scripts/run --config config/examples/quickstart\.yaml", here="test_serving_the_example"),
    Row("README", r"build/release/bin/patchbay (check|--config) config\.yaml", here="test_serving_the_example"),
    Row("developing", r"build/dev/bin/patchbay --config config/config\.yaml", here="test_serving_the_example"),
    Row("", r"(build/dev/bin/)?patchbay-transcript build/dev/.*", here="test_playing_a_transcript"),
    Row("plugin-check", r"plugin-check my_plugin\.so .*", here="test_playing_a_transcript"),
    Row("transcripts", r"ANTHROPIC_API_KEY=\.\.\. scripts/record .*", file="tests/e2e/test_record.py", words="--api-key-env"),
    Row("developing", r"scripts/import_models .*", here="test_importing_models"),
    Row("performance", r"build/release/bin/patchbay_bench_boundary .*", why_not="times of a choice say nothing beside other tests"),
    Row("performance", r"scripts/bench --list", here="test_bench_lists_its_rows"),
    Row("performance", r"scripts/bench.*", here="test_bench_lists_its_rows"),
    Row("keys", r"patchbay import litellm .*", file="tests/e2e/test_import_litellm.py", words='command("import", "litellm"'),
    Row("spend", r"patchbay spend reprice .*", file="tests/e2e/test_reprice.py", words='command("spend", "reprice"'),
    Row("spend", r"patchbay reconcile .*", file="tests/e2e/test_reprice.py", words='command("reconcile"'),
    Row("keys", r"patchbay (keys|spend) .*", file="tests/e2e/test_management.py", words="patchbay(\"keys\", \"new\""),
    # Lines that explain.
    Row("operating", r"patchbay (\[flags\] serve|check FILE .*|plugins .*|ledger .*|keys.*|help .*|version)", file="tests/e2e/test_command_line.py", words="SLIPS"),
]  # fmt: skip


def test_every_command_of_the_docs_is_run():
    unknown = []
    used = set()
    for block, command in docs.commands():
        row = next(
            (r for r in ROWS if r.page in block.page.name and re.fullmatch(r.form, command)), None
        )
        if row is None:
            unknown.append(f"{block.place}: {command}")
        else:
            used.add(id(row))
    assert not unknown, "no row says what runs these:\n" + "\n".join(unknown)
    idle = [row.form for row in ROWS if id(row) not in used]
    assert not idle, f"rows for commands that no page has: {idle}"


def test_rows_name_what_exists():
    for row in ROWS:
        assert sum(map(bool, (row.here, row.file, row.why_not))) == 1, row
        if row.here:
            assert callable(globals().get(row.here) or getattr(test_docs_programs, row.here, None)), row
        if row.file:
            assert row.words in (paths.REPO / row.file).read_text(), row


def test_parts_of_the_tests_exist():
    listed = subprocess.run(
        [paths.REPO / "scripts" / "test", "--help"], capture_output=True, text=True, check=True
    ).stdout
    named = docs.of_form(r"scripts/test --all=")
    assert named
    for command in named:
        assert re.search(rf"^ +{command.split('=')[1]} ", listed, flags=re.M), command


def test_presets_exist():
    listed = subprocess.run(
        ["cmake", "--list-presets=all"], cwd=paths.REPO, capture_output=True, text=True, check=True
    ).stdout
    for command in docs.of_form(r"--preset"):
        for name in re.findall(r"--preset (\w+)", command):
            assert f'"{name}"' in listed, command


def test_filters_select_tests():
    """A filter that selects nothing passes, so a misspelt one goes unnoticed."""
    # The commands of the pages, those within sentences too.
    texts = [command for _, command in docs.commands()]
    for page in docs.PAGES:
        texts += docs.inline_code(page)
    seen = 0
    for text in texts:
        if text in ("ctest --preset dev -R <Suite>",):
            continue
        if expression := re.search(r"ctest --preset \w+ -R '?([^' ]+)'?", text):
            if "<" in expression[1]:
                continue
            listed = subprocess.run(
                ["ctest", "--test-dir", BUILD, "-N", "-R", expression[1]],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert re.search(r"Total Tests: [1-9]", listed), text
            seen += 1
        if expression := re.search(r"bin/(patchbay_\w+_test) --gtest_filter='?([^' ]+)'?", text):
            program = BUILD / "bin" / expression[1]
            listed = subprocess.run(
                [program, f"--gtest_filter={expression[2]}", "--gtest_list_tests"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert "  " in listed, text
            seen += 1
        if expression := re.search(r"tests/e2e/run\.sh.* (test_\w+\.py)(?: -k (\w+))?", text):
            file = paths.E2E / expression[1]
            assert file.exists(), text
            assert re.search(rf"def test_\w*{expression[2] or ''}", file.read_text()), text
            seen += 1
    assert seen > 5


def test_fuzz_targets_exist():
    for command in docs.of_form(r"build/fuzz/bin/"):
        name = re.search(r"fuzz_(\w+) ", command)[1]
        assert (paths.REPO / "tests" / "fuzz" / f"{name}_fuzz.cpp").exists(), command


def test_importing_models(tmp_path):
    """The script, beside a copy of the table, makes the table anew from a small map."""
    (script,) = {command.split()[0] for command in docs.of_form(r"^scripts/import_models")}
    (tmp_path / "scripts").mkdir()
    copy = shutil.copy(paths.REPO / script, tmp_path / "scripts")
    room = tmp_path / "host" / "engine" / "models"
    room.mkdir(parents=True)
    shutil.copy(paths.REPO / "host/engine/models/providers.txt", room)
    prices = tmp_path / "model_prices_and_context_window.json"
    prices.write_text(
        json.dumps(
            {
                "acme/big": {
                    "litellm_provider": "acme",
                    "mode": "chat",
                    "max_input_tokens": 1000,
                    "max_output_tokens": 100,
                }
            }
        )
    )
    subprocess.run([sys.executable, copy, prices], cwd=tmp_path, check=True)
    lines = (room / "models.tsv").read_text().splitlines()
    assert lines[0].startswith("name\tprovider")
    assert "acme/big\tacme\tchat\t1000\t100" in lines


def test_bench_lists_its_rows():
    listed = subprocess.run(
        [paths.REPO / "scripts" / "bench", "--list"], capture_output=True, text=True
    )
    if listed.returncode != 0 and "not found" in listed.stderr:
        pytest.skip(listed.stderr.strip())
    for command in docs.of_form(r"scripts/bench"):
        for word in command.split()[1:]:
            assert word.startswith("--") or word in listed.stdout.split(), command


def test_the_index_lists_every_page():
    index = (paths.REPO / "docs" / "README.md").read_text()
    missing = [p.name for p in docs.PAGES if p.parent.name == "docs" and p.name != "README.md" and f"| [{p.name}]({p.name}) |" not in index]  # fmt: skip
    assert not missing
    assert "docs/README.md" in (paths.REPO / "README.md").read_text()


def test_links_lead_somewhere():
    dead = []
    for page in docs.PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.name}: {target}")
    assert not dead


def test_json_and_yaml_of_the_docs_can_be_read():
    seen = 0
    for page in docs.PAGES:
        for block in docs.blocks(page):
            if block.language == "json":
                json.loads(block.text)
                seen += 1
    assert seen >= 2
