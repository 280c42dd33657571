"""`./espace alerts`: the queue, ranked and capped; closed by two people; never a patient."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from cast import holder, organisation, professional
from espace.access.actions import raise_alert
from espace.access.facts import Alert, AlertKind
from espace.access.queries import alert, count_open_alerts, open_alerts, subject_of_alert
from espace.access.rules.alerting import ranked, same_person
from espace.identity.facts import Professional
from espace.site import cli

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_alert")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = cli.main(["alerts", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def raised(kind: AlertKind = AlertKind.EMERGENCY, *, who: Professional | None = None, **more: Any) -> Alert:
    before = {one.id for one in open_alerts()}
    found = who or professional()
    raise_alert(kind=kind, at=AT, professional=found.id, organisation=found.activities[0].organisation, **more)
    [one] = [one for one in open_alerts() if one.id not in before]
    return one


def made(kind: AlertKind, *, count: int = 1, organisation: UUID | None = None, minutes: int = 0) -> Alert:
    at = AT + timedelta(minutes=minutes)
    return Alert(uuid4(), kind, uuid4(), organisation, "", at, at, count)


def test_the_most_urgent_come_first_and_one_place_hides_nobody() -> None:
    house = uuid4()
    many = [made(AlertKind.EMERGENCY, organisation=house, minutes=minutes) for minutes in range(14)]
    frozen, walked = made(AlertKind.FROZEN, count=9), made(AlertKind.IN_A_ROW)
    often, late = made(AlertKind.EMERGENCY, count=3), made(AlertKind.EMERGENCY, minutes=-1)
    assert ranked([*many, late, often, frozen, walked]) == (walked, frozen, often, late, *many[:10])
    assert ranked([*many, late, often, frozen, walked], most=2) == (walked, frozen)
    assert ranked([]) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Anne Morel", "anne  morel", True), ("A. Morel", "L. Roux", False), ("", " ", True)],
)
def test_two_people_are_two(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


def test_an_empty_queue(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (0, "Open alerts: 0.\n", "")
    assert run(capsys, "list", "--json") == (0, '{\n  "open": 0,\n  "shown": []\n}\n', "")


def test_a_line_names_the_account_and_the_place_and_nobody_else(capsys: pytest.CaptureFixture[str]) -> None:
    camille = holder(birth_name="ZYGOMATIQUE")
    who = professional(at=organisation("Clinique des Ormes"))
    one = raised(who=who, subject=subject_of_alert(camille.patient))
    code, text, _ = run(capsys)
    assert code == 0
    [line] = [line for line in text.splitlines() if str(one.id) in line]
    for said in (who.national_id[1:], "Clinique des Ormes 990000017", "emergency", one.reference):
        assert said in line
    shown = run(capsys, "show", str(one.id))[1]
    assert "0 in the last hour, 0 in the last day" in shown
    told = json.loads(run(capsys, "--json")[1])
    assert (told["open"], told["shown"][0]["count"]) == (1, 1)
    for page in (text, shown, json.dumps(told)):
        for secret in ("ZYGOMATIQUE", camille.ins.number, str(camille.patient), camille.patient.hex[:12], "Morel"):
            assert secret not in page


def test_an_alert_is_examined_by_one_and_closed_by_two(capsys: pytest.CaptureFixture[str]) -> None:
    one = raised()
    name = str(one.id)
    assert run(capsys, "examine", name, "--by", " Anne Le Gall ")[0] == 0
    assert "Anne Le Gall" in run(capsys)[1]
    close = ("close", name, "--outcome", "explained", "--by", "Anne Le Gall")
    for second in ("", "anne le  gall"):
        code, _, said = run(capsys, *close, "--second", second)
        assert (code, "two people" in said) == (1, True)
    assert count_open_alerts() == 1
    assert run(capsys, *close, "--second", "Yann Roux")[0] == 0
    assert count_open_alerts() == 0
    shown = run(capsys, "show", name)[1]
    assert "Anne Le Gall and Yann Roux: explained" in shown
    assert run(capsys, *close, "--second", "Yann Roux")[0] == 1


def test_what_happens_again_after_it_was_closed_is_another_alert(capsys: pytest.CaptureFixture[str]) -> None:
    who = professional()
    one = raised(AlertKind.FROZEN, who=who)
    run(capsys, "close", str(one.id), "--outcome", "reminded", "--by", "A", "--second", "B")
    again = raised(AlertKind.FROZEN, who=who)
    closed = alert(one.id)
    assert again.id != one.id
    assert closed is not None
    assert closed.closed_by == "A"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show",), "take the id of an alert"),
        (("list", str(uuid4())), "take the id of an alert"),
        (("show", str(uuid4())), "No alert has this id"),
        (("examine", str(uuid4()), "--by", "Anne"), "No open alert"),
        (("examine", str(uuid4())), "--by NAME"),
        (("close", str(uuid4()), "--by", "A", "--second", "B"), "--outcome"),
        (("close", str(uuid4()), "--by", "A", "--second", "B", "--outcome", "explained"), "No open alert"),
    ],
)
def test_what_cannot_be_done_says_so(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run(capsys, *words)
    assert (code, said in error) == (1, True)
