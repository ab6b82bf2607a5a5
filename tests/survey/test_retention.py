"""Delays are numbers of days, said in one file; anything else is refused in French."""

from dataclasses import astuple
from pathlib import Path

import pytest

from lib.survey.retention import Retention, load_retention


def test_the_shipped_delays_are_read():
    assert all(days >= 1 for days in astuple(load_retention()))


def test_delays_are_read_from_a_file(tmp_path: Path):
    path = tmp_path / "retention.toml"
    path.write_text("contacts_days = 90\ndrafts_days = 7\nbackups_days = 14\n", encoding="utf-8")
    assert load_retention(path) == Retention(90, 7, 14)


@pytest.mark.parametrize("days", [0, -1, 1.5, True, "30"])
def test_what_is_no_number_of_days_is_refused(days: object):
    with pytest.raises(ValueError, match="«\u202fdrafts_days\u202f» doit être un nombre de jours"):
        Retention(contacts_days=1, drafts_days=days, backups_days=1)


@pytest.mark.parametrize("content", ["contacts_days = 1\ndrafts_days = 1", "contact_days = 1"])
def test_a_missing_or_unknown_delay_is_refused(content: str, tmp_path: Path):
    path = tmp_path / "retention.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TypeError):
        load_retention(path)
