"""`./espace bench theft` says how far stolen accounts came, and ends with an error where that is too far."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from cast import holder, names_doctor, organisation, professional
from door import call, feeder_token, professional_token
from espace import edge
from espace.identity.facts import Ins, Professional
from espace.site import cli
from espace.site.bench.theft import walking
from espace.site.bench.theft.facts import Got, Theft, Walk, table
from espace.site.bench.theft.walking import in_order, walk
from espace.site.bench.theft.ways import SOFTWARE, WAYS, Answered, Asking, Thief
from espace.site.demo.making import made_professional
from espace.site.demo.structures import PRACTICE
from espace.site.terminal import Failed
from workstation.desk import Desk

STATED = made_professional(900, ("MME", "Gaëlle", "KERVELLA"), "G15_10/SM54", PRACTICE)


class Scripted:
    """Ways that answer so many numbers before they are shut, whoever asks."""

    def __init__(self, answers: Mapping[str, int]) -> None:
        self.left = dict(answers)
        self.ways = {name: self.way(name) for name in answers}

    def way(self, name: str) -> Any:
        def ask(thief: object, ins: Ins) -> Got:
            self.left[name] -= 1
            return Got.FROZEN if self.left[name] < 0 else Got.TOLD

        return ask


def walked(answers: Mapping[str, int], seconds_each: float = 1.0, *, feeds: bool = False) -> Walk:
    ticks = count()
    thief = Thief("", "", STATED, PRACTICE, lambda asking: Answered(404, "", ""))
    begun = Walk(0, "10", "first", feeds=feeds)
    return walk(thief, begun, in_order(0), lambda: next(ticks) * seconds_each, Scripted(answers).ways)


def test_an_account_is_stopped_where_every_way_is_shut() -> None:
    found = walked({"first": 60, "second": 0, "third": 2})
    assert (len(found.asked), len(found.told), found.stopped, found.wrong) == (62, 62, True, "no alert")


def test_a_walk_ends_where_it_came_too_far() -> None:
    found = walked({"first": 500, "second": 0})
    assert (len(found.asked), found.stopped, found.wrong) == (200, False, "200 patients in 200 seconds")


def test_a_walk_ends_where_it_took_too_long() -> None:
    found = walked({"first": 500, "second": 0}, 31.0)
    assert (len(found.asked), found.wrong) == (10, "10 patients in 310 seconds")


def test_software_is_told_of_and_stopped_by_nothing() -> None:
    found = walked({"first": 500}, feeds=True)
    assert (len(found.asked), found.wrong) == (200, "no alert")
    found.alerts = {"feeder": 1.0}
    assert found.wrong == ""


def test_the_table_has_each_account_and_all_together() -> None:
    one, other = Walk(0, "10", "deposit"), Walk(1, "21", "consent")
    for got, number in ((Got.READ, "1"), (Got.TOLD, "2"), (Got.NOTHING, "3"), (Got.FROZEN, "4")):
        one.note(number, got)
        other.note(number, got)
    one.stopped, one.alerts = True, {"frozen": 3.0, "in_a_row": 0.5}
    said = table(Theft(1, 100, [one, other]))
    assert "in_a_row 0.5, frozen 3.0" in said and "not as promised: it was never stopped" in said
    assert said.endswith("2 accounts of one organisation: of 100 people, 2 were told of and 1 read.")
    assert Theft(1, 100, [one, other]).wrong and not Theft(1, 100, [one]).wrong


def test_too_many_spaces_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "theft", "--spaces", "10001"]) == 1
    assert capsys.readouterr().err == "espace: --spaces must be at most 10000.\n"


@pytest.mark.parametrize(("wrong", "code"), [(True, 1), (False, 0)])
def test_it_ends_with_an_error_where_an_account_came_too_far(
    monkeypatch: pytest.MonkeyPatch, wrong: bool, code: int
) -> None:
    @contextmanager
    def house(**words: Any) -> Iterator[object]:
        assert words == {"budgets": {}}
        yield object()

    one = Walk(0, "10", "deposit", stopped=not wrong, alerts={"frozen": 1.0})
    monkeypatch.setattr("espace.site.bench.house.throwaway_house", house)
    monkeypatch.setattr("espace.site.commands.bench.stop_on_signals", lambda: None)
    monkeypatch.setattr(walking, "thefts", lambda *_: iter([Theft(1, 0, [one]), Theft(19, 0, [])]))
    assert cli.main(["bench", "theft"]) == code


# --- every way at its real door -----------------------------------------------------------------------------


def in_process(desk: Desk) -> Any:
    """The doors, without a server."""

    def send(asking: Asking) -> Answered:
        headers = {name.lower().replace("-", "_"): value for name, value in asking.headers.items()}
        if "cookie" in headers:
            answer = _page(desk, asking)
            return Answered(answer.status_code, answer.headers.get("Location", ""), answer.content.decode())
        kind, bearer = headers["content_type"], headers["authorization"].removeprefix("Bearer ")
        found = call(asking.method, asking.path, asking.body, token=bearer, kind=kind)
        return Answered(found.status, "", found.body.decode())

    return send


def _page(desk: Desk, asking: Asking) -> Any:
    if asking.method == "GET":
        return desk.get(asking.path)
    return desk.generic("POST", asking.path, asking.body, content_type=asking.headers["Content-Type"])


def thief_of(who: Professional) -> Thief:
    return Thief("", professional_token(who), STATED, PRACTICE, in_process(Desk(who)))


@pytest.mark.parametrize(
    ("way", "got"),
    [
        ("consent", Got.READ), ("emergency", Got.READ), ("Patient search", Got.TOLD), ("document search", Got.TOLD),
        ("deposit", Got.TOLD),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("db")
def test_each_way_reaches_somebody_nobody_and_its_end(settings: Any, way: str, got: Got) -> None:
    settings.ESPACE_BUDGET_HOUR = 2
    thief, asked = thief_of(professional("Volé", "Compte")), [holder().ins, next(in_order(7)), holder().ins]
    assert [WAYS[way](thief, ins) for ins in asked] == [got, Got.NOTHING, Got.FROZEN]


@pytest.mark.parametrize("way", sorted(SOFTWARE))
@pytest.mark.usefixtures("db")
def test_software_learns_of_somebody_and_nobody_and_reads_nothing(way: str) -> None:
    hospital, desk = organisation(), Desk(professional())
    thief = Thief("", feeder_token(hospital), STATED, PRACTICE, in_process(desk))
    assert [SOFTWARE[way](thief, ins) for ins in (holder().ins, next(in_order(8)))] == [Got.TOLD, Got.NOTHING]


@pytest.mark.usefixtures("db")
def test_an_attending_doctor_s_account_reads_without_a_word() -> None:
    who, patient = professional("Volé", "Compte"), holder()
    names_doctor(patient, who, at=edge.now())
    assert WAYS["document search"](thief_of(who), patient.ins) is Got.READ


def test_a_server_that_fails_shuts_nothing() -> None:
    thief = Thief("", "", STATED, PRACTICE, lambda asking: Answered(503, "", ""))
    with pytest.raises(Failed, match="503"):
        WAYS["Patient search"](thief, next(in_order(0)))


def test_numbers_in_order_are_right_and_begin_alike() -> None:
    found = [ins.number for ins in in_order(3)]
    assert len(found) == 999 and found[0][:13] == "1430135238001" and found[998][:13] == "1430135238999"
    assert len({number[:10] for number in found}) == 1
