"""Dates, times, sizes, names of files: as people read them, and harmless."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from espace.looks.folding import folded
from espace.looks.pieces import file_name
from espace.looks.words import clock_time, full_date, readable_size


def test_dates_and_times_are_in_full() -> None:
    with translation.override("fr"):
        assert full_date(date(2025, 3, 4)) == "mardi 4 mars 2025"
        assert full_date(date(2025, 2, 1)) == "samedi 1er février 2025"
        assert clock_time(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "14 h 05"
        assert readable_size(1) == "1 ko" and readable_size(1_400_000) == "1,3 Mo"
    with translation.override("en"):
        assert full_date(date(2025, 3, 1)) == "Saturday 1 March 2025"
        assert clock_time(datetime(2026, 1, 1, 12, 5, tzinfo=UTC)) == "13:05"
        assert readable_size(1_400_000) == "1.3 MB"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Analyses de sang", "Analyses de sang.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie x.pdf"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ("...", "document.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_file_names_are_harmless(title: str, name: str) -> None:
    assert file_name(title, "application/pdf") == name


def test_folding_forgets_accents_and_capitals() -> None:
    assert folded("GLYCÉMIE À JEUN, Œdème d’été") == "glycemie a jeun, oedeme d'ete"
