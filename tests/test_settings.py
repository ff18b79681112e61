"""Settings: defaults that work, then kam.toml, then the environment; what cannot be read is named."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import main
from kam_metrics.errors import UsageError
from kam_metrics.settings import Settings, lines, read_settings


def test_without_anything_said_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path) == Settings()


def test_the_file_goes_before_the_default_and_the_environment_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text('capital_rate = "0.08"\nthreads = 4\n')
    found = read_settings({"KAM_THREADS": "1", "PATH": "/bin"}, tmp_path)
    assert (found.capital_rate, found.threads) == (Decimal("0.08"), 1)


def test_a_number_in_the_file_stays_exact(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text("capital_rate = 0.1\n")
    assert read_settings({}, tmp_path).capital_rate == Decimal("0.1")


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text("capital_ratio = 0.1\n")
    with pytest.raises(UsageError) as refused:
        read_settings({}, tmp_path)
    assert (refused.value.key, refused.value.values) == ("unknown_setting", {"name": "capital_ratio"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("threads", "two"), ("capital_rate", "nine"), ("capital_rate", "NaN"), ("threads", "-1"), ("lang", "fr")],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_settings({f"KAM_{name.upper()}": value}, tmp_path)
    assert (refused.value.key, refused.value.values["name"]) == ("bad_setting", name)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text("threads: 4\n")
    with pytest.raises(UsageError) as refused:
        read_settings({}, tmp_path)
    assert refused.value.values["name"] == "kam.toml"


def test_every_setting_says_what_it_is() -> None:
    assert [f.name for f in lines() if not str(f.metadata["sentence"]).endswith(".")] == []


def test_the_largest_upload_has_one_default() -> None:
    config = tomllib.loads((Path(main.__file__).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["maxUploadSize"] == Settings().max_upload_mb
