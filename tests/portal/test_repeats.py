"""What one actor does over and over on a day is one line: real events stay in sight, and every time keeps its proof."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from cast import AT
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.portal.pages.home import news
from espace.portal.pages.lines import Known, Line, by_day, lately, shown
from espace.trace.facts import Outcome, TraceEvent, TraceLine

MOREL, PETIT = uuid4(), uuid4()
NOTHING = Known({}, ())
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    with translation.override("fr"):
        yield


def event(
    verb: Verb, at: datetime, *, who: UUID = MOREL, reason: str = "attending_doctor", objects: tuple[UUID, ...] = (),
    outcome: Outcome = Outcome.ALLOWED, organisation: str = "",
) -> TraceEvent:  # fmt: skip
    return TraceEvent(
        PatientId(UUID(int=1)), uuid4(), at, ActorKind.PROFESSIONAL, who, "Anne Morel", Purpose.CARE, verb, outcome,
        reason, organisation_name=organisation, objects=objects,
    )  # fmt: skip


def told(events: list[TraceEvent]) -> tuple[Line, ...]:
    days = by_day(events, NOTHING, waiting={events[-1].id})
    return tuple(line for day in days for line in day.lines)


def test_a_list_looked_at_four_times_is_one_line_with_the_last_hour() -> None:
    times = [event(Verb.LIST, AT + HOUR * 4 - timedelta(minutes=number)) for number in range(4)]
    deposit = event(Verb.DEPOSIT, AT + HOUR, reason="feed_authorised")
    first, second = told([*times[:2], deposit, *times[2:]])
    assert first.time.startswith("4 fois, la dernière à ") and first.iso == times[0].at.isoformat()
    assert first.proof == f"/partage/historique/{times[0].id}/preuve/"
    assert [one.iso for one in first.earlier] == [one.at.isoformat() for one in times[1:]]
    assert [one.proof_waits for one in first.earlier] == [False, False, True]
    assert second.did == "a déposé un document." and second.earlier == ()


DOCUMENT = uuid4()


@pytest.mark.parametrize(
    "other",
    [
        event(Verb.LIST, AT, who=PETIT),
        event(Verb.LIST, AT, outcome=Outcome.REFUSED),
        event(Verb.LIST, AT, reason="consent_in_force"),
        event(Verb.LIST, AT, organisation="Clinique du Port"),
        event(Verb.LIST, AT - timedelta(days=1)),
        event(Verb.STATUS, AT),
    ],
    ids=["actor", "outcome", "reason", "place", "day", "act"],
)
def test_what_differs_stays_apart(other: TraceEvent) -> None:
    assert len(told([event(Verb.LIST, AT + HOUR), other])) == 2


def test_what_an_organisation_passes_on_with_every_movement_is_told_once_and_its_change_apart() -> None:
    """A stay has dozens of movements, and each says what the patient chose."""
    said = ["not_objected", "not_objected", "objected", "objected"]
    events = [replace(event(Verb.FEEDING_WISH, AT - HOUR * i), asked={"feeding": one}) for i, one in enumerate(said)]
    assert [one.did for one in told(events)] == [
        "a transmis qu’il n’y a pas d’opposition à ses dépôts ici.",
        "a transmis une opposition : il ne dépose plus rien ici.",
    ]


@pytest.mark.parametrize("verb", [Verb.LIST, Verb.HISTORY])
def test_the_parts_of_one_listing_are_one_act_once_what_was_held_shows(verb: Verb) -> None:
    """What was held when somebody listed the documents, or read the log, has a line of its own."""
    parts = [event(verb, AT + HOUR, objects=(uuid4(),)) for _ in range(3)]
    lines = [TraceLine(one, bytes(32), bytes(32)) for one in (*parts, event(verb, AT))]
    kept = shown(lines, {id for one in parts for id in one.objects})
    assert [one.at for one in kept] == [AT + HOUR, AT]


def test_readings_of_one_document_are_together_those_of_two_are_not() -> None:
    one = [event(Verb.READ, AT + HOUR, objects=(DOCUMENT,)), event(Verb.READ, AT, objects=(DOCUMENT,))]
    assert [len(line.earlier) for line in told(one)] == [1]
    two = [event(Verb.READ, AT + HOUR, objects=(DOCUMENT,)), event(Verb.READ, AT, objects=(uuid4(),))]
    assert len(told(two)) == 2


@pytest.mark.parametrize("verb", [Verb.DEPOSIT, Verb.CONSENT, Verb.BREAK_GLASS, Verb.MASK])
def test_what_changes_something_is_never_grouped(verb: Verb) -> None:
    assert len(told([event(verb, AT + HOUR), event(verb, AT)])) == 2


def test_an_ordinary_reason_is_said_once_a_list_another_each_time() -> None:
    deposits = [event(Verb.DEPOSIT, AT - timedelta(days=day), reason="feed_authorised") for day in range(3)]
    assert [bool(line.why) for line in told(deposits)] == [True, False, False]
    consents = [event(Verb.LIST, AT - timedelta(days=day)) for day in range(3)]
    assert len({line.why for line in told(consents)}) == 1 and told(consents)[2].why


def test_home_counts_lines_and_says_the_day() -> None:
    looks = [event(Verb.LIST, AT - timedelta(minutes=number)) for number in range(5)]
    deposit = event(Verb.DEPOSIT, AT - HOUR, reason="feed_authorised")
    first, second = lately([*looks, deposit], NOTHING, 4)
    assert first.time.startswith("5 fois, la dernière le ") and "2026 à " in first.time
    assert second.why


def test_since_a_visit_of_today_the_hour_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from espace.portal.pages import home

    monkeypatch.setattr(home, "now", lambda: AT + HOUR)
    unread = []
    assert news(unread, AT) == "Rien de nouveau : vous avez ouvert tous vos documents."
    assert home._arrived(0, AT).startswith("Aucun n’est arrivé depuis votre visite d’aujourd’hui à ")
    assert " depuis votre visite du " in home._arrived(2, AT - timedelta(days=1))
