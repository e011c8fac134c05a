"""What LiteLLM's documentation shows of its SDK runs with only the import changed; what cannot says why."""

import pytest

from support import client, paths, snippets

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")
ROWS = snippets.rows()


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_it_runs(row, patchbay, provider, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if "pydantic" in row.get("needs", ()):
        pytest.importorskip("pydantic")
    program = snippets.Program(row, patchbay, provider)
    if "cannot" in row:
        with pytest.raises(NotImplementedError) as caught:
            program.run()
        assert row["cannot"] in str(caught.value)
    elif "raises" in row:
        with pytest.raises(Exception) as caught:
            program.run()
        assert type(caught.value).__name__ == row["raises"], caught.value
        assert not snippets.wrong(program, caught.value)
    else:
        assert not snippets.wrong(program, program.run())


def test_the_table_is_large_and_has_no_two_of_a_name():
    names = [row["name"] for row in ROWS]
    assert len(set(names)) == len(names)
    assert len([row for row in ROWS if "cannot" not in row]) >= 200


def test_what_cannot_be_done_is_told_with_its_reason():
    page = (paths.REPO / "docs" / "client.md").read_text()
    assert not [row["name"] for row in ROWS if "cannot" in row and row["cannot"] not in page]
