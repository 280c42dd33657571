"""A budget for each account, by profession, for each organisation and for the country; what is let through anyway."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import (
    Holder,
    asks_about_nobody,
    caring,
    consents,
    fresh_ins,
    holder,
    names_doctor,
    organisation,
    professional,
)
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import AlertKind, Budget, Budgets, Cause, Found, Lately, Spent, Whose
from espace.access.queries import open_alerts, opened_lately
from espace.access.queries.budget import spent_lately
from espace.access.rules.budgets import budget_of, no_room, read_professions, signs, stem_of_number, unexplained
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
FREE = Budgets(Budget(100, 1000), Budget(10_000, 100_000), {"21": Budget(90, 500)})
SIXTY = Budget(60, 300)


@pytest.mark.parametrize(
    ("spent", "whose"),
    [
        (Spent(), None),
        (Spent(hour=59), None),
        (Spent(hour=60), Whose.ACCOUNT),
        (Spent(day=299), None),
        (Spent(day=300), Whose.ACCOUNT),
        (Spent(day=300, today=True), None),
        (Spent(organisation=Budget(99, 999)), None),
        (Spent(organisation=Budget(100, 0)), Whose.ORGANISATION),
        (Spent(organisation=Budget(0, 1000)), Whose.ORGANISATION),
        (Spent(country=Budget(9_999, 99_999)), None),
        (Spent(country=Budget(10_000, 0)), Whose.COUNTRY),
        (Spent(country=Budget(0, 100_000)), Whose.COUNTRY),
        (Spent(hour=60, organisation=Budget(100, 0), country=Budget(10_000, 0)), Whose.ACCOUNT),
        (Spent(organisation=Budget(100, 0), country=Budget(10_000, 0)), Whose.ORGANISATION),
    ],
)
def test_whose_budget_has_no_room(spent: Spent, whose: Whose | None) -> None:
    assert no_room(spent, SIXTY, FREE) is whose


@pytest.mark.parametrize(
    ("spent", "budget", "kinds"),
    [
        (Spent(in_a_row=10, minutes=28), SIXTY, ()),
        (Spent(in_a_row=11), SIXTY, (AlertKind.IN_A_ROW,)),
        (Spent(minutes=29), SIXTY, (AlertKind.BURST,)),
        (Spent(in_a_row=11, minutes=29), SIXTY, (AlertKind.IN_A_ROW, AlertKind.BURST)),
        (Spent(minutes=29), Budget(90, 500), ()),
        (Spent(minutes=10), Budget(5, 20), ()),
        (Spent(minutes=11), Budget(5, 20), (AlertKind.BURST,)),
    ],
)
def test_what_a_walk_looks_like(spent: Spent, budget: Budget, kinds: tuple[AlertKind, ...]) -> None:
    assert signs(spent, budget) == kinds


@pytest.mark.parametrize(("own_word", "looked_at"), [(0, False), (149, False), (150, True), (300, True)])
def test_half_of_a_day_on_ones_own_word_is_looked_at(own_word: int, looked_at: bool) -> None:
    assert unexplained(Lately(0, 300, own_word), Budget(60, 300)) is looked_at


def test_a_profession_has_its_own_budget() -> None:
    assert budget_of("21", FREE, SIXTY) == Budget(90, 500)
    assert budget_of("10", FREE, SIXTY) == SIXTY
    assert read_professions("") == {}
    assert read_professions(" 21=90/500, 60=90/450 ,") == {"21": Budget(90, 500), "60": Budget(90, 450)}


@pytest.mark.parametrize("text", ["21", "21=90", "21=/5", "doctor=1/2", "21=0/5", "21=5/-1", "²1=5/5", "21=1234567/9"])
def test_a_budget_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="PROFESSION=HOUR/DAY"):
        read_professions(text)


def test_the_budgets_that_come_with_the_program_stop_an_account_before_200_patients() -> None:
    hours = [one.hour for one in settings.ESPACE_BUDGETS.professions.values()]
    assert (settings.ESPACE_BUDGET_HOUR, max(hours)) == (60, 90)


def test_numbers_of_one_row_begin_alike() -> None:
    assert stem_of_number("285037510812345") == stem_of_number("285037510899999") == "2850375108"
    assert stem_of_number("285037510912345") == "2850375109"
    assert stem_of_number("") == stem_of_number("2850375108") == ""


# --- in the database ---------------------------------------------------------------------------------------------


def spend(who: Actor, name: str, *, number: str = "", at: datetime = AT) -> Whose | None:
    return access.spend(actor=who, name=name, number=number, at=at)


def kinds(who: Professional | None = None, of: Organisation | None = None) -> list[AlertKind]:
    wanted = {who.id if who else None, of.id if of else None} - {None}
    return [one.kind for one in open_alerts() if {one.professional, one.organisation} & wanted]


@pytest.mark.django_db
def test_the_account_of_a_pharmacist_opens_what_pharmacists_may(settings: Any) -> None:
    settings.ESPACE_BUDGET_HOUR = 1
    settings.ESPACE_BUDGETS = replace(FREE, professions={"21": Budget(2, 9)})
    found = {}
    for profession in ("10", "21"):
        who = caring(professional(profession=profession))
        found[profession] = [spend(who, name) for name in ("one", "two", "three")]
    assert found == {
        "10": [None, Whose.ACCOUNT, Whose.ACCOUNT],
        "21": [None, None, Whose.ACCOUNT],
    }


def records(who: Professional, of: Holder, *, at: datetime = AT) -> str:
    try:
        consents(of, who, at=at)
    except Refused as refusal:
        return refusal.reason.code
    return "recorded"


def reads(who: Professional, of: Holder, *, verb: Verb = Verb.READ, at: datetime = AT) -> str:
    found = Found(ins=of.ins.number)
    try:
        with gate.open_record(
            actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=verb, at=at, found=found
        ) as grant:
            return grant.reason.code
    except Refused as refusal:
        return refusal.reason.code


@pytest.mark.usefixtures("db")
def test_beyond_the_budget_of_an_organisation_nobody_there_makes_a_new_link(settings: Any) -> None:
    settings.ESPACE_BUDGETS = replace(FREE, organisation=Budget(2, 100))
    house, elsewhere = organisation(), professional("Le Bris", "Yann")
    anne, lise = professional(at=house), professional("Roux", "Lise", at=house)
    linked, fresh, named = holder(), holder(), holder()
    names_doctor(named, lise)
    assert [records(anne, one) for one in (linked, holder(), fresh)] == ["recorded", "recorded", "organisation_frozen"]
    assert records(lise, fresh) == "organisation_frozen"
    assert records(elsewhere, fresh) == "recorded"
    assert [reads(anne, linked), reads(lise, named)] == ["consent_in_force", "attending_doctor"]
    assert [reads(lise, fresh), reads(lise, fresh, verb=Verb.STATUS)] == ["consent_missing", "space_status"]
    assert records(lise, linked) == "organisation_frozen"
    assert kinds(of=house) == [AlertKind.ORGANISATION]
    later = AT + timedelta(hours=2)
    assert records(lise, fresh, at=later) == "recorded"


@pytest.mark.usefixtures("db")
def test_beyond_the_budget_of_the_country_emergencies_go_on_and_count(settings: Any) -> None:
    settings.ESPACE_BUDGETS = replace(FREE, country=Budget(0, 0))
    settings.ESPACE_BUDGET_HOUR = 2
    anne, fresh, other = professional(), holder(), holder()
    assert records(anne, fresh) == "country_frozen"
    with gate.open_record(
        actor=caring(anne), patient=fresh.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=AT
    ) as grant:
        access.break_glass(grant, cause=Cause.UNCONSCIOUS, words="Trouvée inconsciente")
    assert reads(anne, fresh) == "glass_in_force"
    assert AlertKind.COUNTRY in [one.kind for one in open_alerts()]
    assert records(anne, other) == "country_frozen"
    assert reads(anne, holder(), verb=Verb.STATUS) == "account_frozen"


@pytest.mark.usefixtures("db")
def test_an_ins_of_nobody_is_answered_alike_with_a_brake_and_without(settings: Any) -> None:
    anne = caring(professional())
    for country in (FREE.country, Budget(0, 0)):
        settings.ESPACE_BUDGETS = replace(FREE, country=country)
        assert asks_about_nobody(anne, fresh_ins().number) == "space_unknown"


@pytest.mark.django_db
def test_the_hour_of_an_organisation_slides() -> None:
    """Of the clock's hour before, the part that is still within an hour counts."""
    house = uuid4()
    first = datetime(2026, 3, 4, 9, 50, tzinfo=UTC)
    with connection.cursor() as cursor:
        for hour, count in ((9, 60), (10, 3)):
            cursor.execute(
                "INSERT INTO access_tally (scope, hour, shard, count) VALUES (%s, %s, 0, %s)",
                [house, first.replace(hour=hour, minute=0), count],
            )
    who = Actor(ActorKind.PROFESSIONAL, uuid4(), "Anne Morel", organisation=house)
    found = spent_lately(who, b"", b"", datetime(2026, 3, 4, 10, 15, tzinfo=UTC))
    assert found.organisation == Budget(3 + 45, 63)
    assert spent_lately(who, b"", b"", datetime(2026, 3, 5, 9, 30, tzinfo=UTC)).organisation == Budget(0, 3)
    put_back = spent_lately(who, b"", b"", datetime(2026, 3, 4, 9, 15, tzinfo=UTC))
    assert put_back.organisation == Budget(63, 63)  # a clock that is put back gives nobody room


@pytest.mark.django_db
def test_what_counting_costs() -> None:
    """Nothing more than to see that the patient was opened within the hour; of a first opening, one row and two counts
    in one statement."""
    who, found = caring(professional()), []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as said:
            assert spend(who, "a patient", number="285037510812345") is None
        found.append([query["sql"].split()[0] for query in said.captured_queries])
    first, again = found
    assert again == ["SELECT"]
    assert [word for word in first if word not in ("BEGIN", "COMMIT", "SET")] == [
        "SELECT", "SELECT", "WITH", "DELETE", "WITH",
    ]  # fmt: skip


# --- what an operator is told ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_frozen_account_is_one_alert_however_often_it_tries(settings: Any) -> None:
    settings.ESPACE_BUDGET_HOUR = 1
    who = professional()
    actor = caring(who)
    for seconds in range(5):
        spend(actor, f"patient {seconds}", at=AT + timedelta(seconds=seconds))
    [alert] = [one for one in open_alerts() if one.professional == who.id]
    assert (alert.kind, alert.organisation, alert.count, alert.reference) == (
        AlertKind.FROZEN, actor.organisation, 1, "",
    )  # fmt: skip
    spend(actor, "again", at=AT + timedelta(minutes=2))
    assert [one.count for one in open_alerts() if one.professional == who.id] == [2]


@pytest.mark.django_db
def test_numbers_that_follow_each_other_are_an_alert_and_those_of_everybody_are_none() -> None:
    walker, doctor = professional(), professional()
    for step in range(12):
        at = AT + timedelta(minutes=4 * step)
        spend(caring(walker), f"walked {step}", number=f"2850375108{step:03d}00", at=at)
        spend(caring(doctor), f"seen {step}", number=f"28503{step:02d}108{step:03d}00", at=at)
    assert kinds(walker) == [AlertKind.IN_A_ROW]
    assert kinds(doctor) == []


@pytest.mark.usefixtures("db")
def test_an_emergency_is_reviewed_and_its_patient_is_a_reference() -> None:
    anne, lise, camille, paul = professional(), professional("Roux", "Lise"), holder(), holder()
    for who, of in ((anne, camille), (lise, camille), (anne, paul)):
        with gate.open_record(
            actor=caring(who), patient=of.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=AT
        ) as grant:
            access.break_glass(grant, cause=Cause.UNCONSCIOUS, words="Trouvée inconsciente")
    ours = [one for one in open_alerts() if one.professional in (anne.id, lise.id)]
    assert {one.kind for one in ours} == {AlertKind.EMERGENCY}
    references = {one.professional: set() for one in ours}
    for one in ours:
        references[one.professional].add(one.reference)
    assert (len(references[anne.id]), len(references[lise.id])) == (2, 1)
    assert references[lise.id] < references[anne.id]
    assert camille.patient.hex[:12] not in references[anne.id]


@pytest.mark.usefixtures("db")
def test_patients_whom_a_consent_of_ones_own_alone_explains_are_counted() -> None:
    anne, lise, known = professional(), professional("Roux", "Lise"), holder()
    names_doctor(known, lise)
    names_doctor(known, None)
    for of in (holder(), holder()):
        consents(of, anne)
        consents(of, anne, at=AT + timedelta(minutes=1))
    reads(anne, holder())
    consents(known, lise)
    assert opened_lately(anne.id, AT) == Lately(3, 3, 2)
    assert opened_lately(lise.id, AT) == Lately(1, 1, 0)
    assert opened_lately(anne.id, AT + timedelta(hours=5)) == Lately(0, 3, 2)


@pytest.mark.usefixtures("db")
def test_an_account_that_lets_itself_in_to_half_of_its_day_is_an_alert_however_slowly(settings: Any) -> None:
    settings.ESPACE_BUDGET_DAY = 6
    slow, doctor = professional(), professional("Roux", "Lise")
    for turn in range(3):
        at, one, own = AT + timedelta(hours=2 * turn), holder(), holder()
        consents(one, slow, at=at)
        names_doctor(own, doctor, at=at)
        reads(doctor, own, at=at)
        assert kinds(slow) == ([AlertKind.UNEXPLAINED] if turn == 2 else [])
    assert kinds(doctor) == []
