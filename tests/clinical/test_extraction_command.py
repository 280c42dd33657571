"""`./espace extract`: what was filed before there were facts is read, cut short or not, and what was not is told."""

import argparse

import pytest
from django.db import connection

from cast import AT, document, holder, organisation
from clinical.scene import blocks, file, holder_knows, results, stated
from espace.clinical import actions
from espace.clinical.queries import NOBODY, patients_waiting
from espace.site.commands import extract

pytestmark = pytest.mark.django_db


def test_whoever_waits_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laboratory = organisation()
    people = sorted((holder() for _ in range(3)), key=lambda one: one.patient)
    for one in people:
        file(one, laboratory, stated(results(one)), document())
    mine = tuple(one.patient for one in people)
    monkeypatch.setattr(extract, "PEOPLE", 2)
    assert set(mine) <= set(patients_waiting(NOBODY, 100_000))
    assert extract._extract() in (0, 1)
    assert [holder_knows(one) for one in people] == [[("Glucose à jeun", "5.1 mmol/L")]] * 3
    assert [blocks(one) for one in people] == [2, 2, 2]
    assert set(mine).isdisjoint(patients_waiting(NOBODY, 100_000))


def test_the_counters_are_printed_without_content(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clinical_unread")
    assert extract._unread() == 0
    assert capsys.readouterr().out == "Everything was read.\n"
    actions.count_unread({("", "observation", "30954-2", "no_value"): 12, ("", "", "", "broken"): 3}, at=AT)
    assert extract._unread() == 0
    assert capsys.readouterr().out.splitlines() == [
        "count  why       model  template     section  last",
        "12     no_value  -      observation  30954-2  2026-03-04",
        "3      broken    -      -            -        2026-03-04",
    ]


def test_what_it_takes() -> None:
    parser = argparse.ArgumentParser()
    extract.arguments(parser)
    assert (parser.parse_args([]).unread, parser.parse_args(["--unread"]).unread) == (False, True)
