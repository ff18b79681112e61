"""The reference pages say what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kam_metrics import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_committed_page_is_the_generated_one(name: str) -> None:
    assert (reference.FOLDER / name).read_text("utf-8") == reference.PAGES[name](), "run `make docs`"


def test_a_stale_page_is_named_and_writing_anew_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    assert reference.main(["--check"]) == 1
    assert "docs/reference/measures.md is stale" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0


def test_a_cell_with_a_bar_stays_one_cell() -> None:
    assert "`kam check FILE" not in reference.command_line().split("## With every command")[0]
    assert "| `--lang nl\\|en` |" in reference.command_line()
