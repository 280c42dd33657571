"""What the decision stands on, rule by rule, near-miss by near-miss: terms, relations, grounds, who is told, what is
counted. No database: these are tests that the mutants of the rules meet (`./espace check --mutants access`)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from espace.access.facts import (
    Alert,
    AlertKind,
    Budget,
    Cause,
    Consent,
    Glass,
    How,
    Membership,
    Relation,
    Spent,
    Standing,
    Telling,
    Whose,
)
from espace.access.rules import (
    closed_because,
    end_of_emergency,
    end_of_visit,
    frozen_by,
    gift_allowed,
    glass_standing,
    known_to_helpers,
    lasting,
    may_read,
    named,
    refused_member,
    standing,
    term_allowed,
    words_of,
)
from espace.access.rules.alerting import ranked, same_person, words_told
from espace.access.rules.budgets import account_has_room, read_professions, stem_of_number
from espace.access.rules.entitlements import (
    DENTISTS_SAY,
    NURSES_SAY,
    PACKAGED,
    PACKAGED_FOR,
    PLACEHOLDER,
    Cell,
    _cells,
    _codes,
    entitled,
)
from espace.access.rules.grounds import grounds_of
from espace.access.rules.guessing import may_guess
from espace.access.rules.teams import leaving_with
from espace.access.rules.telling import is_reading, told_on, untold
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care, emergency, teams
from espace.kernel.reasons import decisions as reasons
from espace.kernel.seal import SEAL
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Grant, Kinds, Purpose, Sight, Verb
from espace.trace.facts import Audience

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
INSTANT, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
ANNE = Relation(UUID(int=1), "Anne Morel", "10")
TEAM = UUID(int=99)


def consent(until: datetime | None, *, at: datetime = AT) -> Consent:
    return Consent(How.ORAL, at, until)


def member(number: int, *, adder: int | None = None, recorder: int = 50, until: datetime = AT + HOUR) -> Relation:
    by = None if adder is None else UUID(int=adder)
    place = Membership(TEAM, consent(until), UUID(int=recorder), "Zoé", AT, adder=by)
    return Relation(UUID(int=number), f"Person {number}", "60", team=place)


# --- terms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "term", "gift"),
    [
        (AT, False, False),
        (AT + INSTANT, True, True),
        (AT + 366 * DAY, True, True),
        (AT + 366 * DAY + INSTANT, False, True),
        (AT + 3660 * DAY, False, True),
        (AT + 3660 * DAY + INSTANT, False, False),
    ],
)
def test_how_long_a_consent_may_be_given_for(until: datetime, term: bool, gift: bool) -> None:
    assert term_allowed(at=AT, until=until) is term
    assert gift_allowed(at=AT, until=until) is gift


def test_only_holders_give_for_good_and_a_visit_ends_the_same_day() -> None:
    assert gift_allowed(at=AT, until=None)
    assert (end_of_visit(AT) - AT, end_of_emergency(AT) - AT) == (12 * HOUR, 4 * HOUR)


@pytest.mark.parametrize(
    ("known", "is_"),
    [
        (None, Standing.NONE),
        (consent(None), Standing.IN_FORCE),
        (consent(None, at=AT + INSTANT), Standing.LAPSED),
        (consent(AT), Standing.LAPSED),
        (consent(AT + INSTANT), Standing.IN_FORCE),
        (consent(AT + DAY, at=AT + HOUR), Standing.LAPSED),
    ],
)
def test_a_consent_is_in_force_from_its_first_instant_to_before_its_last(known: Consent | None, is_: Standing) -> None:
    assert standing(known, AT) is is_


@pytest.mark.parametrize(
    ("known", "new", "first"),
    [
        (None, None, True),
        (None, AT + DAY, True),
        (AT + DAY, None, False),
        (AT + DAY, AT + DAY, True),
        (AT + DAY, AT + DAY - INSTANT, True),
        (AT + DAY, AT + DAY + INSTANT, False),
        (AT, AT - DAY, False),
    ],
)
def test_of_two_consents_the_one_that_ends_last_holds(known: datetime, new: datetime, first: bool) -> None:
    one, other = Consent(How.WRITTEN, AT, known), consent(new)
    assert lasting(one, other) is (one if first else other)


@pytest.mark.parametrize(("at", "is_"), [(-INSTANT, Standing.LAPSED), (timedelta(), Standing.IN_FORCE),
                                         (HOUR - INSTANT, Standing.IN_FORCE), (HOUR, Standing.LAPSED)])  # fmt: skip
def test_an_emergency_lasts_from_its_first_instant_to_before_its_last(at: timedelta, is_: Standing) -> None:
    assert glass_standing(Glass(Cause.CALL, "", AT, AT + HOUR), AT + at) is is_
    assert glass_standing(None, AT) is Standing.NONE


# --- relations ----------------------------------------------------------------------------------------------

OPEN, OVER = consent(AT + HOUR), consent(AT)
GLASS = Glass(Cause.CONFUSED, "", AT, AT + HOUR)
CALL = replace(GLASS, dispatch=True)


@pytest.mark.parametrize(
    ("known", "usual", "in_secret", "regulator"),
    [
        (ANNE, False, False, False),
        (replace(ANNE, consent=OPEN), True, True, True),
        (replace(ANNE, consent=OVER), False, False, False),
        (replace(ANNE, team=member(1).team), True, True, True),
        (replace(ANNE, team=member(1, until=AT).team), False, False, False),
        (replace(ANNE, secret=OPEN), False, True, False),
        (replace(ANNE, secret=OVER), False, False, False),
        (replace(ANNE, attending=True), True, True, True),
        (replace(ANNE, attending=True, profession="60"), False, False, False),
        (replace(ANNE, administrator_since=AT), True, True, True),
        (replace(ANNE, administrator_since=AT, profession="60"), True, True, True),
        (replace(ANNE, administrator_since=AT, profession="35"), False, False, False),
        (replace(ANNE, glass=GLASS), True, True, True),
        (replace(ANNE, glass=CALL), False, False, True),
        (replace(ANNE, glass=CALL, consent=OPEN), True, True, True),
        (replace(ANNE, glass=CALL, blocked_at=AT), False, False, True),
        (replace(ANNE, glass=GLASS, blocked_at=AT), False, False, False),
        (replace(ANNE, glass=replace(CALL, until=AT)), False, False, False),
        (replace(ANNE, consent=OPEN, blocked_at=AT), False, False, False),
        (replace(ANNE, secret=OPEN, blocked_at=AT), False, False, False),
    ],
)
def test_what_opens_a_record(known: Relation, usual: bool, in_secret: bool, regulator: bool) -> None:
    assert may_read(known, AT, regulates=False) is usual
    assert may_read(known, AT, regulates=False, secret=True) is in_secret
    assert may_read(known, AT, regulates=True) is regulator


@pytest.mark.parametrize(
    ("known", "regulates", "reason"),
    [
        (ANNE, False, care.CONSENT_MISSING),
        (replace(ANNE, consent=OVER), False, care.CONSENT_LAPSED),
        (replace(ANNE, team=member(1, until=AT).team), False, care.CONSENT_LAPSED),
        (replace(ANNE, consent=OPEN, blocked_at=AT), False, care.PROFESSIONAL_BLOCKED),
        (replace(ANNE, glass=CALL), False, emergency.NOT_A_REGULATOR),
        (replace(ANNE, glass=CALL), True, None),
        (replace(ANNE, glass=replace(CALL, until=AT)), True, emergency.GLASS_ENDED),
        (replace(ANNE, glass=replace(GLASS, until=AT)), False, emergency.GLASS_ENDED),
        (replace(ANNE, consent=OPEN), False, None),
    ],
)
def test_why_a_record_is_closed(known: Relation, regulates: bool, reason: object) -> None:
    assert closed_because(known, AT, regulates=regulates) is reason


def test_what_was_born_in_secret_is_not_known_to_helpers() -> None:
    assert known_to_helpers(replace(ANNE, secret=OPEN, secret_only=True)) is None
    assert known_to_helpers(replace(ANNE, consent=OPEN, secret=OVER)) == replace(ANNE, consent=OPEN)
    assert not named(ANNE)


def test_whose_budget_is_spent_is_said() -> None:
    assert {one: frozen_by(one) for one in Whose} == {
        Whose.ACCOUNT: care.ACCOUNT_FROZEN,
        Whose.ORGANISATION: care.ORGANISATION_FROZEN,
        Whose.COUNTRY: care.COUNTRY_FROZEN,
    }


# --- teams --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "active", "reason"),
    [
        (ANNE, True, None),
        (ANNE, False, care.PROFESSIONAL_UNKNOWN),
        (replace(ANNE, profession="35"), True, teams.NOT_A_HEALTH_PROFESSION),
        (replace(ANNE, profession="41"), True, teams.NOT_A_HEALTH_PROFESSION),
        (replace(ANNE, profession="00"), True, teams.NOT_A_HEALTH_PROFESSION),
        (replace(ANNE, blocked_at=AT), True, teams.MEMBER_BLOCKED),
        (member(1), True, teams.MEMBER_REFUSED),
        (member(1, until=AT), True, None),
    ],
)
def test_who_cannot_join_another_team(known: Relation, active: bool, reason: object) -> None:
    assert refused_member(known, UUID(int=98), AT, active=active) is reason


def test_a_member_of_the_same_team_is_not_refused() -> None:
    assert refused_member(member(1), TEAM, AT, active=True) is None


def test_a_block_takes_a_whole_line_of_adders_and_nobody_beside_it() -> None:
    known = [ANNE, member(2), member(3, adder=2), member(4, adder=3), member(5), member(6, adder=5), member(7, adder=4)]
    assert leaving_with(UUID(int=2), known) == {UUID(int=one) for one in (3, 4, 7)}
    assert leaving_with(UUID(int=7), known) == frozenset()
    assert leaving_with(UUID(int=50), known) == {UUID(int=one) for one in (2, 3, 4, 5, 6, 7)}
    assert leaving_with(UUID(int=1), [*known, member(8, recorder=51), member(9, adder=1, recorder=51)]) == {
        UUID(int=9)
    }


# --- grounds ------------------------------------------------------------------------------------------------

SAID = {"profession": "60", "masked": "hidden"}
GIVEN = {"how": "oral", "given": "2026-03-04T09:30:00+00:00"}
UNTIL = {"until": "2026-03-04T10:30:00+00:00"}
LINKED = replace(
    ANNE, consent=OPEN, secret=Consent(How.WRITTEN, AT, None), team=member(1).team, glass=replace(GLASS, words="falls")
)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (care.CONSENT_IN_FORCE, GIVEN | UNTIL),
        (care.SECRET_CONSENT, {"how": "written", "given": GIVEN["given"]}),
        (teams.TEAM_CONSENT, GIVEN | UNTIL | {"recorder": "Zoé"}),
        (emergency.GLASS_IN_FORCE, {"words": "falls", "given": GIVEN["given"], **UNTIL}),
        (emergency.DISPATCH_IN_FORCE, {"words": "falls", "given": GIVEN["given"], **UNTIL}),
        (care.ATTENDING_DOCTOR, {}),
        (teams.ADMINISTRATOR, {}),
    ],
)
def test_a_line_keeps_what_a_reading_stood_on(reason: reasons.Reason, said: dict[str, str]) -> None:
    assert grounds_of(reason.code, LINKED, profession="60", sight=Sight()) == SAID | said
    assert grounds_of(reason.code, None, profession="60", sight=Sight()) == SAID
    assert grounds_of(reason.code, ANNE, profession="60", sight=Sight(masked=True)) == SAID | {"masked": "shown"}


# --- who is told --------------------------------------------------------------------------------------------


def grant(kind: ActorKind, purpose: Purpose, verb: Verb) -> Grant:
    actor = Actor(kind, UUID(int=1), "Anne", patient=None)
    return Grant(SEAL, PatientId(UUID(int=2)), actor, purpose, verb, care.CONSENT_IN_FORCE, AT)


def test_a_reading_is_a_professionals_for_care() -> None:
    reading = {
        (kind, purpose, verb)
        for kind in ActorKind for purpose in Purpose for verb in Verb if is_reading(grant(kind, purpose, verb))
    }  # fmt: skip
    assert reading == {
        (ActorKind.PROFESSIONAL, Purpose.CARE, verb) for verb in (Verb.LIST, Verb.READ, Verb.DOWNLOAD)
    }


def test_each_is_told_once_a_day() -> None:
    today = date(2026, 3, 4)
    told = Telling(holder=today, representatives=date(2026, 3, 3))
    assert untold(Telling(), today) == set(Audience)
    assert untold(told, today) == {Audience.REPRESENTATIVES}
    assert untold(Telling(today, today), today) == frozenset()
    assert untold(Telling(holder=date(2026, 3, 5), representatives=today), today) == frozenset()
    assert told_on(told, frozenset({Audience.REPRESENTATIVES}), today) == Telling(today, today)
    assert told_on(told, frozenset(), date(2026, 4, 1)) == told


# --- counting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "day", "now", "may"),
    [(0, 0, 0, True), (4, 9, 9, True), (5, 9, 9, False), (4, 10, 9, False), (4, 9, 10, False)],
)
def test_how_often_one_may_guess(hour: int, day: int, now: int, may: bool) -> None:
    assert may_guess(wrong_hour=hour, wrong_day=day, at_once=now) is may


def test_the_patient_of_today_costs_the_day_nothing_and_the_hour_all_the_same() -> None:
    most = Budget(6, 30)
    assert account_has_room(Spent(hour=5, day=30, today=True), most)
    assert not account_has_room(Spent(hour=6, day=0, today=True), most)
    assert not account_has_room(Spent(hour=5, day=30), most)


@pytest.mark.parametrize(
    "one",
    ["21", "2=1/2", "211=1/2", "21=1", "21=1/", "21=/1", "21=0/1", "21=1/0", "21=1/x", "21=x/1", "21=1/1234567",
     "21=1234567/1", "²²=1/1", "21=²/1", "21=1/²", "21=1/2/3", "=1/2", "21=-1/2"],
)  # fmt: skip
def test_a_budget_that_is_none_is_said(one: str) -> None:
    with pytest.raises(ValueError, match="is not") as caught:
        read_professions(f"60=1/2,{one}")
    assert str(caught.value) == f"{one!r} is not PROFESSION=HOUR/DAY, as in 21=90/500"


def test_budgets_have_at_most_six_digits_and_a_long_mistake_is_cut() -> None:
    assert read_professions("21=123456/654321") == {"21": Budget(123_456, 654_321)}
    assert read_professions("21=1/1,,21=2/2") == {"21": Budget(2, 2)}
    with pytest.raises(ValueError, match=r"^'x{40}' is not"):
        read_professions("x" * 41)
    assert stem_of_number("12345678901") == "1234567890"


def alert(kind: AlertKind, number: int, *, count: int = 1, at: datetime = AT, of: int | None = None) -> Alert:
    organisation = None if of is None else UUID(int=of)
    return Alert(UUID(int=number), kind, None, organisation, "", at, AT, count)


def test_alerts_are_ranked_by_kind_then_count_then_age_then_id() -> None:
    last = alert(AlertKind.EMERGENCY, 1, count=9)
    often, old = alert(AlertKind.FROZEN, 8, count=2), alert(AlertKind.FROZEN, 9, at=AT - HOUR)
    one, other, first = alert(AlertKind.FROZEN, 2), alert(AlertKind.FROZEN, 3), alert(AlertKind.COUNTRY, 7)
    assert ranked([last, other, one, old, often, first]) == (first, often, old, one, other, last)


def test_an_organisation_shows_ten_and_there_are_fifty() -> None:
    of_one = [alert(AlertKind.FROZEN, number, of=1) for number in range(1, 12)]
    of_none = [alert(AlertKind.BURST, number) for number in range(100, 160)]
    found = ranked([*of_one, *of_none])
    assert found == (*of_one[:10], *of_none[:40])
    assert ranked([*of_one, alert(AlertKind.FROZEN, 12, of=2)], most=99)[-1].organisation == UUID(int=2)


def test_two_names_are_one_whatever_their_case_and_blanks() -> None:
    for one, other in ((" Zoé  FERRAND", "zoéferrand\t"), ("ab", "A B"), ("Straße", "STRASSE")):
        assert same_person(one, other)
    assert not same_person("Zoé Ferrand", "Zoé Ferrant") and not same_person("", "Zoé")


def test_words_are_one_bounded_line() -> None:
    assert words_told(" a\n\tb\x00c  d ") == "a b c d"
    assert words_told("a" * 1001) == "a" * 1000
    assert words_of("x" * 301) == "x" * 300 and words_of(" a\nb\x1bc ") == "a b c"
    assert [words_of(text) for text in ("ab", "12 3", "a b 1", "abc")] == ["", "", "", "abc"]


# --- entitlements -------------------------------------------------------------------------------------------


def test_the_packaged_matrix_is_what_its_rules_make() -> None:
    assert tuple(_cells()) == PACKAGED
    assert {one.profession: entitled(one.profession, PACKAGED) for one in PACKAGED} == PACKAGED_FOR
    assert _codes(" a  b\na ") == {"a", "b"}
    sources = {(one.profession, one.source) for one in _cells()}
    assert {source for _, source in sources} == {
        PLACEHOLDER, f"{DENTISTS_SAY} (reading)", f"{NURSES_SAY} (reading)",
    }  # fmt: skip


def test_who_is_entitled_to_what() -> None:
    cells = [
        Cell("10", "a", read=True, write=True), Cell("10", "b", read=False, write=False),
        Cell("60", "a", read=True, write=False), Cell("60", "b", read=False, write=True),
    ]  # fmt: skip
    assert entitled("10", cells) == (Kinds(frozenset("b"), others=True), Kinds(frozenset("a")))
    assert entitled("60", cells) == (Kinds(frozenset("a")), Kinds(frozenset("b")))
    assert entitled("70", cells) == (Kinds(), Kinds())
