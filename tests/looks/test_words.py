"""Dates, times, sizes, names of files: as people read them, and harmless."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from espace.looks.pieces import file_name
from espace.looks.professions import ENGLISH, practised, profession_name
from espace.looks.words import (
    amid,
    apart,
    bound,
    cased,
    clock_time,
    day_number,
    full_date,
    lately,
    readable_size,
    short_date,
)
from espace.wire.nomenclature import profession_label


def test_dates_and_times_are_in_full() -> None:
    with translation.override("fr"):
        assert full_date(date(2025, 3, 4)) == "mardi 4 mars 2025"
        assert full_date(date(2025, 2, 1)) == "samedi 1er février 2025"
        assert short_date(date(2025, 6, 1)) == "1er juin 2025" and short_date(date(2025, 6, 21)) == "21 juin 2025"
        assert clock_time(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "14\u00a0h\u00a005"
        assert readable_size(1) == "1 ko" and readable_size(1_400_000) == "1,3 Mo"
    with translation.override("en"):
        assert full_date(date(2025, 3, 1)) == "Saturday 1 March 2025"
        assert short_date(date(2025, 6, 1)) == "1 June 2025" and day_number(date(2025, 6, 1)) == "1"
        assert clock_time(datetime(2026, 1, 1, 12, 5, tzinfo=UTC)) == "13:05"
        assert readable_size(1_400_000) == "1.3 MB"


def test_of_today_the_hour_counts_of_another_day_the_day_does() -> None:
    now, late = datetime(2026, 3, 4, 22, 30, tzinfo=UTC), datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    with translation.override("fr"):
        assert lately(late, now) == "aujourd’hui à 0\u00a0h\u00a030"
        assert lately(datetime(2026, 3, 1, 9, tzinfo=UTC), now) == "le 1er mars 2026"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1 le matin ; 2 le soir", "1 le matin\u202f; 2 le soir"),
        ("1 le matin\n;\u00a02 le soir", "1 le matin\u202f;\u00a02 le soir"),
        ("Réaction :", "Réaction\u202f:"),
        ("« Latex », « gants »", "«\u202fLatex\u202f», «\u202fgants\u202f»"),
        ("matin\u00a0; soir", "matin\u202f; soir"),
        ("matin; soir", "matin; soir"),
        ("a ;b :c", "a ;b :c"),
        ("Lettre \u202efdp :", "Lettre \ufffdfdp\u202f:"),
        ("\u2066caché\u2069", "\ufffdcaché\ufffd"),
        ("", ""),
    ],
)
def test_no_line_of_a_document_begins_with_a_sign_that_ends_one(written: str, shown: str) -> None:
    assert bound(written) == shown


def test_parts_stand_apart_and_are_said_once() -> None:
    with translation.override("fr"):
        assert apart(("4 – 6 %", "", "< 7 %", "4 – 6 %")) == "4 – 6 %\u202f; < 7 %"
        assert (apart(("100 %",)), apart(())) == ("100 %", "")
    with translation.override("en"):
        assert apart(("100 %(one)s", "%", "50 %")) == "100 %(one)s; %; 50 %"
        assert apart(f"{number:0300}" for number in range(20_000)).count(";") == 19_999  # what a document may write


@pytest.mark.parametrize(("words", "shown"), [("Dit arrêté", "dit arrêté"), ("VIH", "VIH"), ("à", "à"), ("", "")])
def test_a_mark_within_a_sentence_has_no_capital(words: str, shown: str) -> None:
    assert amid(words) == shown


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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("LE GALL", "Le Gall"),
        ("DUPONT-MÉRY", "Dupont-Méry"),
        ("D’ARC", "D’Arc"),
        ("McDonald", "McDonald"),
        ("de la Tour", "de la Tour"),
        ("", ""),
    ],
)
def test_names_in_capitals_are_shown_as_people_write_them(written: str, shown: str) -> None:
    assert cased(written) == shown


def test_professions_are_named_in_both_forms_of_french() -> None:
    with translation.override("fr"):
        assert profession_name("60") == practised("Infirmier") == "Infirmier ou infirmière"
        assert profession_name("10") == "Médecin" and profession_name("99") == ""
        assert practised("Biologie médicale (SM)") == "Biologie médicale (SM)"
        one_form = {code for code in ENGLISH if profession_name(code) == profession_label(code)}
        masculine = {code for code in one_form if re.search(r"(eur|ier|ien|ant|if)\b", profession_label(code))}
        assert masculine == set()
    with translation.override("en"):
        assert practised("Infirmier") == "Nurse"
